package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Database is an open user database. Its exported fields do not change while it is open.
type Database struct {
	Name   string
	UserID string
	App    *core.BaseApp
	Key    *vault.DataKey  // encrypts and decrypts the secrets stored in it
	Space  *ledger.Account // everything that is written to the database or its folder is reserved here first

	owner    *core.Record
	file     os.FileInfo // data.db, before it was opened
	replaced atomic.Bool // reported that file is another one by now
	uses     uses
	resume   resumption
}

// Owner returns a copy of the only auth record in the database. Requests from the owner are
// authenticated as this record.
func (d *Database) Owner() *core.Record {
	return d.owner.Clone()
}

// open is the Open function of the pool. It records an error in the row of the database.
func (s *Service) open(ctx context.Context, name string) (*Database, error) {
	active, err := s.registry.Lookup(ctx, name)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	db, err := s.openReady(ctx, active.Entry)
	s.opened(time.Since(began), err)
	s.recordError(ctx, active.Entry, err)
	if err != nil {
		return nil, fmt.Errorf("open user database %s: %w", name, err)
	}
	return db, nil
}

// recordError records why a database cannot be used. A nil cause records that it can be used again.
func (s *Service) recordError(ctx context.Context, entry registry.Entry, cause error) {
	if registry.ErrorText(cause) == entry.Error || ctx.Err() != nil {
		return
	}
	err := s.registry.Change(ctx, entry, registry.Fields{"error": registry.ErrorText(cause)})
	if err != nil && !isConflict(err) {
		s.logger.WarnContext(ctx, "failed to record the error of a user database", "database", entry.Name, "error", err)
	}
}

func (s *Service) openReady(ctx context.Context, entry registry.Entry) (*Database, error) {
	key, err := s.vault.Unwrap(entry.Name, entry.WrappedKey)
	if err != nil {
		return nil, err
	}
	db := &Database{Name: entry.Name, UserID: entry.UserID, Key: key}
	if err := s.bootstrap(ctx, entry, db); err != nil {
		return nil, err
	}
	// Building a router binds PocketBase's realtime hooks to the app. The router itself is not used:
	// requests go through one router that all databases share.
	if _, err := apis.NewRouter(db.App); err != nil {
		return nil, closeAfter(err, db.App)
	}
	s.notifyOpened(db)
	return db, nil
}

// bootstrap sets db.App and db.Space: it opens the files of a database, migrates it to the current schema and loads
// the owner. On an error it closes the files again.
func (s *Service) bootstrap(ctx context.Context, entry registry.Entry, db *Database) error {
	if err := checkSchemaVersion(entry.SchemaVersion); err != nil {
		return err
	}
	dir := s.Dir(entry.Name)
	if err := requireData(dir); err != nil {
		return err
	}
	var err error
	if db.file, err = os.Stat(filepath.Join(dir, sqlite.DataFile)); err != nil {
		return err
	}
	files := &sqlite.Files{Auxiliary: s.auxiliary(), Observe: s.observe}
	db.App, db.Space = newDatabaseApp(dir, files), s.newAccount(db)
	if s.onOpen != nil {
		s.onOpen(db)
	}
	err = db.App.Bootstrap()
	files.Started()
	if err == nil {
		err = s.collections.load(db.App)
	}
	if err == nil {
		err = s.migrate(ctx, db.App, entry)
	}
	if err == nil {
		if db.owner, err = db.App.FindRecordById(schema.Users, entry.UserID); err != nil {
			err = fmt.Errorf("find the owner record: %w", err)
		}
	}
	if err != nil {
		return closeAfter(err, db.App)
	}
	db.App.Cron().RemoveAll() // the crons are never started; nobody should run one manually either
	return nil
}

// newDatabaseApp configures the PocketBase app of one user database. If files is nil, PocketBase opens
// the files itself.
func newDatabaseApp(dir string, files *sqlite.Files) *core.BaseApp {
	config := core.BaseAppConfig{
		DataDir: dir, DataMaxOpenConns: 8, DataMaxIdleConns: 1, AuxMaxOpenConns: 2, AuxMaxIdleConns: 1,
	}
	if files != nil {
		config.DBConnect = files.Connect
	}
	app := core.NewBaseApp(config)
	app.OnBootstrap().Unbind(
		// This hook uses an inotify instance per database, and Linux allows a user only 128. It serves
		// several processes on one data directory, which this program refuses anyway.
		"__pbNotifyWatcherSystemHook__",
		// This hook would load all collections a second time.
		"__pbCollectionSystemHook__",
	)
	// After restoring a backup PocketBase restarts, which would replace this whole process.
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id:       "refuseRestart",
		Priority: 1 << 20, // runs last: after PocketBase's own cleanup, just before execve
		Func: func(e *core.TerminateEvent) error {
			if e.IsRestart {
				return nil
			}
			return e.Next()
		},
	})
	return app
}

// closeApp closes the streams, loggers and connections of an app. The app must not be bootstrapped
// again.
func closeApp(app *core.BaseApp) error {
	event := new(core.TerminateEvent)
	event.App = app
	return app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
}

// closeAfter closes an app because of err, and returns err together with the error of closing, if any.
func closeAfter(err error, app *core.BaseApp) error {
	return errors.Join(err, closeApp(app))
}
