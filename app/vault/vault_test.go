package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
)

const database = "2024-01-15-001-johndoe"

var secretField = vault.Location{Database: database, Collection: "connections", Record: "abcdefghijklmno", Field: "secret"}

// The golden texts are in format version 1, which every release must be able to open.
var goldenMaster = bytes.Repeat([]byte{7}, vault.KeySize)

const (
	goldenWrapped = "v1.216cddf0.TnvD7BYcXzyE0C5VAw_NmArZGBGk5yXey8mtay2G02R-SjGW3yS1Kx-s67M0qUXSucyWM-iDrLgIC19U"
	goldenSealed  = "v1.-w0Kog-Al9KdGC19accffxV_SQFz-W_0vLizr01JE-IlKA"
)

func master() []byte {
	key := make([]byte, vault.KeySize)
	rand.Read(key)
	return key
}

func open(t testing.TB, current []byte, previous ...[]byte) *vault.Vault {
	t.Helper()
	v, err := vault.New(current, previous...)
	require.NoError(t, err)
	return v
}

func TestNewChecksKeysAndDerivesTheirIDs(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 16, 31, 33} {
		_, err := vault.New(make([]byte, n))
		require.Error(t, err, n)
		_, err = vault.New(master(), make([]byte, n))
		require.ErrorContains(t, err, "master key 2")
	}
	a, b := master(), master()
	assert.Regexp(t, `^[0-9a-f]{8}$`, open(t, a).KeyID())
	assert.Equal(t, open(t, a).KeyID(), open(t, a, b, a).KeyID(), "a repeated key is ignored")
	assert.NotEqual(t, open(t, a).KeyID(), open(t, b).KeyID())

	// A changed id would make every wrapped key unknown.
	assert.Equal(t, "216cddf0", open(t, goldenMaster).KeyID())
}

func TestMasterKeysAreCopied(t *testing.T) {
	t.Parallel()
	key := master()
	v := open(t, key)
	_, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)
	kept := bytes.Clone(key)
	clear(key)
	_, err = open(t, kept).Unwrap(database, wrapped)
	require.NoError(t, err)
	_, err = v.Unwrap(database, wrapped)
	require.NoError(t, err)
}

func TestFormatOfWrappedKeysAndSealedValues(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	key, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)
	assert.Regexp(t, `^v1\.`+v.KeyID()+`\.[A-Za-z0-9_-]{80}$`, wrapped)

	sealed, err := key.Seal(secretField, []byte("api key"))
	require.NoError(t, err)
	assert.Regexp(t, `^v1\.[A-Za-z0-9_-]+$`, sealed)
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(sealed, "v1."))
	require.NoError(t, err)
	assert.Len(t, raw, 12+len("api key")+16)

	again, err := key.Seal(secretField, []byte("api key"))
	require.NoError(t, err)
	assert.NotEqual(t, sealed, again, "each value has a new nonce")
}

func TestVersionOneCanBeOpened(t *testing.T) {
	t.Parallel()
	key, err := open(t, goldenMaster).Unwrap(database, goldenWrapped)
	require.NoError(t, err)
	plain, err := key.Open(secretField, goldenSealed)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(plain))
}

func TestMalformedWrappedKeysAreRejected(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	_, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)

	_, err = open(t, master()).Unwrap(database, wrapped)
	require.ErrorIs(t, err, vault.ErrKeyUnknown)
	for name, text := range map[string]string{
		"empty":         "",
		"no version":    strings.TrimPrefix(wrapped, "v1."),
		"other version": "v2" + wrapped[2:],
		"no key id":     "v1." + wrapped[12:],
		"upper case id": "v1.ABCDEF00" + wrapped[11:],
		"truncated":     wrapped[:len(wrapped)-1],
		"longer":        wrapped + "A",
		"line break":    wrapped + "\n",
		"padding":       wrapped + "=",
	} {
		_, err := v.Unwrap(database, text)
		require.ErrorIs(t, err, vault.ErrCorrupt, name)
		_, _, err = v.Rewrap(database, text)
		require.ErrorIs(t, err, vault.ErrCorrupt, name)
	}
	for _, other := range []string{"", "2024-01-15-001-johndo", database + "x", strings.Repeat("x", 300)} {
		_, err := v.Unwrap(other, wrapped)
		require.ErrorIs(t, err, vault.ErrCorrupt)
	}
}

