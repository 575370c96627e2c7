package sqlite_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

func TestReadsAndWritesShareAConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	assert.Zero(t, openFiles(t, path), "the file is not opened before it is needed")
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	for range 20 {
		exec(t, writes, "INSERT INTO a VALUES (1)")
		count(t, reads, "a")
	}
	assert.Equal(t, 20, count(t, reads, "a"))
	assert.Equal(t, 1, openFiles(t, path))
	require.NoError(t, reads.Close())
	exec(t, writes, "INSERT INTO a VALUES (1)")
	require.NoError(t, writes.Close())
	assert.Zero(t, openFiles(t, path), "the last pool closes the connections")
}

func TestReadDuringAWriteSeesTheCommittedState(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	err := writes.Transactional(func(tx *dbx.Tx) error {
		exec(t, tx, "INSERT INTO a VALUES (1)")
		assert.Equal(t, 1, count(t, tx, "a"))
		assert.Zero(t, count(t, reads, "a"), "it has a connection of its own and does not wait for the write to end")
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 1, count(t, reads, "a"))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestConcurrentReadsAndWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			for i := range 50 {
				if worker%2 == 0 {
					_, err := writes.Insert("a", dbx.Params{"n": i}).Execute()
					assert.NoError(t, err)
					continue
				}
				var n int
				assert.NoError(t, reads.NewQuery("SELECT COUNT(*) FROM a").Row(&n))
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 8*50, count(t, reads, "a"))
	assert.LessOrEqual(t, openFiles(t, path), 9, "at most one writes and eight read")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
	assert.Zero(t, openFiles(t, path))
}

// As SQLite opens a file when it lacks a file descriptor for a moment.
func TestConnectionThatCanOnlyReadIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	exec(t, reads, "PRAGMA query_only(1)")
	_, err := writes.Insert("a", dbx.Params{"n": 1}).Execute()
	require.ErrorContains(t, err, "readonly")
	exec(t, writes, "INSERT INTO a VALUES (1)")
	assert.Equal(t, 1, count(t, reads, "a"))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestCancelledQueryLeavesAUsableConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var n int
	err := reads.NewQuery("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT COUNT(*) FROM c").WithContext(ctx).Row(&n)
	require.Error(t, err)
	assert.Zero(t, count(t, reads, "a"))
	exec(t, writes, "INSERT INTO a VALUES (1)")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
	assert.Zero(t, openFiles(t, path))
}
