package userdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// checkKnown refuses a database whose row says that a newer version of this
// program has migrated it, before anything of it is touched.
func checkKnown(version string) error {
	if version == "" || schema.Knows(version) {
		return nil
	}
	return newerSchema(version)
}

func newerSchema(version string) error {
	return fmt.Errorf("%w (it has %s, this program knows up to %s): run the newer version", ErrNewerSchema, version, schema.Version())
}

// migrate applies what the database has not seen yet. The database itself says
// what that is: its folder may have come from a backup, older than its row.
func (s *Service) migrate(ctx context.Context, app core.App, row registry.Entry) error {
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
		s.logger.Info("user database migrated", "database", row.Name, "version", schema.Version())
	}
	if row.SchemaVersion == schema.Version() {
		return nil
	}
	return s.registry.Change(ctx, row, registry.Fields{"schema_version": schema.Version()})
}

// Migrate brings databases to the current schema, a few at a time, and reports
// each. One that fails is reported and left for later; those already there are
// passed over, so that an interrupted run goes on where it stopped. Archived
// ones are migrated when they come back. No names means all. The error is that
// of ctx or of the registry.
func (s *Service) Migrate(ctx context.Context, names []string, parallel int, report func(Outcome)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e registry.Entry) bool {
		return e.Status != registry.StatusReady || e.SchemaVersion == schema.Version()
	})
	return outcomes(ctx, entries, parallel, report, func(ctx context.Context, entry registry.Entry) error {
		err := s.aloneReady(ctx, entry.Name, func(entry registry.Entry) error {
			db := &Database{Name: entry.Name, UserID: entry.UserID}
			err := s.bootstrap(ctx, entry, db)
			s.noteError(ctx, entry, err)
			if err != nil {
				return err
			}
			return closeApp(db.app)
		})
		if hasMovedOn(err) { // archived or deleted meanwhile
			return nil
		}
		return err
	})
}
