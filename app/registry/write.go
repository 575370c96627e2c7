package registry

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

// Fields maps columns to new values.
type Fields map[string]any

func (f Fields) applyTo(record *core.Record) {
	for name, value := range f {
		if status, ok := value.(Status); ok {
			value = string(status) // PocketBase's fields only accept basic types
		}
		record.Set(name, value)
	}
}

// Change sets fields of a row and notifies its realtime subscribers. entry is the row as the caller read
// it. If the row has been removed since, or its status or the time of its archive has changed, Change
// changes nothing and returns ErrConflict, or ErrElsewhere if another server has the database.
func (r *Registry) Change(ctx context.Context, entry Entry, fields Fields) error {
	err := r.app.RunInTransaction(func(tx core.App) error {
		record, err := onThisServer(tx.FindRecordById(migrations.UserDatabases, entry.ID))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrConflict
		}
		if err != nil {
			return err
		}
		if status := Status(record.GetString("status")); status != entry.Status {
			return fmt.Errorf("%w: status is %s", ErrConflict, status)
		}
		if !record.GetDateTime("archived_at").Time().Equal(entry.ArchivedAt) {
			return fmt.Errorf("%w: database was archived again", ErrConflict)
		}
		fields.applyTo(record)
		return tx.SaveWithContext(ctx, record)
	})
	if err != nil {
		return fmt.Errorf("change the registry row of %s: %w", entry.Name, err)
	}
	return nil
}

// Remove deletes the row of a database whose files have been removed, and what was kept of its owner. It succeeds if the row does not
// exist, and returns ErrElsewhere if another server has the database.
func (r *Registry) Remove(ctx context.Context, entry Entry) error {
	err := r.app.RunInTransaction(func(tx core.App) error {
		if err := forgetKept(ctx, tx, entry.Name); err != nil {
			return err
		}
		record, err := onThisServer(tx.FindRecordById(migrations.UserDatabases, entry.ID))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DeleteWithContext(context.WithValue(ctx, removalKey{}, true), record)
	})
	if err != nil {
		return fmt.Errorf("remove the registry row of %s: %w", entry.Name, err)
	}
	return nil
}

type removalKey struct{}

// IsRemoval reports whether a row is being deleted by Remove, given the context of the deletion. Any
// other deletion must be refused, because the data key is stored nowhere else.
func IsRemoval(ctx context.Context) bool { return ctx.Value(removalKey{}) != nil }

// UsageUpdate contains new values for the row of a database.
type UsageUpdate struct {
	LastUsed   time.Time // zero leaves the stored value
	Maintained time.Time // zero leaves the stored value
	Size       int64     // bytes on disk; 0 leaves the stored value
	SizeInS3   int64     // bytes; stored together with Maintained
}

// RecordUsage stores updates, by the name of the database, in one transaction. It runs no record hooks,
// because nobody subscribes to these fields. Databases that are no longer ready, or no longer here, are skipped.
func (r *Registry) RecordUsage(ctx context.Context, updates map[string]UsageUpdate) error {
	err := r.app.RunInTransaction(func(tx core.App) error {
		for name, update := range updates {
			fields, err := update.columns()
			if err != nil {
				return err
			}
			ready := dbx.HashExp{"name": name, "status": string(StatusReady), "cell": ""}
			_, err = tx.NonconcurrentDB().Update(migrations.UserDatabases, fields, ready).WithContext(ctx).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record the usage of %d user databases: %w", len(updates), err)
	}
	return nil
}

func (u UsageUpdate) columns() (dbx.Params, error) {
	columns := dbx.Params{}
	if u.Size != 0 {
		columns["size"] = u.Size
	}
	if !u.Maintained.IsZero() {
		columns["size_s3"] = u.SizeInS3
	}
	for column, at := range map[string]time.Time{"last_used": u.LastUsed, "maintained_at": u.Maintained} {
		if at.IsZero() {
			continue
		}
		stamp, err := types.ParseDateTime(at)
		if err != nil {
			return nil, err
		}
		columns[column] = stamp.String()
	}
	return columns, nil
}
