package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	accounts "github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// account is what the registry keeps of a deleted user, in the owner column, until their database is
// deleted too.
type account struct {
	ID       string `json:"id"`
	Email    string `json:"email"`
	Name     string `json:"name"`
	Verified bool   `json:"verified"`
	Password string `json:"password"` // the hash
}

// UserDeleted schedules the database of a user for deletion, in the transaction tx that deletes the
// user, and keeps the account and everything that belongs to it so that Undelete can bring it back. A
// user without a database is not an error. If another server has the database, this is recorded all the
// same: that server deletes the files.
func UserDeleted(ctx context.Context, tx core.App, user *core.Record, deleteAfter time.Time) error {
	record, err := tx.FindFirstRecordByData(migrations.UserDatabases, "user", user.Id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the database of user %s: %w", user.Id, err)
	}
	record.Set("status", string(StatusDeleting))
	record.Set("delete_after", deleteAfter)
	record.Set("port", 0)
	record.Set("owner", account{
		ID: user.Id, Email: user.Email(), Name: user.GetString("name"), Verified: user.Verified(),
		Password: user.GetString("password:hash"),
	})
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("schedule the deletion of the database of user %s: %w", user.Id, err)
	}
	return keep(ctx, tx, record.GetString("name"), user.Id)
}

// Undelete cancels the deletion of a database, sets fields of its row, which must include the new
// status, and recreates the account of its owner if the user was deleted, with their schedules, jobs, pauses and ways
// to sign in. It returns ErrConflict if the
// database is no longer scheduled for deletion, and an error if the owner's id or address belongs to
// another account by now. It returns ErrElsewhere if another server has the database.
func (r *Registry) Undelete(ctx context.Context, entry Entry, fields Fields) error {
	return r.app.RunInTransaction(func(tx core.App) error {
		record, err := onThisServer(tx.FindRecordById(migrations.UserDatabases, entry.ID))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrConflict
		}
		if err != nil {
			return err
		}
		if Status(record.GetString("status")) != StatusDeleting {
			return ErrConflict
		}
		if record.GetString("user") == "" {
			if err := recreateUser(ctx, tx, entry.Name, entry.formerOwner); err != nil {
				return err
			}
			if err := restoreKept(ctx, tx, entry.Name, entry.formerOwner.ID); err != nil {
				return err
			}
			record.Set("user", entry.formerOwner.ID)
		}
		fields.applyTo(record)
		record.Set("owner", nil)
		record.Set("delete_after", "")
		return tx.SaveWithContext(ctx, record)
	})
}

// OwnerID returns the id of the user of a registry row, also if the user was deleted. It is blank if nobody knows it.
func OwnerID(record *core.Record) string {
	if id := record.GetString("user"); id != "" {
		return id
	}
	var owner account
	_ = record.UnmarshalJSONField("owner", &owner) // blank while the user exists
	return owner.ID
}

// FormerOwner returns the name of the database that is kept for the deleted user with the given id, or ""
// if there is none. The id must not be given to another user, who would prevent the restoration.
func FormerOwner(ctx context.Context, app core.App, id string) (database string, err error) {
	err = app.DB().Select("name").From(migrations.UserDatabases).
		Where(dbx.NewExp("CASE WHEN json_valid(owner) THEN json_extract(owner, '$.id') = {:id} END", dbx.Params{"id": id})).
		Limit(1).WithContext(ctx).Row(&database)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("check whether id %q belongs to a deleted user: %w", id, err)
	}
	return database, nil
}

// checkRecreation returns an error that says which other account has the id or the address of a deleted
// one.
func checkRecreation(ctx context.Context, tx core.App, owner *account) error {
	switch other, err := tx.FindRecordById(migrations.Users, owner.ID); {
	case err == nil:
		return fmt.Errorf("another account (%s) was created with the id %s: delete that account first", other.Email(), owner.ID)
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("find the account with the id %s: %w", owner.ID, err)
	}
	switch other, err := accounts.FindByEmail(ctx, tx, owner.Email); {
	case err == nil:
		return fmt.Errorf("%s has another account (%s): delete that account first", owner.Email, other.Id)
	case errors.Is(err, accounts.ErrAmbiguous):
		return fmt.Errorf("%s has other accounts, whose addresses differ only in case: delete them first", owner.Email)
	case !errors.Is(err, accounts.ErrNotFound):
		return err
	}
	return nil
}

// recreateUser creates an account with the id and the password of a deleted one, and with what was kept of it. Sessions
// issued before the deletion stay invalid. The account isn't validated: it was valid, and the operator may have added
// required fields to users since.
func recreateUser(ctx context.Context, tx core.App, database string, owner *account) error {
	if owner == nil {
		return errOwnerUnknown
	}
	if err := checkRecreation(ctx, tx, owner); err != nil {
		return err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	user := core.NewRecord(collection)
	kept, err := keptUser(ctx, tx, database)
	if err != nil {
		return err
	}
	user.Load(kept)
	user.Id = owner.ID
	user.SetEmail(owner.Email)
	user.SetVerified(owner.Verified)
	user.Set("name", owner.Name)
	user.SetRaw("password", &core.PasswordFieldValue{Hash: owner.Password})
	user.RefreshTokenKey()
	if err := tx.SaveNoValidateWithContext(ctx, user); err != nil {
		return fmt.Errorf("recreate the account of %s: %w", owner.Email, err)
	}
	return nil
}
