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

// Database is an open user database. Its fields don't change while it is open.
type Database struct {
	Name   string
	UserID string
	App    core.App
	Key    *vault.DataKey // seals and opens the secrets in it

	owner   *core.Record
	app     *core.BaseApp
	storage storageSize
}

// Owner returns the one auth record of the database, which the gateway lets
// every request of the owner act as. Callers get a copy of their own.
func (d *Database) Owner() *core.Record {
	return d.owner.Clone()
}

// open bootstraps the PocketBase of a ready user database and brings its schema
// up to date. What keeps a database from opening is written into its row.
func (s *Service) open(ctx context.Context, name string) (*Database, error) {
	row, err := s.registry.Lookup(ctx, name)
	if err != nil {
		return nil, err
	}
	db, err := s.openReady(ctx, row.Entry)
	s.noteError(ctx, row.Entry, err)
	if err != nil {
		return nil, fmt.Errorf("open user database %s: %w", name, err)
	}
	s.uses.note(name, s.now()) // also when it is closed, which may be days later
	return db, nil
}

// noteError writes down why a database can't be used, or that it can again.
func (s *Service) noteError(ctx context.Context, row registry.Entry, cause error) {
	if registry.ErrorText(cause) == row.Error || ctx.Err() != nil {
		return
	}
	err := s.registry.Change(ctx, row, registry.Fields{"error": registry.ErrorText(cause)})
	if err != nil && !errors.Is(err, registry.ErrConflict) {
		s.logger.Warn("write down what became of a user database", "database", row.Name, "error", err)
	}
}

func (s *Service) openReady(ctx context.Context, row registry.Entry) (*Database, error) {
	key, err := s.vault.Unwrap(row.Name, row.WrappedKey)
	if err != nil {
		return nil, err
	}
	db := &Database{Name: row.Name, UserID: row.UserID, Key: key}
	if err := s.bootstrap(ctx, row, db); err != nil {
		return nil, err
	}
	if err := s.begin(db); err != nil {
		return nil, joinClose(err, db.app)
	}
	return db, nil
}

// bootstrap opens the files of a database, brings them to the current schema and
// finds the owner in them.
func (s *Service) bootstrap(ctx context.Context, row registry.Entry, db *Database) error {
	if err := checkKnown(row.SchemaVersion); err != nil {
		return err
	}
	dir := s.Dir(row.Name)
	if there, err := hasData(dir); err != nil || !there {
		return errors.Join(errMissing, err)
	}
	files := &sqlite.Files{Auxiliary: s.template.auxiliary}
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
		err = s.migrate(ctx, db.app, row)
	}
	if err == nil {
		if db.owner, err = db.app.FindRecordById(schema.Users, row.UserID); err != nil {
			err = fmt.Errorf("find the owner record: %w", err)
		}
	}
	if err != nil {
		return joinClose(err, db.app)
	}
	db.app.Cron().RemoveAll() // never started, and not to be run by hand either
	return nil
}

// begin makes a bootstrapped database ready for its first request.
func (s *Service) begin(db *Database) error {
	// Only for the realtime hooks it binds to this app; requests go through the
	// one router all databases share.
	if _, err := apis.NewRouter(db.app); err != nil {
		return err
	}
	for _, opened := range s.listeners().opened {
		opened(db)
	}
	return nil
}

// newDatabaseApp configures a PocketBase for one user among many. A nil files
// leaves the connections to PocketBase.
func newDatabaseApp(dir string, files *sqlite.Files) *core.BaseApp {
	config := core.BaseAppConfig{DataDir: dir, DataMaxOpenConns: 8, DataMaxIdleConns: 1, AuxMaxOpenConns: 2, AuxMaxIdleConns: 1}
	if files != nil {
		config.DBConnect = files.Connect
	}
	app := core.NewBaseApp(config)
	app.OnBootstrap().Unbind(
		// Costs an inotify instance a database, of which Linux gives a user 128,
		// and serves several processes on one directory, which we refuse.
		"__pbNotifyWatcherSystemHook__",
		// Loads all collections a second time.
		"__pbCollectionSystemHook__",
	)
	// A restore ends in Restart, which would replace this whole process.
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id:       "refuseRestart",
		Priority: 1 << 20, // innermost: PocketBase's own clean-up has run, execve has not
		Func: func(e *core.TerminateEvent) error {
			if e.IsRestart {
				return nil
			}
			return e.Next()
		},
	})
	return app
}

// closeApp ends an app's streams, loggers and connections. An app is never
// bootstrapped again after it.
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
