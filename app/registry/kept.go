package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// keptTable is a table of the global database whose rows disappear together with their user. Restoring a deleted user
// brings them back.
type keptTable struct {
	name string
	user string // the column with the id of the user
}

// keptTables don't include the webhooks at Fathom, which are deleted there: the next sync creates them again. They
// include the row of the user, for what an account doesn't have, such as fields that the operator has added.
var keptTables = []keptTable{
	{migrations.Users, "id"},
	{migrations.JobSchedules, "user"},
	{migrations.GlobalQueue, "user"},
	{migrations.QueuePauses, "user"},
	{migrations.SignInNetworks, "account"},
	{core.CollectionNameExternalAuths, "recordRef"},
}

// keptSecrets are columns that are not kept: earlier sessions must stay invalid, and an account has the password.
var keptSecrets = []string{"tokenKey", "password"}

// keep copies what belongs to a user, so that it can be restored after the user was deleted.
func keep(ctx context.Context, tx core.App, database, userID string) error {
	if err := forgetKept(ctx, tx, database); err != nil { // of an earlier deletion
		return err
	}
	for _, table := range keptTables {
		columns, err := tx.TableColumns(table.name)
		if err != nil {
			return fmt.Errorf("read the columns of %s: %w", table.name, err)
		}
		var pairs []string
		for _, column := range columns {
			if !slices.Contains(keptSecrets, column) {
				pairs = append(pairs, "'"+column+"', [["+column+"]]")
			}
		}
		query := "INSERT INTO {{" + migrations.KeptRecords + "}} (database, origin, record) " +
			"SELECT {:database}, {:origin}, json_object(" + strings.Join(pairs, ", ") + ") " +
			"FROM {{" + table.name + "}} WHERE [[" + table.user + "]] = {:user} ORDER BY rowid"
		params := dbx.Params{"database": database, "origin": table.name, "user": userID}
		if _, err := tx.NonconcurrentDB().NewQuery(query).Bind(params).WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("keep the rows of user %s in %s: %w", userID, table.name, err)
		}
	}
	return nil
}

// restoreKept brings back what keep has copied, after the account was created again. A row that another one has replaced
// since, such as a sign-in with Google that belongs to another account by now, is left out.
func restoreKept(ctx context.Context, tx core.App, database, userID string) error {
	for _, table := range keptTables {
		columns, err := restorableColumns(ctx, tx, database, table.name)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			continue
		}
		values := make([]string, len(columns))
		for i, column := range columns {
			values[i] = "record ->> '$." + column + "'"
		}
		from := " FROM {{" + migrations.KeptRecords + "}} WHERE database = {:database} AND origin = {:origin}"
		query := "INSERT INTO {{" + table.name + "}} ([[" + strings.Join(columns, "]], [[") + "]]) " +
			"SELECT " + strings.Join(values, ", ") + from + " ORDER BY rowid ON CONFLICT DO NOTHING"
		if table.name == migrations.Users { // the row exists already; this adds what saving it has changed, such as its dates
			query = "UPDATE {{users}} SET ([[" + strings.Join(columns, "]], [[") + "]]) = (SELECT " + strings.Join(values, ", ") + from + ")" +
				" WHERE [[id]] = {:user}"
		}
		params := dbx.Params{"database": database, "origin": table.name, "user": userID}
		if _, err := tx.NonconcurrentDB().NewQuery(query).Bind(params).WithContext(ctx).Execute(); err != nil {
			return fmt.Errorf("restore the rows of user %s in %s: %w", userID, table.name, err)
		}
	}
	return forgetKept(ctx, tx, database)
}

// keptUser returns what was kept of the row of a user, by column. It is empty for a user that an earlier version deleted.
func keptUser(ctx context.Context, tx core.App, database string) (row map[string]any, err error) {
	var text string
	err = tx.NonconcurrentDB().Select("record").From(migrations.KeptRecords).
		Where(dbx.HashExp{"database": database, "origin": migrations.Users}).WithContext(ctx).Row(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &row)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was kept of the user of %s: %w", database, err)
	}
	return row, nil
}

// restorableColumns returns the columns of a table that its kept rows have as well: an upgrade may have added or removed
// some since.
func restorableColumns(ctx context.Context, tx core.App, database, table string) ([]string, error) {
	var kept []string
	err := tx.NonconcurrentDB().NewQuery("SELECT key FROM json_each((SELECT record FROM {{" + migrations.KeptRecords + "}}" +
		" WHERE database = {:database} AND origin = {:origin} LIMIT 1))").
		Bind(dbx.Params{"database": database, "origin": table}).WithContext(ctx).Column(&kept)
	if err != nil {
		return nil, fmt.Errorf("read what was kept of %s: %w", table, err)
	}
	current, err := tx.TableColumns(table)
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	return slices.DeleteFunc(current, func(column string) bool { return !slices.Contains(kept, column) }), nil
}

// forgetKept removes what keep has copied.
func forgetKept(ctx context.Context, tx core.App, database string) error {
	_, err := tx.NonconcurrentDB().Delete(migrations.KeptRecords, dbx.HashExp{"database": database}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("remove what was kept of user database %s: %w", database, err)
	}
	return nil
}
