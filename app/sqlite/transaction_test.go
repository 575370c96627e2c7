package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// SQLite fails the first write of a transaction, whatever the busy timeout, if another process has written since the
// transaction's first read.
func TestNobodyWritesBetweenAReadAndAWriteOfATransaction(t *testing.T) {
	for name, connect := range map[string]func(string) (*dbx.DB, error){"global": sqlite.Connect} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), sqlite.DataFile)
			db, err := connect(path)
			require.NoError(t, err)
			exec(t, db, "CREATE TABLE t (n INTEGER)")
			other, err := sqlite.Open(path)
			require.NoError(t, err)
			exec(t, other, "PRAGMA busy_timeout = 0")

			require.NoError(t, db.Transactional(func(tx *dbx.Tx) error {
				assert.Zero(t, count(t, tx, "t"))
				_, err := other.NewQuery("INSERT INTO t VALUES (1)").Execute()
				assert.ErrorContains(t, err, "database is locked")
				_, err = tx.NewQuery("INSERT INTO t VALUES (2)").Execute()
				return err
			}))
			exec(t, other, "INSERT INTO t VALUES (1)")
			assert.Equal(t, 2, count(t, db, "t"))
			require.NoError(t, other.Close())
			require.NoError(t, db.Close())
		})
	}
}
