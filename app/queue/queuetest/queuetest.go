// Package queuetest opens global databases for tests. It migrates one per process and copies it for each
// test, because a copy is much faster than the migrations. Tests of other packages may use it; the
// product must not.
package queuetest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	_ "github.com/fathom-to-loom/fathom-to-loom/migrations" // registers them
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
	files, err := migratedFiles()
	if err != nil {
		return nil, nil, err
	}
	for name, content := range files {
		if err = os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, nil, err
		}
	}
	pb = core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	return pb, func() error { return terminate(pb) }, pb.Bootstrap()
}

// migratedFiles returns the files of a migrated database with users.
var migratedFiles = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "queue-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := pb.Bootstrap(); err != nil {
		return nil, err
	}
	if err := pb.RunAllMigrations(); err != nil {
		return nil, err
	}
	users, err := pb.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	for _, id := range Users {
		user := core.NewRecord(users)
		user.Id = id
		user.SetEmail(id + "@example.com")
		user.SetRandomPassword()
		if err := pb.SaveNoValidate(user); err != nil {
			return nil, err
		}
	}
	if err := terminate(pb); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// terminate closes the databases as PocketBase does when the process ends.
func terminate(pb *core.BaseApp) error {
	event := new(core.TerminateEvent)
	event.App = pb
	return pb.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
}
