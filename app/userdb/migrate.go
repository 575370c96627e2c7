package userdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// checkKnown returns ErrNewerSchema if this version of the program does not know a schema version,
// before it touches anything in the database.
func checkKnown(version string) error {
	if version == "" || schema.Knows(version) {
		return nil
	}
	return newerSchema(version)
}

func newerSchema(version string) error {
	return fmt.Errorf("%w (%s; the newest supported is %s): run the newer version", ErrNewerSchema, version, schema.Version())
}

// migrate applies the missing migrations to an open database and records the schema version. It relies
// on the database rather than on its row, because the folder may come from an older backup.
func (s *Service) migrate(ctx context.Context, app core.App, entry registry.Entry) error {
	var applied []string
	err := app.ConcurrentDB().Select("file").From(core.DefaultMigrationsTable).WithContext(ctx).Column(&applied)
	if err != nil {
		return fmt.Errorf("read the applied migrations: %w", err)
	}
	if newest := slices.Max(append(applied, "")); newest > schema.Newest() {
		return newerSchema(newest)
	}
	if !schema.Complete(applied) {
		if _, err := core.NewMigrationsRunner(app, schema.List).Up(); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		s.logger.Info("user database migrated", "database", entry.Name, "version", schema.Version())
	}
	if entry.SchemaVersion == schema.Version() {
		return nil
	}
	return s.registry.Change(ctx, entry, registry.Fields{"schema_version": schema.Version()})
}

// Migrate migrates the named databases, or all, to the current schema, with the given number at a time,
// and reports each. Databases that are current are skipped, so that an interrupted run can be repeated;
// archived databases are migrated when they are opened again. A failure is reported and ends nothing.
// Migrate returns ctx.Err or the error of the registry.
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
			return closeApp(db.app)
		})
		if isConflict(err) { // archived or deleted in the meantime
			return nil
		}
		return err
	})
}
