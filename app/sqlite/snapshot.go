package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Snapshot writes a copy of a file, as it is at one moment and without free pages, while other
// connections keep using it. The target must not exist.
func Snapshot(ctx context.Context, path, target string) (err error) {
	db, err := Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("VACUUM INTO {:target}").Bind(dbx.Params{"target": target}).WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("take a snapshot of %s: %w", path, err)
	}
	return nil
}

// Checkpoint moves the content of the write-ahead log into the file and removes the log. Nobody else
// may have the file open.
func Checkpoint(ctx context.Context, path string) (err error) {
	db, err := Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("checkpoint %s: %w", path, err)
	}
	return nil
}
