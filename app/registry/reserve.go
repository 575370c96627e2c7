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
// name. A unique index gives each user at most one row: Reserve fails if the user has one. It also records
// that the account is no longer unused, which would have it deleted. A new account is saved in the same
// transaction.
//
// isTaken reports whether files of a name exist although no row has it. Reserve skips such names, so
// that no user gets the data of another. newKey returns a new data key for a name, wrapped.
func (r *Registry) Reserve(
	ctx context.Context, user *core.Record, now time.Time,
	isTaken func(name string) (bool, error), newKey func(name string) (string, error),
) (Entry, error) {
	var entry Entry
	err := r.app.RunInTransaction(func(tx core.App) (err error) {
		entry, err = reserve(ctx, tx, user, now, isTaken, newKey)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("reserve a database for user %s: %w", user.Id, err)
	}
	return entry, nil
}

func reserve(
	ctx context.Context, tx core.App, user *core.Record, now time.Time,
	isTaken func(name string) (bool, error), newKey func(name string) (string, error),
) (Entry, error) {
	if user.IsNew() {
		if err := tx.SaveWithContext(ctx, user); err != nil {
			return Entry{}, fmt.Errorf("create the account: %w", err)
		}
	}
	date := dateOf(now)
	seq, name, err := nextName(ctx, tx, date, usernameFrom(user.Email()), isTaken)
	if err != nil {
		return Entry{}, err
	}
	wrapped, err := newKey(name)
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
	if user.GetBool("unused") {
		_, err := tx.NonconcurrentDB().Update(migrations.Users, dbx.Params{"unused": false}, dbx.HashExp{"id": user.Id}).
			WithContext(ctx).Execute()
		if err != nil {
			return Entry{}, fmt.Errorf("record that the account is used: %w", err)
		}
	}
	return Entry{
		ID: record.Id, UserID: user.Id, Email: user.Email(), Name: name, Status: StatusProvisioning,
		WrappedKey: wrapped, Created: record.GetDateTime("created").Time(),
	}, nil
}

// nextName returns the next unused sequence number of a date and the name that contains it.
func nextName(
	ctx context.Context, tx core.App, date, username string, isTaken func(name string) (bool, error),
) (seq int, name string, err error) {
	err = tx.DB().Select("(COALESCE(MAX(seq), 0) + 1)").From(migrations.UserDatabases).
		Where(dbx.HashExp{"date": date}).WithContext(ctx).Row(&seq)
	if err != nil {
		return 0, "", fmt.Errorf("find the next sequence number: %w", err)
	}
	for ; ; seq++ {
		name = formatName(date, seq, username)
		taken, err := isTaken(name)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return 0, "", fmt.Errorf("check whether the name %s is taken: %w", name, err)
		}
		if !taken {
			return seq, name, nil
		}
	}
}
