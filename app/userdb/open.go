package userdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Database is an open user database. Its exported fields do not change while it is open.
type Database struct {
	Name   string
	UserID string
	App    core.App
	Key    *vault.DataKey // encrypts and decrypts the secrets stored in it

	owner   *core.Record
	app     *core.BaseApp
	storage storageSize
}

// Owner returns a copy of the only auth record in the database, which requests of its owner act as.
func (d *Database) Owner() *core.Record {
	return d.owner.Clone()
}

// open is what the pool opens a database with. An error is stored in the row of the database.
func (s *Service) open(ctx context.Context, name string) (*Database, error) {
	active, err := s.registry.Lookup(ctx, name)
	if err != nil {
		return nil, err
	}
	db, err := s.openReady(ctx, active.Entry)
	s.recordError(ctx, active.Entry, err)
	if err != nil {
		return nil, fmt.Errorf("open user database %s: %w", name, err)
	}
	// Closing notes it as well, but may be days away.
	s.lastUsed.note(name, s.now())
	return db, nil
}

// recordError stores why a database cannot be used, or that it can be used again.
func (s *Service) recordError(ctx context.Context, entry registry.Entry, cause error) {
	if registry.ErrorText(cause) == entry.Error || ctx.Err() != nil {
		return
	}
	err := s.registry.Change(ctx, entry, registry.Fields{"error": registry.ErrorText(cause)})
	if err != nil && !errors.Is(err, registry.ErrConflict) {
		s.logger.Warn("failed to record the state of user database", "database", entry.Name, "error", err)
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
	// The router is built only for the realtime hooks that building it binds to this app. Requests
	// go through one router that all databases share.
	if _, err := apis.NewRouter(db.app); err != nil {
		return nil, joinClose(err, db.app)
	}
	s.notifyOpened(db)
	return db, nil
}

// bootstrap opens the files of a database, migrates it to the current schema and loads the owner.
func (s *Service) bootstrap(ctx context.Context, entry registry.Entry, db *Database) error {
	if err := checkKnown(entry.SchemaVersion); err != nil {
		return err
	}
	dir := s.Dir(entry.Name)
	if err := requireData(dir); err != nil {
		return err
	}
	files := &sqlite.Files{Auxiliary: s.template.auxiliary, Observe: s.observe}
	db.app = newDatabaseApp(dir, files)
	db.App = db.app
	if s.onOpen != nil {
		s.onOpen(db)
	}
	err := db.app.Bootstrap()
	files.Started()
	if err == nil {
		err = s.collections.load(db.app)
	}
	if err == nil {
		err = s.migrate(ctx, db.app, entry)
	}
	if err == nil {
		if db.owner, err = db.app.FindRecordById(schema.Users, entry.UserID); err != nil {
			err = fmt.Errorf("find the owner record: %w", err)
		}
	}
	if err != nil {
		return joinClose(err, db.app)
	}
	db.app.Cron().RemoveAll() // it is never started, and nobody may run a job manually either
	return nil
}

// newDatabaseApp configures the PocketBase of one user database. With nil files, PocketBase opens
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
		// It would take an inotify instance per database, of which Linux allows a user 128. It
		// exists for several processes on one directory, which we refuse anyway.
		"__pbNotifyWatcherSystemHook__",
		// It would load all collections a second time.
		"__pbCollectionSystemHook__",
	)
	// Restoring a backup ends in Restart, which would replace this whole process.
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id:       "refuseRestart",
		Priority: 1 << 20, // innermost: after PocketBase's own clean-up, before execve
		Func: func(e *core.TerminateEvent) error {
			if e.IsRestart {
				return nil
			}
			return e.Next()
		},
	})
	return app
}

// closeApp ends the streams, loggers and connections of an app, which must not be bootstrapped again.
func closeApp(app *core.BaseApp) error {
	event := new(core.TerminateEvent)
	event.App = app
	return app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
}

func joinClose(err error, app *core.BaseApp) error {
	return errors.Join(err, closeApp(app))
}
