package registry_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// vaults returns a vault for each master key that consists of one byte.
func vaults(t testing.TB, keys ...byte) []*vault.Vault {
	t.Helper()
	var out []*vault.Vault
	for _, key := range keys {
		v, err := vault.New(bytes.Repeat([]byte{key}, vault.KeySize))
		require.NoError(t, err)
		out = append(out, v)
	}
	return out
}

// wrapWith returns a function for Reserve that wraps data keys with a master key.
func wrapWith(v *vault.Vault) func(string) (string, error) {
	return func(name string) (string, error) {
		_, wrapped, err := v.NewDataKey(name)
		return wrapped, err
	}
}

func TestMasterKeyUsesCountsDatabasesByMasterKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	uses, err := registry.MasterKeyUses(t.Context(), f.app.ConcurrentDB())
	require.NoError(t, err)
	require.Empty(t, uses)

	masters := vaults(t, 1, 2)
	for i := range 5 {
		_, err := f.Reserve(t.Context(), f.user(t, fmt.Sprintf("user%d@example.com", i)), now, nothingTaken, wrapWith(masters[i%2]))
		require.NoError(t, err)
	}
	uses, err = registry.MasterKeyUses(t.Context(), f.app.ConcurrentDB())
	require.NoError(t, err)
	require.Len(t, uses, 2)
	for _, use := range uses {
		first, second := masters[0].HasMasterKeyOf(use.WrappedKey), masters[1].HasMasterKeyOf(use.WrappedKey)
		assert.NotEqual(t, first, second, "one of the two keys")
		assert.Equal(t, map[bool]int{true: 3, false: 2}[first], use.Databases)
	}
}

// The check runs at every start of the server.
func BenchmarkMasterKeyUsesWith40000Databases(b *testing.B) {
	app := dbtest.NewGlobal(b)
	wrap := wrapWith(vaults(b, 1)[0])
	require.NoError(b, app.RunInTransaction(func(tx core.App) error {
		for i := range 40_000 {
			name := fmt.Sprintf("2024-01-15-%05d-user%d", i, i)
			wrapped, err := wrap(name)
			if err != nil {
				return err
			}
			_, err = tx.DB().Insert("user_databases", map[string]any{
				"id": fmt.Sprintf("%015d", i), "user": fmt.Sprintf("%015d", i), "name": name, "date": "2024-01-15", "seq": i, "status": "ready",
				"data_key": wrapped,
			}).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for b.Loop() {
		uses, err := registry.MasterKeyUses(b.Context(), app.ConcurrentDB())
		require.NoError(b, err)
		require.Len(b, uses, 1)
	}
}
