package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Snapshot writes a copy of a file as it is at one moment, without free pages,
// while others go on using it. The target must not exist.
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

// Checkpoint writes everything of a file that nobody has open from its log into
// the file itself and removes the log.
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
