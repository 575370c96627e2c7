package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// endless never returns a second row.
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 1 OR i < 0"

// connectEach runs a test with the pools of the global database and with those of user databases.
func connectEach(t *testing.T, test func(t *testing.T, db *dbx.DB)) {
	t.Helper()
	files := &sqlite.Files{}
	for name, connect := range map[string]func(string) (*dbx.DB, error){"global": sqlite.Connect, "user": files.Connect} {
		t.Run(name, func(t *testing.T) {
			db, err := connect(filepath.Join(t.TempDir(), "data.db"))
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			test(t, db)
		})
	}
}

// readAll reads all rows of a query. Unlike dbx it returns an error that occurs between two rows.
func readAll(ctx context.Context, db *dbx.DB, query string) error {
	rows, err := db.DB().QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

func TestQueryEndsWithItsContextBetweenRows(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		started := time.Now()
		require.Error(t, readAll(ctx, db, endless))
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
		assert.Less(t, time.Since(started), 10*time.Second)
		var one int
		require.NoError(t, db.NewQuery("SELECT 1").Row(&one), "later queries are not interrupted")
	})
}

func TestQueryOfAClosedResultIsNotInterrupted(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		var one int
		require.NoError(t, db.NewQuery("SELECT 1").WithContext(ctx).Row(&one))
		cancel()
		for range 100 {
			require.NoError(t, db.NewQuery("SELECT 1 UNION SELECT 2").Row(&one))
		}
	})
}

func TestMeterCountsTheBytesOfRows(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		const query = "SELECT 'four', x'010203', 5, NULL UNION ALL SELECT 'six...', NULL, NULL, NULL"
		var sizes []int
		count := func(bytes int) error { sizes = append(sizes, bytes); return nil }
		var rows []dbx.NullStringMap
		require.NoError(t, db.NewQuery(query).WithContext(sqlite.WithMeter(context.Background(), count)).All(&rows))
		assert.Equal(t, []int{7, 6}, sizes)

		errFull := errors.New("full")
		refuse := func(int) error { return errFull }
		assert.ErrorIs(t, readAll(sqlite.WithMeter(t.Context(), refuse), db, query), errFull)
	})
}

func TestRewrittenQueryIsExecuted(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		ctx := sqlite.WithRewrite(t.Context(), func(query string) string { return strings.Replace(query, "1", "2", 1) })
		var n int
		require.NoError(t, db.NewQuery("SELECT 1").WithContext(ctx).Row(&n))
		assert.Equal(t, 2, n)
	})
}

func TestLengthOfPatternsIsLimited(t *testing.T) {
	connectEach(t, func(t *testing.T, db *dbx.DB) {
		like := func(length int) error {
			var matches bool
			pattern := "%" + strings.Repeat("a", length-2) + "%"
			return db.NewQuery("SELECT 'aa' LIKE {:pattern}").Bind(dbx.Params{"pattern": pattern}).Row(&matches)
		}
		require.NoError(t, like(sqlite.MaxPatternLength))
		assert.ErrorContains(t, like(sqlite.MaxPatternLength+1), "pattern too complex")
	})
}
