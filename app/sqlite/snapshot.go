package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// maxReaderWait is how long a compaction waits for readers. Otherwise the file would stay as large as it was until
// somebody writes again. Writers wait meanwhile.
const maxReaderWait = time.Second

// Snapshot writes a consistent copy of a database file, without free pages, while other connections keep
// using the file. The target must not exist.
func Snapshot(ctx context.Context, path, target string) (err error) {
	db, err := Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("VACUUM INTO {:target}").Bind(dbx.Params{"target": target}).WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("copy database %s: %w", path, err)
	}
	return nil
}

// Checkpoint moves the content of the write-ahead log into the database file and removes the log. The
// file must not be open anywhere else.
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

// TruncateLog moves the content of the write-ahead log into the database file and empties the log. It waits for
// nobody: it returns an error if other connections are reading or writing at this moment.
func TruncateLog(ctx context.Context, path string) (err error) {
	db, err := openWithoutWaiting(ctx, path)
	if err != nil {
		return fmt.Errorf("truncate the log of %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return truncateLog(ctx, db, path)
}

// Compact removes the free pages from a database file, so that it becomes smaller. Meanwhile, others can read but
// not write. It needs as much memory, and twice as much disk space, as the remaining pages have. Like TruncateLog,
// it waits for nobody, except at its end for those who are still reading the larger file, for maxReaderWait.
func Compact(ctx context.Context, path string) (err error) {
	db, err := openWithoutWaiting(ctx, path)
	if err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("VACUUM").WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	if err := setBusyTimeout(ctx, db, maxReaderWait); err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	return truncateLog(ctx, db, path)
}

// openWithoutWaiting is Open for a connection that fails instead of waiting for others.
func openWithoutWaiting(ctx context.Context, path string) (*dbx.DB, error) {
	db, err := Open(path)
	if err != nil {
		return nil, err
	}
	if err := setBusyTimeout(ctx, db, 0); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func setBusyTimeout(ctx context.Context, db *dbx.DB, timeout time.Duration) error {
	_, err := db.NewQuery(fmt.Sprintf("PRAGMA busy_timeout=%d", timeout.Milliseconds())).WithContext(ctx).Execute()
	return err
}

func truncateLog(ctx context.Context, db *dbx.DB, path string) error {
	var busy, logged, moved int
	if err := db.NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").WithContext(ctx).Row(&busy, &logged, &moved); err != nil {
		return fmt.Errorf("truncate the log of %s: %w", path, err)
	}
	if busy != 0 {
		return fmt.Errorf("truncate the log of %s: database is in use", path)
	}
	return nil
}
