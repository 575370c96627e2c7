package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// reinstateRows changes the rows of the account and of its databases.
func (s *Service) reinstateRows(ctx context.Context, tx core.App, r Reinstatement) (result Reinstated, err error) {
	_, err = tx.FindRecordById(migrations.Users, r.Owned.UserID())
	if errors.Is(err, sql.ErrNoRows) {
		result.CreatedAccount = true
		user := dbx.NullStringMap{"tokenKey": {String: security.RandomString(50), Valid: true}, "unused": {String: "0", Valid: true}}
		err = insertRow(ctx, tx, migrations.Users, r.Owned.User, user)
	}
	if err != nil {
		return Reinstated{}, err
	}
	if result.Replaced, err = s.releaseOther(ctx, tx, r); err != nil {
		return Reinstated{}, err
	}
	if err := s.reserveRow(ctx, tx, r, false); err != nil {
		return Reinstated{}, err
	}
	if !result.CreatedAccount {
		return result, nil
	}
	for _, related := range r.Owned.Related {
		for _, row := range related.Rows {
			if err := insertRow(ctx, tx, related.Table, row, nil); err != nil {
				return Reinstated{}, err
			}
		}
	}
	return result, nil
}

// releaseOther schedules the deletion of a database that the user has under another name, and returns that name.
func (s *Service) releaseOther(ctx context.Context, tx core.App, r Reinstatement) (name string, err error) {
	other, err := tx.FindFirstRecordByData(migrations.UserDatabases, "user", r.Owned.UserID())
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil || other.GetString("name") == r.name() {
		return "", err
	}
	user, err := tx.FindRecordById(migrations.Users, r.Owned.UserID())
	if err != nil {
		return "", err
	}
	if err := registry.UserDeleted(ctx, tx, user, s.now().Add(s.retention.DeleteGrace)); err != nil {
		return "", err
	}
	name = other.GetString("name")
	if other, err = tx.FindRecordById(migrations.UserDatabases, other.Id); err != nil {
		return "", err
	}
	other.Set("user", "")
	return name, tx.SaveWithContext(ctx, other)
}

// reserveRow makes the registry say that the database is being provisioned for the user, or is archived.
func (s *Service) reserveRow(ctx context.Context, tx core.App, r Reinstatement, archived bool) error {
	record, err := tx.FindFirstRecordByData(migrations.UserDatabases, "name", r.name())
	if errors.Is(err, sql.ErrNoRows) {
		collection, err := tx.FindCachedCollectionByNameOrId(migrations.UserDatabases)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		date, seq := r.Owned.Database["date"].String, 0
		free := "SELECT CASE WHEN EXISTS (SELECT 1 FROM {{user_databases}} WHERE [[date]] = {:date} AND [[seq]] = {:seq}) " +
			"THEN (SELECT MAX(seq) + 1 FROM {{user_databases}} WHERE [[date]] = {:date}) ELSE {:seq} + 0 END"
		err = tx.DB().NewQuery(free).Bind(dbx.Params{"date": date, "seq": r.Owned.Database["seq"].String}).WithContext(ctx).Row(&seq)
		if err != nil {
			return err
		}
		record.Set("name", r.name())
		record.Set("date", date)
		record.Set("seq", seq)
	} else if err != nil {
		return err
	}
	for field, value := range map[string]any{
		"user": r.Owned.UserID(), "status": string(registry.StatusProvisioning), "data_key": r.Owned.Database["data_key"].String,
		"schema_version": "", "archived_at": "", "delete_after": "", "purge_started": "", "error": "", "owner": nil,
	} {
		record.Set(field, value)
	}
	if archived {
		record.Set("status", string(registry.StatusArchived))
		record.Set("archived_at", s.now())
	}
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return err
	}
	return registry.ForgetKept(ctx, tx, r.name()) // of a deletion that this cancels
}

// insertRow inserts a row from a backup, unless a row with one of its unique values exists. Columns that the table doesn't have any
// more are left out; overrides replaces values.
func insertRow(ctx context.Context, tx core.App, table string, row, overrides dbx.NullStringMap) error {
	var columns []string
	err := tx.DB().NewQuery("SELECT name FROM pragma_table_info({:table})").Bind(dbx.Params{"table": table}).WithContext(ctx).Column(&columns)
	if err != nil {
		return err
	}
	values := dbx.Params{}
	for _, column := range columns {
		value, ok := row[column]
		if override, overridden := overrides[column]; overridden {
			value, ok = override, true
		}
		if ok && value.Valid {
			values[column] = value.String
		}
	}
	names, bound := make([]string, 0, len(values)), make([]string, 0, len(values))
	for column := range values {
		names, bound = append(names, "[["+column+"]]"), append(bound, "{:"+column+"}")
	}
	query := "INSERT INTO {{" + table + "}} (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(bound, ", ") + ") ON CONFLICT DO NOTHING"
	if _, err := tx.NonconcurrentDB().NewQuery(query).Bind(values).WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("add a row to %s: %w", table, err)
	}
	return nil
}
