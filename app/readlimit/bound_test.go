package readlimit_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openDatabase(t *testing.T) *dbx.DB {
	t.Helper()
	db, err := sqlite.Connect(filepath.Join(t.TempDir(), "data.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// requireStatus checks that an error is an API error.
func requireStatus(t *testing.T, status int, err error) {
	t.Helper()
	response, ok := errors.AsType[*router.ApiError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, status, response.Status)
}

func TestBoundQueriesOfAUserShareTheMemoryForRecords(t *testing.T) {
	t.Parallel()
	l, db, ada := readlimit.New(), openDatabase(t), readlimit.Caller{Caller: limit.Account("ada")}
	read := func(ctx context.Context, bytes int) error {
		const row = 1000 // bytes
		rows, err := db.NewQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT zeroblob({:row}) FROM n LIMIT {:n}").
			Bind(dbx.Params{"row": row, "n": bytes / row}).WithContext(ctx).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() { // the meter counts
		}
		return rows.Err()
	}
	first, endFirst := l.Bound(t.Context(), ada)
	require.NoError(t, read(first, limit.MaxRecordBytesPerUser-1<<20), "one may read as much as the limit allows")
	second, endSecond := l.Bound(t.Context(), ada)
	require.NoError(t, read(second, 1000), "small ones always fit")
	assert.Error(t, read(second, 2<<20))
	requireStatus(t, 429, endSecond(nil))
	assert.NoError(t, endFirst(nil))

	third, endThird := l.Bound(t.Context(), ada)
	assert.NoError(t, read(third, 2<<20), "the memory is free again")
	failed := errors.New("failed")
	assert.Equal(t, failed, endThird(failed))
}

func TestBoundQueriesEnd(t *testing.T) {
	t.Parallel()
	l, db := readlimit.New(), openDatabase(t)
	const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"
	var numbers []int
	bounded, end := l.Bound(t.Context(), readlimit.Caller{Caller: limit.Account("ada")})
	requireStatus(t, 503, end(db.NewQuery(endless).WithContext(bounded).Column(&numbers)))

	disconnected, disconnect := context.WithCancel(t.Context())
	disconnect()
	bounded, end = l.Bound(disconnected, readlimit.Caller{Caller: limit.Account("ada")})
	assert.ErrorIs(t, end(db.NewQuery(endless).WithContext(bounded).Column(&numbers)), context.Canceled)
}
