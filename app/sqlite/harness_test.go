package sqlite_test

import (
	"os"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open opens a file the way PocketBase does: with one pool for reading and one for writing.
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

// exec must run on the test goroutine, as all helpers here.
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

// openFiles counts how often this process has a file open.
func openFiles(t *testing.T, path string) (n int) {
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
