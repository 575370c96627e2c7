package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestSnapshotIsConsistent(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	exec(t, writes, "CREATE TABLE b (n INTEGER)")
	writing, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() {
		for writing.Err() == nil {
			err := writes.Transactional(func(tx *dbx.Tx) error { // both tables always have as many rows
				for _, table := range []string{"a", "b"} {
					if _, err := tx.Insert(table, dbx.Params{"n": 1}).Execute(); err != nil {
						return err
					}
				}
				return nil
			})
			if !assert.NoError(t, err) {
				return
			}
		}
	})
	for i := range 5 {
		target := filepath.Join(dir, fmt.Sprintf("it's %d.db", i))
		require.NoError(t, sqlite.Snapshot(t.Context(), path, target))
		db, err := sqlite.Open(target)
		require.NoError(t, err)
		assert.Equal(t, count(t, db, "a"), count(t, db, "b"))
		require.NoError(t, db.Close())
		require.Error(t, sqlite.Snapshot(t.Context(), path, target), "an existing file is not overwritten")
	}
	stop()
	wg.Wait()
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestCompactionWaitsForReadersOfTheLargerFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE texts (text BLOB)")
	exec(t, writes, "INSERT INTO texts VALUES (zeroblob(8000000))")
	exec(t, writes, "DELETE FROM texts")
	require.NoError(t, sqlite.TruncateLog(t.Context(), path))
	reader, err := reads.Begin()
	require.NoError(t, err)
	require.Zero(t, count(t, reader, "texts"))

	compacted := make(chan error, 1)
	go func() { compacted <- sqlite.Compact(t.Context(), path) }()
	polltest.Until(t, time.Millisecond, func() bool { return pages(t, reads) < 10 }, "the file is compacted in the log")
	exec(t, writes, "PRAGMA busy_timeout=0")
	polltest.Until(t, time.Millisecond, func() bool {
		_, err := writes.NewQuery("INSERT INTO texts VALUES (1)").Execute()
		return err != nil || len(compacted) > 0
	}, "the compaction waits for the reader")
	require.NoError(t, reader.Rollback())
	require.NoError(t, <-compacted)
	assert.Less(t, size(t, path), int64(100_000))
	assert.Zero(t, size(t, path+"-wal"))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func pages(t *testing.T, db dbx.Builder) (n int) {
	t.Helper()
	require.NoError(t, db.NewQuery("PRAGMA page_count").Row(&n))
	return n
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}
