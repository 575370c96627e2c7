package userdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// checkSchemaVersion returns ErrNewerSchema for a recorded schema version that this program does not
// know, so that callers can refuse the database before they open it.
func checkSchemaVersion(version string) error {
	if version == "" || schema.Knows(version) {
		return nil
	}
	return newerSchemaError(version)
}

func newerSchemaError(version string) error {
	return fmt.Errorf("%w (%s; the newest supported is %s): run the newer version",
		ErrNewerSchema, version, schema.Version())
}

// migrate applies the missing migrations to an open database and records the schema version. It reads
// the applied migrations from the database, because the folder may come from an older backup than the
// registry row. It returns ErrNewerSchema if they include one that this program does not know.
func (s *Service) migrate(ctx context.Context, app core.App, entry registry.Entry) error {
	var applied []string
	err := app.ConcurrentDB().Select("file").From(core.DefaultMigrationsTable).WithContext(ctx).Column(&applied)
	if err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	if newest := slices.Max(append(applied, "")); newest > schema.Newest() {
		return newerSchemaError(newest)
	}
	if !schema.Complete(applied) {
		if _, err := core.NewMigrationsRunner(app, schema.List).Up(); err != nil {
			return fmt.Errorf("apply migrations: %w", err)
		}
		s.logger.InfoContext(ctx, "user database migrated", "database", entry.Name, "version", schema.Version())
	}
	if entry.SchemaVersion == schema.Version() {
		return nil
	}
	return s.registry.Change(ctx, entry, registry.Fields{"schema_version": schema.Version()})
}

// Migrate migrates the named databases, or all of them if names is empty, to the current schema, up to
// parallel databases at a time, and reports the outcome for each. It skips databases that are current,
// so an interrupted run can be repeated, and archived ones, which are migrated when they are opened
// again. A failure does not stop the others. Migrate returns ctx.Err or an error of the registry.
func (s *Service) Migrate(ctx context.Context, names []string, parallel int, report func(Outcome)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e registry.Entry) bool {
		return e.Status != registry.StatusReady || e.SchemaVersion == schema.Version()
	})
	return runBatch(ctx, entries, parallel, report, func(ctx context.Context, entry registry.Entry) error {
		err := s.exclusivelyReady(ctx, entry.Name, func(entry registry.Entry) error {
			db := &Database{Name: entry.Name, UserID: entry.UserID}
			err := s.bootstrap(ctx, entry, db)
			s.recordError(ctx, entry, err)
			if err != nil {
				return err
			}
			return closeApp(db.App)
		})
		if isConflict(err) { // archived or deleted in the meantime
			return nil
		}
		return err
	})
}
