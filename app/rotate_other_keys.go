package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// tablesWithKeys are the tables of the global database whose rows outlive a user database, so that each has a data key of
// its own, named after the table and the row.
var tablesWithKeys = []struct{ name, id string }{
	{migrations.FathomRemovals, "endpoint"},
	{migrations.LoomGrants, "id"},
}

// rewrapOtherKeys wraps the data keys in tablesWithKeys with the current master key, and returns how many it has changed. It
// may be repeated. Keys that can't be unwrapped are left, and returned as an error.
func (a *App) rewrapOtherKeys(ctx context.Context) (changed int, err error) {
	var failures error
	for _, table := range tablesWithKeys {
		var rows []struct {
			ID      string `db:"id"`
			DataKey string `db:"data_key"`
		}
		err := a.ConcurrentDB().Select(table.id+" AS id", "data_key").From(table.name).Where(dbx.NewExp("data_key != ''")).WithContext(ctx).All(&rows)
		if err != nil {
			return changed, fmt.Errorf("find the data keys in %s: %w", table.name, err)
		}
		for _, row := range rows {
			rewrapped, isNew, err := a.Databases.RewrapKey(table.name+"/"+row.ID, row.DataKey)
			if err != nil {
				failures = errors.Join(failures, fmt.Errorf("row %s of %s: %w", row.ID, table.name, err))
				continue
			}
			if !isNew {
				continue
			}
			_, err = a.NonconcurrentDB().Update(table.name, dbx.Params{"data_key": rewrapped},
				dbx.HashExp{table.id: row.ID, "data_key": row.DataKey}).WithContext(ctx).Execute()
			if err != nil {
				return changed, fmt.Errorf("replace the data key of row %s of %s: %w", row.ID, table.name, err)
			}
			changed++
		}
	}
	return changed, failures
}
