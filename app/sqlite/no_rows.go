package sqlite

import (
	"database/sql"
	"errors"
)

// IgnoreNoRows returns nil if err means that a query has found no row, and otherwise err.
func IgnoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
