package sqlite_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// statements returns how many prepared statements the connection has that a pool uses next.
func statements(t *testing.T, db *dbx.DB) (n int) {
	t.Helper()
	conn, err := db.DB().Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, conn.Raw(func(driverConn any) error {
		n = sqlite.Statements(driverConn)
		return nil
	}))
	require.NoError(t, conn.Close())
	return n
}

func TestRepeatedQueryIsKept(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		for i := range 5 {
			var n int
			require.NoError(t, db.NewQuery("SELECT 2 * {:i}").Bind(dbx.Params{"i": i}).Row(&n))
			assert.Equal(t, 2*i, n)
			assert.Equal(t, min(i, 1), statements(t, db), "it is kept once it is repeated")
		}
	})
}

func TestRepeatedQueryFollowsTheSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	reads, writes := open(t, &sqlite.Files{}, path)
	defer func() {
		require.NoError(t, reads.Close())
		require.NoError(t, writes.Close())
	}()
	read := func() (rows []dbx.NullStringMap, err error) {
		err = reads.NewQuery("SELECT * FROM a").All(&rows)
		return rows, err
	}
	exec(t, writes, "CREATE TABLE a (n INTEGER)")
	exec(t, writes, "INSERT INTO a VALUES (1)")
	_, err := read()
	require.NoError(t, err)
	rows, err := read()
	require.NoError(t, err)
	require.Len(t, rows[0], 1)

	exec(t, writes, "ALTER TABLE a ADD COLUMN m INTEGER DEFAULT 2")
	rows, err = read()
	require.NoError(t, err)
	assert.Equal(t, "2", rows[0]["m"].String)

	exec(t, writes, "DROP TABLE a")
	_, err = read()
	require.ErrorContains(t, err, "no such table")
	exec(t, writes, "CREATE TABLE a (text TEXT)")
	rows, err = read()
	require.NoError(t, err)
	assert.Empty(t, rows)
}

func TestSameQueryInsideOfItself(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		const query = "SELECT value FROM json_each({:list})"
		var pairs []string
		require.NoError(t, db.Transactional(func(tx *dbx.Tx) error {
			outer, err := tx.NewQuery(query).Bind(dbx.Params{"list": "[1,2]"}).Rows()
			require.NoError(t, err)
			defer outer.Close()
			for outer.Next() {
				var first string
				require.NoError(t, outer.Scan(&first))
				var second []string
				require.NoError(t, tx.NewQuery(query).Bind(dbx.Params{"list": "[3,4]"}).Column(&second))
				pairs = append(pairs, first+strings.Join(second, ""))
			}
			return outer.Err()
		}))
		assert.Equal(t, []string{"134", "234"}, pairs)
	})
}

func TestQueryCanBeRepeatedAfterItWasInterrupted(t *testing.T) {
	// The number of the first row, and whether there is a second: the search for either can take forever.
	const query = "SELECT i FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {:length}) " +
		"SELECT i FROM n) WHERE i >= {:first} AND (i = {:first} OR i < 0)"
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		for _, first := range []int{1, 1 << 40, 1, 1 << 40} {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			rows, err := db.NewQuery(query).WithContext(ctx).Bind(dbx.Params{"length": -1, "first": first}).Rows()
			if err == nil {
				for rows.Next() {
				}
				err = rows.Err()
				_ = rows.Close() // it repeats the error
			}
			require.Error(t, err)
			require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
			cancel()
			var found []int
			require.NoError(t, db.NewQuery(query).Bind(dbx.Params{"length": 10, "first": 7}).Column(&found))
			assert.Equal(t, []int{7}, found)
		}
	})
}

func TestConnectionKeepsFewStatements(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		var n int
		long := "SELECT " + strings.Repeat("1 + ", 500) + "1"
		for range 3 {
			require.NoError(t, db.NewQuery(long).Row(&n))
			assert.Zero(t, statements(t, db), "a long query is not kept")
			require.Error(t, db.NewQuery("SELECT abs({:n})").Bind(dbx.Params{"n": math.MinInt64}).Row(&n))
			assert.Zero(t, statements(t, db), "a query that fails is not kept")
		}
		for i := range 100 {
			for range 3 {
				require.NoError(t, db.NewQuery(fmt.Sprintf("SELECT %d", i)).Row(&n))
				assert.Equal(t, i, n)
			}
		}
		assert.Equal(t, 8, statements(t, db))
	})
}

func TestUnusedDatabaseKeepsNoStatements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads, writes := open(t, &sqlite.Files{}, filepath.Join(t.TempDir(), sqlite.DataFile))
		exec(t, writes, "CREATE TABLE a (n INTEGER)")
		count(t, reads, "a")
		count(t, reads, "a")
		require.Equal(t, 1, statements(t, reads))
		<-time.After(time.Minute)
		synctest.Wait()
		assert.Zero(t, statements(t, reads))
		require.NoError(t, reads.Close())
		require.NoError(t, writes.Close())
	})
}
