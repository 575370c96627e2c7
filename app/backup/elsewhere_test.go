package backup_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

func (h *harness) setCell(name, cell string) {
	h.t.Helper()
	_, err := h.app.DB().NewQuery("UPDATE user_databases SET cell = '" + cell + "' WHERE name = '" + name + "'").Execute()
	require.NoError(h.t, err)
	h.databases.RegistryChanged("", name)
}

func TestDatabasesOnOtherServersAreNotBackedUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada, bob := h.provision("ada@example.com"), h.provision("bob@example.com")
	assert.Equal(t, 2, h.create().Databases)
	h.setCell(ada.Name, "c2")
	assert.Equal(t, 1, h.create().Databases, "although its files are still here")
	require.NoError(t, os.Rename(h.databases.Dir(ada.Name), h.databases.Dir(".moved")))
	set := h.create() // without a problem
	assert.Equal(t, 1, set.Databases)
	_, err := h.restoreUser("bob@example.com", true)
	require.NoError(t, err)
	h.setCell(bob.Name, "c2")
	_, err = h.restoreUser("bob@example.com", true)
	require.ErrorIs(t, err, registry.ErrElsewhere, "nothing replaces it here")

	h.setCell(ada.Name, "")
	require.NoError(t, os.Rename(h.databases.Dir(".moved"), h.databases.Dir(ada.Name)))
	h.setCell(bob.Name, "")
	assert.Equal(t, 2, h.create().Databases)
}
