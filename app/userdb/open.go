package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Database is an open user database. Its fields don't change while it is open.
type Database struct {
	Name   string
	UserID string
	App    core.App
	Key    *vault.DataKey // seals and opens the secrets in it

	owner *core.Record
	app   *core.BaseApp
}

// Owner returns the one auth record of the database, which the gateway lets
// every request of the owner act as. Callers get a copy of their own.
func (d *Database) Owner() *core.Record {
	return d.owner.Clone()
}

// open bootstraps the PocketBase of a ready user database and brings its schema
// up to date.
func (s *Service) open(ctx context.Context, name string) (_ *Database, err error) {
	row, err := s.registry.lookup(ctx, name)
	if err != nil {
		return nil, err
	}
	key, err := s.vault.Unwrap(name, row.WrappedKey)
	if err != nil {
		return nil, fmt.Errorf("unwrap the data key of %s: %w", name, err)
	}
	dir := s.Dir(name)
	// Bootstrap would make a missing file, and with it an empty database in
	// place of somebody's lost one.
	if _, err := os.Stat(filepath.Join(dir, dataFile)); err != nil {
		return nil, fmt.Errorf("open user database %s: %w", name, err)
	}

	app := newDatabaseApp(dir)
	defer func() {
		if err != nil {
			err = fmt.Errorf("open user database %s: %w", name, joinClose(err, app))
		}
	}()

	db := &Database{Name: name, UserID: row.UserID, App: app, Key: key, app: app}
	if s.onOpen != nil {
		s.onOpen(db)
	}
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	if row.SchemaVersion != schema.Version() {
		if err := s.migrate(ctx, app, row.Entry); err != nil {
			return nil, err
		}
	}
	// Only for the realtime hooks it binds to this app; requests go through the
	// one router all databases share.
	if _, err := apis.NewRouter(app); err != nil {
		return nil, err
	}
	if db.owner, err = app.FindRecordById(schema.Users, row.UserID); err != nil {
		return nil, fmt.Errorf("find the owner record: %w", err)
	}
	if s.opened != nil {
		s.opened(db)
	}
	return db, nil
}

func (s *Service) migrate(ctx context.Context, app *core.BaseApp, entry Entry) error {
	knows := slices.ContainsFunc(schema.List.Items(), func(m *core.Migration) bool {
		return m.File == entry.SchemaVersion
	})
	if entry.SchemaVersion != "" && !knows {
		return fmt.Errorf("%w (it has %s, this program knows up to %s): run the newer version", ErrNewerSchema, entry.SchemaVersion, schema.Version())
	}
	if _, err := core.NewMigrationsRunner(app, schema.List).Up(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	entry.SchemaVersion = schema.Version()
	return s.registry.setStatus(ctx, &entry, StatusReady, nil)
}

// newDatabaseApp configures a PocketBase for one user among many. Connections are
// few and let go early, since memory per open database is mostly connections.
func newDatabaseApp(dir string) *core.BaseApp {
	app := core.NewBaseApp(core.BaseAppConfig{
		DataDir:          dir,
		DataMaxOpenConns: 8,
		DataMaxIdleConns: 1,
		AuxMaxOpenConns:  2,
		AuxMaxIdleConns:  1,
	})
	// The watcher costs an inotify instance a database, of which Linux gives a
	// user 128, and serves several processes on one directory, which we refuse.
	app.OnBootstrap().Unbind("__pbNotifyWatcherSystemHook__")
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
