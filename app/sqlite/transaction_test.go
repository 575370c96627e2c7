package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

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

func TestTransactionThatTheEndOfItsContextHasUndoneFails(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		exec(t, db, "CREATE TABLE t (n INTEGER)")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := sqlite.Transaction(ctx, db, func(tx *dbx.Tx) error {
			exec(t, tx, "INSERT INTO t VALUES (1)")
			cancel()
			require.Eventually(t, func() bool {
				_, err := tx.NewQuery("SELECT 1").Execute()
				return errors.Is(err, sql.ErrTxDone)
			}, time.Minute, time.Millisecond, "it is rolled back in the background")
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		assert.Zero(t, count(t, db, "t"))
	})
}

func TestTransactionIsCommittedAsAWholeOrNotAtAll(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		exec(t, db, "CREATE TABLE t (n INTEGER UNIQUE)")
		insert := func(numbers ...int) func(*dbx.Tx) error {
			return func(tx *dbx.Tx) error {
				for _, n := range numbers {
					if _, err := tx.Insert("t", dbx.Params{"n": n}).Execute(); err != nil {
						return err
					}
				}
				return nil
			}
		}
		require.NoError(t, sqlite.Transaction(t.Context(), db, insert(1, 2)))
		require.ErrorContains(t, sqlite.Transaction(t.Context(), db, insert(3, 2)), "UNIQUE")
		assert.PanicsWithValue(t, "unexpected", func() {
			_ = sqlite.Transaction(t.Context(), db, func(tx *dbx.Tx) error {
				_ = insert(4)(tx)
				panic("unexpected")
			})
		})
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, sqlite.Transaction(ended, db, insert(5)), context.Canceled)
		assert.Equal(t, 2, count(t, db, "t"))
		require.NoError(t, sqlite.Transaction(t.Context(), db, insert(3)), "the connection has left the transactions")
	})
}
