package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
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
