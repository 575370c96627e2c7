package sqlite

import (
	"database/sql/driver"
	"io"
	"path/filepath"
	"strings"
)

// PocketBase executes the following statements every time it starts. They are recognized by their text.
// If a new version of PocketBase changes the text, opening a database becomes slower, and the test
// TestOpeningExecutesOnlyExpectedStatements of package userdb fails.
const (
	// collectionsQuery loads the schema, which takes longer than the rest of the start because it
	// decodes JSON. It is answered with no rows; the caller of Files.Started provides collections that
	// were decoded for another database. Once the start has written something, the query is executed,
	// because a migration, for example, needs the collections.
	collectionsQuery = "SELECT `_collections`.* FROM `_collections` ORDER BY `rowid` ASC"

	// migrationsTablePrefix starts a statement that writes nothing if the table exists, which it always
	// does in a user database.
	migrationsTablePrefix = "CREATE TABLE IF NOT EXISTS `_migrations` "

	// tableQueryPrefix starts the query that checks for a table of auxiliary.db, which always exists.
	tableQueryPrefix = "SELECT (1) FROM `sqlite_schema` "

	// logDeletionPrefix starts the deletion of old logs, which can wait for package userdb's
	// maintenance.
	logDeletionPrefix = "DELETE FROM `_logs` "
)

// Statement is an SQL statement of PocketBase, as Files.Observe sees it.
type Statement struct {
	File     string // DataFile or AuxiliaryFile
	SQL      string
	Answered bool // it was answered without the file
}

// report passes a statement to the observer, if there is one.
func (s *sharedConnector) report(query string, answered bool) {
	if s.observe != nil {
		s.observe(Statement{File: filepath.Base(s.path), SQL: query, Answered: answered})
	}
}

// answersQuery reports whether a query to data.db is answered without the file.
func (s *sharedConnector) answersQuery(query string) bool {
	return query == collectionsQuery && s.starting.Load()
}

// endStartOnWrite ends the special treatment of a start if the statement may write something.
func (s *sharedConnector) endStartOnWrite(query string) {
	if s.starting.Load() && !strings.HasPrefix(query, migrationsTablePrefix) {
		s.starting.Store(false)
	}
}

// stubRows are rows with a single column that contains the number 1.
type stubRows struct{ remaining int }

// Columns implements driver.Rows.
func (*stubRows) Columns() []string { return []string{"1"} }

// Close implements driver.Rows.
func (*stubRows) Close() error { return nil }

// Next implements driver.Rows.
func (r *stubRows) Next(row []driver.Value) error {
	if r.remaining == 0 {
		return io.EOF
	}
	r.remaining--
	row[0] = int64(1)
	return nil
}
