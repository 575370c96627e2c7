package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// reserve writes the row of a new database and with it settles its name. The
// index of the registry sees to it that a user has one row. A name that is taken,
// because a folder or an archive without a row stands there, is passed over:
// nobody is ever handed what was another's.
func (r *registry) reserve(ctx context.Context, user *core.Record, now time.Time, taken func(name string) (bool, error), wrap func(name string) (string, error)) (Entry, error) {
	var entry Entry
	err := r.app.RunInTransaction(func(tx core.App) error {
		date := day(now)
		var seq int
		err := tx.DB().Select("(COALESCE(MAX(seq), 0) + 1)").From(migrations.UserDatabases).
			Where(dbx.HashExp{"date": date}).WithContext(ctx).Row(&seq)
		if err != nil {
			return fmt.Errorf("find the next sequence number: %w", err)
		}
		name := formatName(date, seq, username(user.Email()))
		for {
			is, err := taken(name)
			if err = errors.Join(err, ctx.Err()); err != nil {
				return fmt.Errorf("look whether %s is taken: %w", name, err)
			}
			if !is {
				break
			}
			seq++
			name = formatName(date, seq, username(user.Email()))
		}
		wrapped, err := wrap(name)
		if err != nil {
			return err
		}

		collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Set("user", user.Id)
		record.Set("name", name)
		record.Set("date", date)
		record.Set("seq", seq)
		record.Set("status", StatusProvisioning)
		record.Set("data_key", wrapped)
		if err := tx.SaveWithContext(ctx, record); err != nil {
			return fmt.Errorf("write the registry row: %w", err)
		}
		entry = Entry{ID: record.Id, UserID: user.Id, Email: user.Email(), Name: name, Status: StatusProvisioning,
			WrappedKey: wrapped, Created: record.GetDateTime("created").Time()}
		return nil
	})
	if err != nil {
		return Entry{}, fmt.Errorf("reserve a database for user %s: %w", user.Id, err)
	}
	return entry, nil
}

// change sets fields of a row that has not moved on since it was read as entry:
// to another status, or into another archive. It returns errMovedOn where it has.
// Subscribers and the cache of lookups see the change.
func (r *registry) change(ctx context.Context, entry Entry, fields map[string]any) error {
	err := r.app.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(migrations.UserDatabases, entry.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return errMovedOn
		}
		if err != nil {
			return err
		}
		if status := record.GetString("status"); status != entry.Status {
			return fmt.Errorf("%w: it is %s", errMovedOn, status)
		}
		if !record.GetDateTime("archived_at").Time().Equal(entry.ArchivedAt) {
			return fmt.Errorf("%w: it was archived anew", errMovedOn)
		}
		for name, value := range fields {
			record.Set(name, value)
		}
		return tx.SaveWithContext(ctx, record)
	})
	if err != nil {
		return fmt.Errorf("change the registry row of %s: %w", entry.Name, err)
	}
	return nil
}

// errMovedOn means that something else became of a database meanwhile.
var errMovedOn = errors.New("its registry row has changed meanwhile")

// setStatus records a new status, with the cause where there is one.
func (r *registry) setStatus(ctx context.Context, entry *Entry, status string, cause error) error {
	fields := map[string]any{"status": status, "schema_version": entry.SchemaVersion, "size": entry.Size, "error": message(cause)}
	if err := r.change(ctx, *entry, fields); err != nil {
		return err
	}
	entry.Status = status
	return nil
}

func message(cause error) string {
	if cause == nil {
		return ""
	}
	return fmt.Sprintf("%.1000s", cause)
}

// remove deletes the row of a database that is gone.
func (r *registry) remove(ctx context.Context, entry Entry) error {
	record, err := r.app.FindRecordById(migrations.UserDatabases, entry.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = r.app.DeleteWithContext(context.WithValue(ctx, removalKey{}, true), record)
	}
	if err != nil {
		return fmt.Errorf("remove the registry row of %s: %w", entry.Name, err)
	}
	return nil
}

type removalKey struct{}

// IsRemoval reports whether a row of the registry is being deleted because its
// database is gone. Nothing else may delete one.
func IsRemoval(ctx context.Context) bool { return ctx.Value(removalKey{}) != nil }

// use is what is known of a database since it was last written down.
type use struct {
	at         time.Time // last used, zero when it was not
	size       int64     // bytes
	maintained time.Time // zero when it was not
}

// recordUses writes down how databases were used, all in one transaction and
// past the record hooks: this is bookkeeping nobody subscribes to.
func (r *registry) recordUses(ctx context.Context, uses map[string]use) error {
	err := r.app.RunInTransaction(func(tx core.App) error {
		for name, u := range uses {
			fields := dbx.Params{"size": u.size}
			for field, at := range map[string]time.Time{"last_used": u.at, "maintained_at": u.maintained} {
				if at.IsZero() {
					continue
				}
				stamp, err := types.ParseDateTime(at)
				if err != nil {
					return err
				}
				fields[field] = stamp.String()
			}
			// Of one that has been archived or deleted since, nothing is left to say.
			_, err := tx.NonconcurrentDB().Update(migrations.UserDatabases, fields, dbx.HashExp{"name": name, "status": StatusReady}).WithContext(ctx).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record the use of %d user databases: %w", len(uses), err)
	}
	return nil
}
