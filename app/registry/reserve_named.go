package registry

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// ReserveNamed makes the registry say, in the transaction tx, that a database whose name is known, such as one from a backup,
// is being provisioned for its user, or is archived since the given time. It changes the row of that name, if there is one,
// and forgets what was kept for a deletion, which this cancels. It returns ErrElsewhere if another server has the database.
func ReserveNamed(ctx context.Context, tx core.App, owned Owned, archived time.Time) error {
	name := owned.Database["name"].String
	record, err := onThisServer(tx.FindFirstRecordByData(migrations.UserDatabases, "name", name))
	if errors.Is(err, sql.ErrNoRows) {
		record, err = newNamedRow(ctx, tx, owned)
	}
	if err != nil {
		return err
	}
	for field, value := range map[string]any{
		"user": owned.UserID(), "status": string(StatusProvisioning), "data_key": owned.Database["data_key"].String,
		"schema_version": "", "archived_at": "", "delete_after": "", "purge_started": "", "error": "", "owner": nil,
	} {
		record.Set(field, value)
	}
	if !archived.IsZero() {
		record.Set("status", string(StatusArchived))
		record.Set("archived_at", archived)
	}
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return err
	}
	return forgetKept(ctx, tx, name)
}

// newNamedRow returns an unsaved row with the sequence number that it had, or a free one if another row has that.
func newNamedRow(ctx context.Context, tx core.App, owned Owned) (*core.Record, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
	if err != nil {
		return nil, err
	}
	date, seq := owned.Database["date"].String, 0
	free := "SELECT CASE WHEN EXISTS (SELECT 1 FROM {{" + migrations.UserDatabases + "}} WHERE [[date]] = {:date} AND [[seq]] = {:seq}) " +
		"THEN (SELECT MAX(seq) + 1 FROM {{" + migrations.UserDatabases + "}} WHERE [[date]] = {:date}) ELSE {:seq} + 0 END"
	err = tx.DB().NewQuery(free).Bind(dbx.Params{"date": date, "seq": owned.Database["seq"].String}).WithContext(ctx).Row(&seq)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(collection)
	record.Set("name", owned.Database["name"].String)
	record.Set("date", date)
	record.Set("seq", seq)
	return record, nil
}

// ReleaseOther schedules, in the transaction tx, the deletion of a database that a user has under another name than the given
// one, and returns that name, or "" if there is none. The user then has no database. It returns ErrElsewhere if another
// server has it.
func ReleaseOther(ctx context.Context, tx core.App, userID, name string, deleteAfter time.Time) (released string, err error) {
	other, err := onThisServer(tx.FindFirstRecordByData(migrations.UserDatabases, "user", userID))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil || other.GetString("name") == name {
		return "", err
	}
	user, err := tx.FindRecordById(migrations.Users, userID)
	if err != nil {
		return "", err
	}
	if err := UserDeleted(ctx, tx, user, deleteAfter); err != nil {
		return "", err
	}
	if other, err = tx.FindRecordById(migrations.UserDatabases, other.Id); err != nil {
		return "", err
	}
	other.Set("user", "")
	return other.GetString("name"), tx.SaveWithContext(ctx, other)
}
