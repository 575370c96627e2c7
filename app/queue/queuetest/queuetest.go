// Package queuetest gives tests a global database of their own: migrated once for
// the process, copied for each.
package queuetest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Users are the ids of those there are.
var Users = []string{"useraaaaaaaaaaa", "userbbbbbbbbbbb", "userccccccccccc"}

// Open opens a database that is gone when the test has ended.
func Open(t testing.TB) *core.BaseApp {
	t.Helper()
	pb, closed, err := OpenIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closed(); err != nil {
			t.Error(err)
		}
	})
	return pb
}

// OpenIn opens a database in an empty directory. Who calls it closes it.
func OpenIn(dir string) (pb *core.BaseApp, closed func() error, err error) {
	files, err := migrated()
	if err != nil {
		return nil, nil, err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, nil, err
		}
	}
	pb = core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	return pb, func() error { return closeApp(pb) }, pb.Bootstrap()
}

// migrated is a migrated global database with users, made once and copied for every test.
var migrated = sync.OnceValues(func() (map[string][]byte, error) {
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
	if err := closeApp(pb); err != nil {
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

func closeApp(pb *core.BaseApp) error {
	event := new(core.TerminateEvent)
	event.App = pb
	return pb.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
}
