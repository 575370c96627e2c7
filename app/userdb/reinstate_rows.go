package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

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
	if result.Replaced, err = registry.ReleaseOther(ctx, tx, r.Owned.UserID(), r.name(), s.now().Add(s.retention.DeleteGrace)); err != nil {
		return Reinstated{}, err
	}
	if err := registry.ReserveNamed(ctx, tx, r.Owned, time.Time{}); err != nil {
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
