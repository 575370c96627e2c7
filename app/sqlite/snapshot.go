package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
)

// maxCompactWait is how long a compaction waits for others. Without a wait, the file would stay as large as it was whenever
// somebody uses it at that moment.
const maxCompactWait = time.Second

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
	db, err := openWaiting(ctx, path, 0)
	if err != nil {
		return fmt.Errorf("truncate the log of %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return truncateLog(ctx, db, path)
}

// Compact removes the free pages from a database file, so that it becomes smaller. Meanwhile, others can read but
// not write. It needs as much memory, and twice as much disk space, as the remaining pages have. It waits for a moment
// for others that write at its beginning, or read at its end, when writers wait, too.
func Compact(ctx context.Context, path string) (err error) {
	db, err := openWaiting(ctx, path, maxCompactWait)
	if err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.NewQuery("VACUUM").WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	return truncateLog(ctx, db, path)
}

// openWaiting is Open for a connection that waits for others for a limited time only.
func openWaiting(ctx context.Context, path string, limit time.Duration) (*dbx.DB, error) {
	db, err := Open(path)
	if err != nil {
		return nil, err
	}
	if _, err := db.NewQuery(fmt.Sprintf("PRAGMA busy_timeout=%d", limit.Milliseconds())).WithContext(ctx).Execute(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
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
