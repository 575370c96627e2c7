package doctor

import (
	"context"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// unreadable is why a check can't examine what the global database contains.
const unreadable = "the global database can't be read by this version, or not before the next start"

// checkSchema compares the schema of the databases with that of this version.
func (e *examination) checkSchema(ctx context.Context) (findings []Finding) {
	found := e.diagnosis()
	switch {
	case found.Unreadable():
		return notChecked(unreadable)
	case found.DB == nil:
		return one(ok("there are no databases yet"))
	case len(found.Pending) > 0:
		return one(warn(fmt.Sprintf("an older version wrote the global database: %s missing", countOf(len(found.Pending), "migration is", "migrations are")),
			"Back up the data directories, and start the server to upgrade them"))
	}
	entries, err := registry.Here(ctx, found.DB)
	if err != nil {
		return one(failed(Fail, fmt.Errorf("the versions of user databases can't be read: %w", err), "Restore the global database from a backup"))
	}
	current, older, newer := 0, 0, 0
	for _, entry := range entries {
		switch {
		case entry.Status != registry.StatusReady && entry.Status != registry.StatusArchived:
		case entry.SchemaVersion == schema.Version():
			current++
		case entry.SchemaVersion == "" || schema.Knows(entry.SchemaVersion):
			older++
		default:
			newer++
		}
	}
	if newer > 0 {
		return one(fail(fmt.Sprintf("a newer version has migrated %s", countOf(newer, "user database", "user databases")),
			"Run that version, or restore the user databases from a backup of this one"))
	}
	if older > 0 {
		return one(ok(fmt.Sprintf("%s have this version's schema, %d an older one, from which they are migrated when they are opened", countOf(current, "user database", "user databases"), older)))
	}
	return one(ok(fmt.Sprintf("the global database and %s have this version's schema", countOf(current, "user database", "user databases"))))
}

func countOf(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprintf("%d %s", n, plural)
}
