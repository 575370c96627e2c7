// Package dbtest gives each test its own migrated global database. It runs the migrations only once per
// test binary, because they would otherwise take most of the time. Tests may use it in parallel.
package dbtest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// CopyGlobal copies the files of a closed, migrated global database into a directory.
var CopyGlobal = Template(func(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	return errors.Join(migrate(app), Close(app))
})

func migrate(app core.App) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	users, err := app.FindCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	users.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // the lowest that bcrypt allows
	return app.Save(users)
}

// NewGlobal returns a bootstrapped global database that is closed after the test. It hashes passwords at
// the lowest cost.
func NewGlobal(t testing.TB) *core.BaseApp {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pb_data")
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, CopyGlobal(dir))
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	require.NoError(t, app.Bootstrap())
	t.Cleanup(func() { require.NoError(t, Close(app)) })
	return app
}

// Close closes a PocketBase the way a terminating process does.
func Close(app core.App) error {
	event := new(core.TerminateEvent)
	event.App = app
	return app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
}

// NewUser saves an account with the password "a-good-password".
func NewUser(t testing.TB, global core.App, email string) *core.Record {
	t.Helper()
	collection, err := global.FindCollectionByNameOrId(migrations.Users)
	require.NoError(t, err)
	user := core.NewRecord(collection)
	user.SetEmail(email)
	user.SetPassword("a-good-password")
	require.NoError(t, global.Save(user))
	return user
}
