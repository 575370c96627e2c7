// Package queuetest opens global databases with users for tests, which may run in parallel. Tests of other
// packages may use it; the product must not.
package queuetest

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Users are the ids of the users in every database.
var Users = []string{"useraaaaaaaaaaa", "userbbbbbbbbbbb", "userccccccccccc"}

// Open opens a database that is closed and deleted when the test ends.
func Open(t testing.TB) *core.BaseApp {
	t.Helper()
	pb, closeApp, err := OpenIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closeApp(); err != nil {
			t.Error(err)
		}
	})
	return pb
}

// OpenIn opens a database in an empty directory. The caller must call closeApp.
func OpenIn(dir string) (pb *core.BaseApp, closeApp func() error, err error) {
	if err := copyTemplate(dir); err != nil {
		return nil, nil, err
	}
	pb = core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	return pb, func() error { return dbtest.Close(pb) }, pb.Bootstrap()
}

// copyTemplate copies the files of a migrated database with users.
var copyTemplate = dbtest.Template(func(dir string) error {
	if err := dbtest.CopyGlobal(dir); err != nil {
		return err
	}
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	return errors.Join(addUsers(pb), dbtest.Close(pb))
})

func addUsers(pb core.App) error {
	if err := pb.Bootstrap(); err != nil {
		return err
	}
	users, err := pb.FindCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	for _, id := range Users {
		user := core.NewRecord(users)
		user.Id = id
		user.SetEmail(id + "@example.com")
		user.SetRandomPassword()
		if err := pb.SaveNoValidate(user); err != nil {
			return err
		}
	}
	return nil
}
