package registry

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// KeyChange replaces the wrapped data key of a row, unless it has changed meanwhile.
type KeyChange struct {
	ID       string // of the row
	From, To string
}

// ChangeKeys replaces wrapped data keys in one transaction, and returns how many it has replaced. It runs no record hooks,
// because the keys themselves stay the same. The caller must Forget the rows.
func (r *Registry) ChangeKeys(ctx context.Context, changes []KeyChange) (changed int, err error) {
	err = r.app.RunInTransaction(func(tx core.App) error {
		for _, change := range changes {
			result, err := tx.NonconcurrentDB().Update(migrations.UserDatabases, dbx.Params{"data_key": change.To},
				dbx.HashExp{"id": change.ID, "data_key": change.From}).WithContext(ctx).Execute()
			if err != nil {
				return err
			}
			rows, err := result.RowsAffected()
			if err != nil {
				return err
			}
			changed += int(rows)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("replace %d wrapped data keys: %w", len(changes), err)
	}
	return changed, nil
}
