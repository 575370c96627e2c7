package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open is how PocketBase opens a file: a pool that reads and one that writes.
func open(t *testing.T, files *sqlite.Files, path string) (reads, writes *dbx.DB) {
	t.Helper()
	reads, err := files.Connect(path)
	require.NoError(t, err)
	writes, err = files.Connect(path)
	require.NoError(t, err)
	reads.DB().SetMaxOpenConns(8)
	writes.DB().SetMaxOpenConns(1)
	return reads, writes
}

func exec(t *testing.T, db dbx.Builder, statement string) {
	t.Helper()
	_, err := db.NewQuery(statement).Execute()
	require.NoError(t, err, statement)
}

func count(t *testing.T, db dbx.Builder, table string) (n int) {
	t.Helper()
	require.NoError(t, db.NewQuery("SELECT COUNT(*) FROM "+table).Row(&n))
	return n
}

// opened is how often this process has a file open.
func opened(t *testing.T, path string) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, entry := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil && target == path {
			n++
		}
	}
	return n
}

func TestReadsAndWritesShareAConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	assert.Zero(t, opened(t, path), "nothing is opened before it is needed")
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	for range 20 {
		exec(t, writes, "INSERT INTO a VALUES (1)")
		count(t, reads, "a")
	}
	assert.Equal(t, 20, count(t, reads, "a"))
	assert.Equal(t, 1, opened(t, path))
	require.NoError(t, reads.Close())
	exec(t, writes, "INSERT INTO a VALUES (1)")
	require.NoError(t, writes.Close())
	assert.Zero(t, opened(t, path), "the last pool closes the connections")
}

func TestAReadInsideAWriteSeesWhatWasCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	err := writes.Transactional(func(tx *dbx.Tx) error {
		exec(t, tx, "INSERT INTO a VALUES (1)")
		assert.Equal(t, 1, count(t, tx, "a"))
		assert.Zero(t, count(t, reads, "a"), "it has a connection of its own, and doesn't wait for the write to end")
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 1, count(t, reads, "a"))
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestManyAtOnceLoseNothing(t *testing.T) {
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
	assert.LessOrEqual(t, opened(t, path), 9, "one that writes and eight that read, at most")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
	assert.Zero(t, opened(t, path))
}

func TestACancelledQueryLeavesAConnectionThatWorks(t *testing.T) {
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
	assert.Zero(t, opened(t, path))
}

// logs is an auxiliary.db as PocketBase makes it.
func logs(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "logs.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE `_logs` (`id` TEXT, `level` INTEGER, `created` TEXT)")
	require.NoError(t, db.Close())
	require.NoError(t, sqlite.Checkpoint(t.Context(), path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

const (
	isThere = "SELECT (1) FROM `sqlite_schema` WHERE `name` = '_logs'"
	tidyUp  = "DELETE FROM `_logs` WHERE `level` < 0"
)

func TestTheAuxiliaryDatabaseIsOpenedLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.AuxiliaryFile)
	files := &sqlite.Files{Auxiliary: logs(t)}
	reads, writes := open(t, files, path)
	err := writes.Transactional(func(tx *dbx.Tx) error {
		var one int
		require.NoError(t, tx.NewQuery(isThere).Row(&one))
		assert.Equal(t, 1, one)
		return nil
	})
	require.NoError(t, err)
	exec(t, writes, tidyUp)
	assert.NoFileExists(t, path, "what PocketBase asks at every start needs no file")

	files.Started()
	exec(t, writes, "INSERT INTO `_logs` VALUES ('a', -1, '')")
	assert.Equal(t, 1, count(t, reads, "_logs"))
	exec(t, writes, tidyUp)
	assert.Zero(t, count(t, reads, "_logs"), "after the start nothing is answered without the file")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestAMigrationDuringTheStartIsForReal(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.AuxiliaryFile)
	files := &sqlite.Files{Auxiliary: logs(t)}
	reads, writes := open(t, files, path)
	failed := writes.Transactional(func(tx *dbx.Tx) error {
		exec(t, tx, "ALTER TABLE `_logs` ADD COLUMN `wrong` TEXT")
		return context.Canceled
	})
	require.Error(t, failed)
	err := writes.Transactional(func(tx *dbx.Tx) error {
		var one int
		require.NoError(t, tx.NewQuery(isThere).Row(&one))
		exec(t, tx, "ALTER TABLE `_logs` ADD COLUMN `more` TEXT")
		exec(t, tx, "INSERT INTO `_logs` (`id`, `more`) VALUES ('a', 'b')")
		return nil
	})
	require.NoError(t, err)
	var columns []string
	require.NoError(t, reads.NewQuery("SELECT name FROM pragma_table_info('_logs')").Column(&columns))
	assert.Equal(t, "id level created more", strings.Join(columns, " "), "the one rolled back left nothing")
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}

func TestDraftsAreCopies(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	exec(t, db, "CREATE TABLE a (text TEXT)")
	require.NoError(t, db.Close())
	image, err := sqlite.ReadImage(path)
	require.NoError(t, err)

	contents := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range contents {
		wg.Go(func() {
			draft, err := image.Draft(t.Context())
			require.NoError(t, err)
			_, err = draft.DB.Insert("a", dbx.Params{"text": fmt.Sprintf("only-in-%d", i)}).Execute()
			require.NoError(t, err)
			contents[i], err = draft.Content(t.Context())
			require.NoError(t, err)
			require.NoError(t, draft.Close())
		})
	}
	wg.Wait()
	for i, content := range contents {
		for j := range contents {
			assert.Equal(t, i == j, strings.Contains(string(content), fmt.Sprintf("only-in-%d", j)), "%d in %d", j, i)
		}
		copied := filepath.Join(t.TempDir(), sqlite.DataFile)
		require.NoError(t, os.WriteFile(copied, content, 0o600))
		reads, writes := open(t, &sqlite.Files{}, copied)
		var mode string
		require.NoError(t, reads.NewQuery("PRAGMA journal_mode").Row(&mode))
		assert.Equal(t, "wal", mode)
		assert.Equal(t, 1, count(t, writes, "a"))
		require.NoError(t, reads.Close())
		require.NoError(t, writes.Close())
	}
	_, err = sqlite.ReadImage(filepath.Join(t.TempDir(), "none"))
	require.Error(t, err)
}

func TestASnapshotIsOneMoment(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	exec(t, writes, "CREATE TABLE b (n INTEGER)")
	writing, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for writing.Err() == nil {
			err := writes.Transactional(func(tx *dbx.Tx) error { // always as many in the one as in the other
				exec(t, tx, "INSERT INTO a VALUES (1)")
				exec(t, tx, "INSERT INTO b VALUES (1)")
				return nil
			})
			assert.NoError(t, err)
		}
	})
	for i := range 5 {
		target := filepath.Join(dir, fmt.Sprintf("it's %d.db", i))
		require.NoError(t, sqlite.Snapshot(t.Context(), path, target))
		db, err := sqlite.Open(target)
		require.NoError(t, err)
		assert.Equal(t, count(t, db, "a"), count(t, db, "b"))
		require.NoError(t, db.Close())
		require.Error(t, sqlite.Snapshot(t.Context(), path, target), "it overwrites nothing")
	}
	stop()
	wg.Wait()
	require.NoError(t, reads.Close())
	require.NoError(t, writes.Close())
}
