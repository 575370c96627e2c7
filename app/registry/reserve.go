package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Reserve adds the row of a new database, with the status provisioning, and thereby determines its
// name. A unique index gives each user at most one row: Reserve fails if the user has one.
//
// taken reports whether files of that name exist although no row has it; such names are skipped, so
// that nobody is given the data of another user. wrap returns the wrapped data key for a name.
func (r *Registry) Reserve(
	ctx context.Context, user *core.Record, now time.Time,
	taken func(name string) (bool, error), wrap func(name string) (string, error),
) (Entry, error) {
	var entry Entry
	err := r.app.RunInTransaction(func(tx core.App) (err error) {
		entry, err = reserve(ctx, tx, user, now, taken, wrap)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("reserve a database for user %s: %w", user.Id, err)
	}
	return entry, nil
}

func reserve(
	ctx context.Context, tx core.App, user *core.Record, now time.Time,
	taken func(name string) (bool, error), wrap func(name string) (string, error),
) (Entry, error) {
	date := dayOf(now)
	seq, name, err := nextName(ctx, tx, date, username(user.Email()), taken)
	if err != nil {
		return Entry{}, err
	}
	wrapped, err := wrap(name)
	if err != nil {
		return Entry{}, err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
	if err != nil {
		return Entry{}, err
	}
	record := core.NewRecord(collection)
	record.Set("user", user.Id)
	record.Set("name", name)
	record.Set("date", date)
	record.Set("seq", seq)
	record.Set("status", string(StatusProvisioning))
	record.Set("data_key", wrapped)
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return Entry{}, fmt.Errorf("save the registry row: %w", err)
	}
	return Entry{
		ID: record.Id, UserID: user.Id, Email: user.Email(), Name: name, Status: StatusProvisioning,
		WrappedKey: wrapped, Created: record.GetDateTime("created").Time(),
	}, nil
}

// nextName returns the next unused sequence number of a date and the name with it.
func nextName(
	ctx context.Context, tx core.App, date, username string, taken func(name string) (bool, error),
) (seq int, name string, err error) {
	err = tx.DB().Select("(COALESCE(MAX(seq), 0) + 1)").From(migrations.UserDatabases).
		Where(dbx.HashExp{"date": date}).WithContext(ctx).Row(&seq)
	if err != nil {
		return 0, "", fmt.Errorf("find the next sequence number: %w", err)
	}
	for ; ; seq++ {
		name = formatName(date, seq, username)
		isTaken, err := taken(name)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return 0, "", fmt.Errorf("check whether the name %s is taken: %w", name, err)
		}
		if !isTaken {
			return seq, name, nil
		}
	}
}
