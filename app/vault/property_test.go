package vault_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

var part = rapid.StringOfN(rapid.RuneFrom([]rune("ab-_0/\x00é")), 1, 12, 40)

func location(t *rapid.T) vault.Location {
	return vault.Location{Database: part.Draw(t, "database"), Collection: part.Draw(t, "collection"), Record: part.Draw(t, "record"), Field: part.Draw(t, "field")}
}

func TestRoundTripProperty(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	rapid.Check(t, func(t *rapid.T) {
		at, plain := location(t), rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plaintext")
		key, wrapped, err := v.NewDataKey(at.Database)
		require.NoError(t, err)
		sealed, err := key.Seal(at, plain)
		require.NoError(t, err)
		again, err := v.Unwrap(at.Database, wrapped)
		require.NoError(t, err)
		got, err := again.Open(at, sealed)
		require.NoError(t, err)
		require.Equal(t, string(plain), string(got))
	})
}

// Every single bit counts, in the text as in what it encodes.
func TestEveryBitCounts(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	key, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)
	for _, plain := range []string{"", "a", "ab", "abc", "a longer secret"} {
		sealed, err := key.Seal(place, []byte(plain))
		require.NoError(t, err)
		flips(sealed, func(changed string) {
			_, err := key.Open(place, changed)
			assert.ErrorIs(t, err, vault.ErrCorrupt)
		})
	}
	flips(wrapped, func(changed string) {
		_, err := v.Unwrap(database, changed)
		assert.Error(t, err)
		// The key id itself may become that of another key.
		if changed[:11] == wrapped[:11] {
			assert.ErrorIs(t, err, vault.ErrCorrupt)
		}
	})
}

func flips(text string, try func(changed string)) {
	for i := range len(text) {
		for bit := range 8 {
			raw := []byte(text)
			raw[i] ^= 1 << bit
			try(string(raw))
		}
	}
}

func TestEveryPlaceCountsProperty(t *testing.T) {
	t.Parallel()
	key, _, err := open(t, master()).NewDataKey(database)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		here, there := location(t), location(t)
		// Also places that differ only in where one part ends.
		if rapid.Bool().Draw(t, "shift") {
			there = here
			there.Record, there.Field = here.Record+here.Field[:1], here.Field[1:]
		}
		if here == there {
			return
		}
		sealed, err := key.Seal(here, []byte("secret"))
		require.NoError(t, err)
		_, err = key.Open(there, sealed)
		require.ErrorIs(t, err, vault.ErrCorrupt)
		_, err = key.Open(here, sealed)
		require.NoError(t, err)
	})
}

func TestEachPartOfAPlaceCounts(t *testing.T) {
	t.Parallel()
	key, _, err := open(t, master()).NewDataKey(database)
	require.NoError(t, err)
	sealed, err := key.Seal(place, []byte("secret"))
	require.NoError(t, err)
	for _, move := range []func(*vault.Location){
		func(at *vault.Location) { at.Database += "x" },
		func(at *vault.Location) { at.Collection += "x" },
		func(at *vault.Location) { at.Record += "x" },
		func(at *vault.Location) { at.Field += "x" },
		func(at *vault.Location) { at.Record, at.Field = at.Field, at.Record },
		func(at *vault.Location) { at.Field = strings.ToUpper(at.Field) },
	} {
		there := place
		move(&there)
		_, err := key.Open(there, sealed)
		assert.ErrorIs(t, err, vault.ErrCorrupt)
	}
}

// What belongs to one database opens nowhere in another: neither the wrapped key
// nor, with the other's key, a value.
func TestDatabasesApartProperty(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	rapid.Check(t, func(t *rapid.T) {
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		keyA, wrappedA, err := v.NewDataKey(a)
		require.NoError(t, err)
		keyB, wrappedB, err := v.NewDataKey(b)
		require.NoError(t, err)
		sealed, err := keyA.Seal(place, []byte("secret"))
		require.NoError(t, err)
		_, err = keyB.Open(place, sealed)
		require.ErrorIs(t, err, vault.ErrCorrupt)
		if a != b {
			_, err = v.Unwrap(b, wrappedA)
			require.ErrorIs(t, err, vault.ErrCorrupt)
			_, err = v.Unwrap(a, wrappedB)
			require.ErrorIs(t, err, vault.ErrCorrupt)
		}
		_, err = keyA.Open(place, wrappedA)
		require.ErrorIs(t, err, vault.ErrCorrupt)
	})
}

func FuzzOpen(f *testing.F) {
	// Fixed, because every fuzzing process starts here anew.
	key, err := open(f, goldenMaster).Unwrap(database, goldenWrapped)
	require.NoError(f, err)
	sealed := goldenSealed
	for _, seed := range []string{"", "v1.", sealed, sealed[:20], sealed + "\n", "v2" + sealed[2:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := key.Open(place, text)
		if text == sealed {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, vault.ErrCorrupt)
		require.Nil(t, plain)
	})
}

func FuzzUnwrap(f *testing.F) {
	v, wrapped := open(f, goldenMaster), goldenWrapped
	for _, seed := range []string{"", "v1.", "v1..", wrapped, wrapped[:11], wrapped + "\r", "v1.00000000." + wrapped[12:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := v.Unwrap(database, text)
		if text == wrapped {
			require.NoError(t, err)
			return
		}
		require.Nil(t, key)
		if !errors.Is(err, vault.ErrKeyUnknown) {
			require.ErrorIs(t, err, vault.ErrCorrupt)
			return
		}
		require.False(t, strings.HasPrefix(text, "v1."+v.KeyID()+"."), "our own key is known")
	})
}
