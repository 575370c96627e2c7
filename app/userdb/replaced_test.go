package userdb

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestDeletedFolderOfAnOpenDatabaseIsNoticed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	name := h.provision("ada@example.com").Name
	h.acquire(name).Release()
	elsewhere := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(elsewhere, os.DirFS(h.Dir(name))))

	require.NoError(t, os.RemoveAll(h.Dir(name)))
	_, err := h.Acquire(t.Context(), name)
	require.ErrorIs(t, err, ErrMissing)
	assert.Contains(t, h.entry(name).Error, "folder is missing")
	assert.NoDirExists(t, h.Dir(name), "nothing is created in its place")

	require.NoError(t, os.CopyFS(h.Dir(name), os.DirFS(elsewhere)))
	handle := h.acquire(name)
	handle.Release()

	// Somebody replaces the folder by a copy.
	require.NoError(t, os.Rename(h.Dir(name), elsewhere+"-former"))
	require.NoError(t, os.CopyFS(h.Dir(name), os.DirFS(elsewhere)))
	handle = h.acquire(name)
	_, err = handle.App.NonconcurrentDB().NewQuery("UPDATE {{" + schema.Users + "}} SET [[name]] = 'new'").Execute()
	require.NoError(t, err)
	handle.Release()
	require.NoError(t, os.RemoveAll(elsewhere+"-former"))
	handle = h.acquire(name)
	var saved string
	require.NoError(t, handle.App.DB().Select("name").From(schema.Users).Row(&saved))
	assert.Equal(t, "new", saved, "the copy is in use")
	handle.Release()
}
