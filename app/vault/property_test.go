package vault_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

var part = rapid.StringOfN(rapid.RuneFrom([]rune("ab-_0/\x00é")), 1, 12, 40)

func location(t *rapid.T) vault.Location {
	return vault.Location{Database: part.Draw(t, "database"), Collection: part.Draw(t, "collection"), Record: part.Draw(t, "record"), Field: part.Draw(t, "field")}
}

func TestOpenReturnsTheSealedValue(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	testseed.Check(t, func(t *rapid.T) {
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

func TestEveryChangedBitIsDetected(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	key, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)
	for _, plain := range []string{"", "a", "ab", "abc", "a longer secret"} {
		sealed, err := key.Seal(secretField, []byte(plain))
		require.NoError(t, err)
		flipEachBit(sealed, func(changed string) {
			_, err := key.Open(secretField, changed)
			assert.ErrorIs(t, err, vault.ErrCorrupt)
		})
	}
	flipEachBit(wrapped, func(changed string) {
		_, err := v.Unwrap(database, changed)
		assert.Error(t, err)
		// A changed key id is reported as unknown.
		if changed[:11] == wrapped[:11] {
			assert.ErrorIs(t, err, vault.ErrCorrupt)
		}
	})
}

func flipEachBit(text string, try func(changed string)) {
	for i := range len(text) {
		for bit := range 8 {
			raw := []byte(text)
			raw[i] ^= 1 << bit
			try(string(raw))
		}
	}
}

func TestValuesOpenOnlyAtTheirLocation(t *testing.T) {
	t.Parallel()
	key, _, err := open(t, master()).NewDataKey(database)
	require.NoError(t, err)
	testseed.Check(t, func(t *rapid.T) {
		here, there := location(t), location(t)
		// Some locations differ only in the boundary between two parts.
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

func TestEachPartOfALocationIsAuthenticated(t *testing.T) {
	t.Parallel()
	key, _, err := open(t, master()).NewDataKey(database)
	require.NoError(t, err)
	sealed, err := key.Seal(secretField, []byte("secret"))
	require.NoError(t, err)
	for _, move := range []func(*vault.Location){
		func(at *vault.Location) { at.Database += "x" },
		func(at *vault.Location) { at.Collection += "x" },
		func(at *vault.Location) { at.Record += "x" },
		func(at *vault.Location) { at.Field += "x" },
		func(at *vault.Location) { at.Record, at.Field = at.Field, at.Record },
		func(at *vault.Location) { at.Field = strings.ToUpper(at.Field) },
	} {
		there := secretField
		move(&there)
		_, err := key.Open(there, sealed)
		assert.ErrorIs(t, err, vault.ErrCorrupt)
	}
}

// Neither the wrapped key of a database nor a value sealed with it can be used in another database.
func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	testseed.Check(t, func(t *rapid.T) {
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		keyA, wrappedA, err := v.NewDataKey(a)
		require.NoError(t, err)
		keyB, wrappedB, err := v.NewDataKey(b)
		require.NoError(t, err)
		sealed, err := keyA.Seal(secretField, []byte("secret"))
		require.NoError(t, err)
		_, err = keyB.Open(secretField, sealed)
		require.ErrorIs(t, err, vault.ErrCorrupt)
		if a != b {
			_, err = v.Unwrap(b, wrappedA)
			require.ErrorIs(t, err, vault.ErrCorrupt)
			_, err = v.Unwrap(a, wrappedB)
			require.ErrorIs(t, err, vault.ErrCorrupt)
		}
		_, err = keyA.Open(secretField, wrappedA)
		require.ErrorIs(t, err, vault.ErrCorrupt)
	})
}

func FuzzOpen(f *testing.F) {
	// The values are fixed, because every fuzzing process must start with the same ones.
	key, err := open(f, goldenMaster).Unwrap(database, goldenWrapped)
	require.NoError(f, err)
	sealed := goldenSealed
	for _, seed := range []string{"", "v1.", sealed, sealed[:20], sealed + "\n", "v2" + sealed[2:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := key.Open(secretField, text)
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
		require.False(t, strings.HasPrefix(text, "v1."+v.KeyID()+"."), "the id of the configured key is known")
	})
}
