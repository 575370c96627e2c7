package migrations_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The admin UI shows relations by their presentable fields.
func TestAddressesOfUsersArePresentable(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	require.NoError(t, app.Bootstrap())
	t.Cleanup(func() { require.NoError(t, app.ResetBootstrapState()) })
	require.NoError(t, app.RunAllMigrations())
	users, err := app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	email, ok := users.Fields.GetByName("email").(*core.EmailField)
	require.True(t, ok)
	assert.True(t, email.Presentable)
	assert.True(t, email.System)
	assert.False(t, email.Hidden)
}
