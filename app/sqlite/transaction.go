package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Transaction makes changes that are committed together, or not at all if change returns an error or panics, or ctx ends
// before the commit. It returns the error of change, ctx.Err, or an error of the database.
//
// It replaces dbx.DB.TransactionalContext, which returns nil if the end of the context has undone the changes
// (https://github.com/pocketbase/dbx/blob/v1.12.0/db.go#L246).
func Transaction(ctx context.Context, db *dbx.DB, change func(*dbx.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := change(tx); err != nil {
		return err
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}