func TestRotationRewrapsDataKeys(t *testing.T) {
	t.Parallel()
	before, after := master(), master()
	old := open(t, before)
	key, wrapped, err := old.NewDataKey(database)
	require.NoError(t, err)
	sealed, err := key.Seal(secretField, []byte("api key"))
	require.NoError(t, err)

	both := open(t, after, before)
	fresh, changed, err := both.Rewrap(database, wrapped)
	require.NoError(t, err)
	assert.True(t, changed)
	same, changed, err := both.Rewrap(database, fresh)
	require.NoError(t, err)
	assert.False(t, changed)
	assert.Equal(t, fresh, same)
	_, _, err = both.Rewrap("another", fresh)
	require.ErrorIs(t, err, vault.ErrCorrupt, "a text that needs no change is authenticated too")

	_, err = old.Unwrap(database, fresh)
	require.ErrorIs(t, err, vault.ErrKeyUnknown)
	rotated, err := open(t, after).Unwrap(database, fresh)
	require.NoError(t, err)
	plain, err := rotated.Open(secretField, sealed)
	require.NoError(t, err)
	assert.Equal(t, "api key", string(plain))
}

func TestLengthLimits(t *testing.T) {
	t.Parallel()
	v := open(t, master())
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		_, _, err := v.NewDataKey(name)
		require.ErrorIs(t, err, vault.ErrInput)
	}
	key, _, err := v.NewDataKey(database)
	require.NoError(t, err)
	for _, at := range []vault.Location{{}, {Database: database, Collection: "c", Record: "r"}, {Database: database, Collection: "c", Record: strings.Repeat("r", 256), Field: "f"}} {
		_, err := key.Seal(at, nil)
		require.ErrorIs(t, err, vault.ErrInput)
		_, err = key.Open(at, "v1.")
		require.ErrorIs(t, err, vault.ErrCorrupt)
	}
	_, err = key.Seal(secretField, make([]byte, vault.MaxPlaintext+1))
	require.ErrorIs(t, err, vault.ErrInput)

	sealed, err := key.Seal(secretField, make([]byte, vault.MaxPlaintext))
	require.NoError(t, err)
	plain, err := key.Open(secretField, sealed)
	require.NoError(t, err)
	assert.Len(t, plain, vault.MaxPlaintext)
	_, err = key.Open(secretField, "v1."+strings.Repeat("A", 3<<20))
	require.ErrorIs(t, err, vault.ErrCorrupt)
}

func TestKeysAreNeverPrinted(t *testing.T) {
	t.Parallel()
	v := open(t, bytes.Repeat([]byte{0xAB}, 32))
	key, _, err := v.NewDataKey(database)
	require.NoError(t, err)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", key)
		fmt.Fprintf(&out, verb+"\n", *key)
		fmt.Fprintf(&out, verb+"\n", struct{ K *vault.DataKey }{key})
		fmt.Fprintf(&out, verb+"\n", v)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("key", "key", key, "vault", v)
	text, err := json.Marshal(map[string]any{"key": key})
	require.NoError(t, err)
	assert.JSONEq(t, `{"key":"[redacted]"}`, string(text))
	text, err = key.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, []string{"[redacted]", "[redacted]", "[redacted]"}, []string{string(text), key.String(), key.GoString()})
	assert.NotContains(t, out.String(), "aead")
	assert.NotContains(t, out.String(), "0x")
	assert.Equal(t, 3*6+1, strings.Count(out.String(), "[redacted]"))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	v := open(t, master(), master())
	shared, wrapped, err := v.NewDataKey(database)
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				key, err := v.Unwrap(database, wrapped)
				assert.NoError(t, err)
				sealed, err := shared.Seal(secretField, []byte("x"))
				assert.NoError(t, err)
				plain, err := key.Open(secretField, sealed)
				assert.NoError(t, err)
				assert.Equal(t, "x", string(plain))
			}
		})
	}
	all.Wait()
}

func TestHasMasterKeyOfKnowsCurrentAndPreviousKeys(t *testing.T) {
	t.Parallel()
	key := func(b byte) []byte { return bytes.Repeat([]byte{b}, vault.KeySize) }
	former, err := vault.New(key(1))
	require.NoError(t, err)
	rotated, err := vault.New(key(2), key(1))
	require.NoError(t, err)
	_, byFormer, err := former.NewDataKey("a-database")
	require.NoError(t, err)
	_, byRotated, err := rotated.NewDataKey("a-database")
	require.NoError(t, err)

	assert.True(t, former.HasMasterKeyOf(byFormer))
	assert.False(t, former.HasMasterKeyOf(byRotated))
	assert.True(t, rotated.HasMasterKeyOf(byFormer))
	assert.True(t, rotated.HasMasterKeyOf(byRotated))
	for _, malformed := range []string{"", "v1.", "v1.0123456", "v2." + byFormer[3:], "nonsense"} {
		assert.True(t, former.HasMasterKeyOf(malformed), "%q names no master key", malformed)
	}
	assert.Equal(t, byFormer[:vault.MasterKeyPrefix], "v1."+former.KeyID())
}
