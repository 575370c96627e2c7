package sqlite

import (
	"errors"
	"io"
	"io/fs"
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

// SearchFile is the name of the search index beside them, which is built from data.db and may be removed at any time.
const SearchFile = "search.db"

// Files opens the two database files of one PocketBase app: use Connect as its
// core.BaseAppConfig.DBConnect. Until Started is called, some statements that PocketBase executes while
// it starts are answered without the files; see the constants in intercept.go.
//
// auxiliary.db, which contains only logs, is opened when something is logged, and created from Auxiliary
// if it does not exist.
//
// After the app is bootstrapped, the caller must call Started and load the collections, because the
// query for them may have been answered with no rows.
type Files struct {
	Auxiliary []byte          // content of a migrated auxiliary.db without logs; if empty, none is created
	Observe   func(Statement) // called with every statement, possibly concurrently; may be nil

	mu   sync.Mutex
	data *sharedConnector
	logs *lazyConnector
}

// Connect returns a connection pool for a file. It does not open the file and never fails.
func (f *Files) Connect(path string) (*dbx.DB, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if filepath.Base(path) == AuxiliaryFile {
		if f.logs == nil {
			f.logs = &lazyConnector{
				sharedConnector: sharedConnector{path: path, observe: f.Observe},
				prepare:         f.createAuxiliary(path),
			}
			f.logs.starting.Store(true)
		}
		return f.logs.newPool(f.logs), nil
	}
	if f.data == nil {
		f.data = &sharedConnector{path: path, observe: f.Observe}
		f.data.starting.Store(true)
	}
	return f.data.newPool(f.data), nil
}

// Started makes every further statement use the files.
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

// WaitClosed waits until data.db is closed, after its pools are: a query or a transaction whose context has ended goes on for
// a moment after database/sql has returned. A file must not be replaced before.
func (f *Files) WaitClosed() {
	f.mu.Lock()
	data := f.data
	f.mu.Unlock()
	if data != nil {
		data.waitUnused()
	}
}

var errNoAuxiliary = errors.New("the content of a new auxiliary.db is unknown")

// createAuxiliary returns a function that creates auxiliary.db unless it exists. Once the function has
// succeeded, further calls do nothing.
func (f *Files) createAuxiliary(path string) func() error {
	var mu sync.Mutex
	var done bool
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if done {
			return nil
		}
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) && len(f.Auxiliary) == 0 {
			return errNoAuxiliary
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = durable.CreateFile(path, 0o600, func(w io.Writer) error {
				_, err := w.Write(f.Auxiliary)
				return err
			})
		}
		done = err == nil
		return err
	}
}
