package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"

	"github.com/pocketbase/dbx"
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// MaxUntrustedRow is the maximum size in bytes of a value, and of a row, that is read from a file of OpenUntrusted.
const MaxUntrustedRow = 64 << 20

// untrustedPragmas keep what a file contains from running anything: functions with side effects in views, generated
// columns and CHECK constraints, and cells that point outside their page.
const untrustedPragmas = "mode=ro&immutable=1&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)" +
	"&_pragma=ignore_check_constraints(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-2000)"

// OpenUntrusted opens an existing file that somebody may have prepared to harm the program. Nobody may change the file
// while it is open. The file must not have a write-ahead log: SQLite ignores it. Larger rows than MaxUntrustedRow
// can't be read.
func OpenUntrusted(path string) *dbx.DB {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + untrustedPragmas
	db := dbx.NewFromDB(sql.OpenDB(untrustedConnector{pathConnector(dsn)}), driverName)
	db.DB().SetMaxOpenConns(2) // one for the rows, one for what is looked up in between
	return db
}

// untrustedConnector opens connections that refuse large rows.
type untrustedConnector struct{ pathConnector }

// Connect implements driver.Connector.
func (c untrustedConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := openConnection(string(c.pathConnector))
	if err != nil {
		return nil, err
	}
	withTLS(func(tls *libc.TLS) {
		lib.Xsqlite3_limit(tls, conn.handle, lib.SQLITE_LIMIT_LENGTH, MaxUntrustedRow)
	})
	return conn, nil
}
