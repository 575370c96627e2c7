package apptest

import (
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/require"
)

// GlobalFile returns the path of the SQLite file of the global database.
func (s *Server) GlobalFile() string { return filepath.Join(s.Dir, "pb_data", "data.db") }

// DataFile returns the path of the SQLite file of the person's database.
func (p Person) DataFile() string { return filepath.Join(p.FolderPath(p.Name), "data.db") }

// Execute executes SQL statements in a SQLite file as another process does.
func Execute(t testing.TB, path string, statements ...string) {
	t.Helper()
	withFile(t, path, func(db *dbx.DB) {
		for _, statement := range statements {
			_, err := db.NewQuery(statement).Execute()
			require.NoError(t, err, statement)
		}
	})
}

// QueryRow reads the first row of a query from a SQLite file into values.
func QueryRow(t testing.TB, path, query string, values ...any) {
	t.Helper()
	withFile(t, path, func(db *dbx.DB) { require.NoError(t, db.NewQuery(query).Row(values...), query) })
}

func withFile(t testing.TB, path string, use func(*dbx.DB)) {
	t.Helper()
	db, err := dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	use(db)
}
