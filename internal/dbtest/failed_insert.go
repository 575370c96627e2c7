package dbtest

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver
)

// FailedInsert returns SQLite's error for an insert into a new database after a statement that makes it fail, such as
// "PRAGMA max_page_count = 2", which makes the database full.
func FailedInsert(t testing.TB, prepare string) error {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "data.db"))
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1) // a pragma belongs to its connection
	for _, statement := range []string{"CREATE TABLE t (v)", prepare} {
		_, err = db.Exec(statement)
		require.NoError(t, err)
	}
	_, err = db.Exec("INSERT INTO t VALUES (randomblob(100000))")
	require.Error(t, err)
	return err
}

// LockedInsert returns SQLite's error for an insert into a database that another connection is writing to.
func LockedInsert(t testing.TB) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	open := func() *sql.DB {
		db, err := sql.Open("sqlite", path+"?_txlock=immediate")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		return db
	}
	writer, other := open(), open()
	_, err := writer.Exec("CREATE TABLE t (v)")
	require.NoError(t, err)
	tx, err := writer.Begin()
	require.NoError(t, err)
	_, err = other.Exec("INSERT INTO t VALUES (1)")
	require.Error(t, err)
	require.NoError(t, tx.Rollback())
	return err
}
