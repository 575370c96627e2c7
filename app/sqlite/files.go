package sqlite

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Names of the files in a PocketBase data directory.
const (
	DataFile      = "data.db"
	AuxiliaryFile = "auxiliary.db"
)

// Files opens the two files of one PocketBase: Connect is its
// core.BaseAppConfig.DBConnect. auxiliary.db, which holds nothing but logs, is
// opened when something is logged, and made from Auxiliary where it is missing.
//
// Call Started when the PocketBase is bootstrapped, and then give it its
// collections: it may have been told that there are none.
type Files struct {
	Auxiliary []byte // a migrated, empty auxiliary.db

	mu   sync.Mutex
	data *shared
	logs *late
}

// Connect returns a pool for a file, without opening it.
func (f *Files) Connect(path string) (*dbx.DB, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if filepath.Base(path) == AuxiliaryFile {
		if f.logs == nil {
			f.logs = &late{shared: shared{path: path}, prepare: f.writeAuxiliary(path)}
			f.logs.starting.Store(true)
		}
		return f.logs.pool(f.logs), nil
	}
	if f.data == nil {
		f.data = &shared{path: path}
		f.data.starting.Store(true)
	}
	return f.data.pool(f.data), nil
}

// Started ends the time in which statements are answered without the files.
func (f *Files) Started() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data != nil {
		f.data.starting.Store(false)
	}
	if f.logs != nil {
		f.logs.starting.Store(false)
	}
}

// writeAuxiliary makes the file unless there is one, once.
func (f *Files) writeAuxiliary(path string) func() error {
	var mu sync.Mutex
	var there bool
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if there {
			return nil
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			there = err == nil
			return err
		}
		err := durable.CreateFile(path, 0o600, func(w io.Writer) error {
			_, err := w.Write(f.Auxiliary)
			return err
		})
		there = err == nil
		return err
	}
}
