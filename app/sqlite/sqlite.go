// Package sqlite opens SQLite files the way thousands of small PocketBases in
// one process need it: few connections to a file, opened late and shared.
//
// It knows nothing of users. What it must not do is change what PocketBase sees:
// one writer at a time, readers beside it, WAL.
package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/pocketbase/dbx"
	"modernc.org/libc"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// driverName is what modernc.org/sqlite registers itself as, and what dbx calls
// its dialect.
const driverName = "sqlite"

// pragmas are PocketBase's own
// (https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/db_connect.go) but
// for two bounds: a page cache of 2 MB in place of 32 for each connection, and a
// log of 4 MB in place of 200 left behind after a checkpoint.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(4194304)" +
	"&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-2000)"

// Lookaside is a block of memory every connection sets aside for small
// allocations: 47 KB each, more than it saves in time where thousands are open.
// It can be configured before the first connection of the process only, and for
// all of them. https://www.sqlite.org/malloc.html#lookaside
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	sizeAndCount := libc.NewVaList(int32(0), int32(0))
	defer libc.Xfree(tls, sizeAndCount)
	if code := lib.Xsqlite3_config(tls, lib.SQLITE_CONFIG_LOOKASIDE, sizeAndCount); code != lib.SQLITE_OK {
		panic(fmt.Sprintf("sqlite: configure lookaside: code %d", code)) // a connection was opened before
	}
}

// connection is what modernc.org/sqlite gives for a connection.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Validator
	sqlite.FileControl
}

var sqliteDriver = func() driver.Driver {
	db, err := sql.Open(driverName, "")
	if err == nil {
		err = db.Close() // no connection was made
	}
	if err != nil {
		panic(err) // the import above registers it
	}
	return db.Driver()
}()

func dial(dsn string) (connection, error) {
	opened, err := sqliteDriver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return opened.(connection), nil
}

// Open opens a file for maintenance: one connection, apart from any PocketBase
// that may have it open as well. The file is made where it is missing.
func Open(path string) (*dbx.DB, error) {
	db, err := dbx.Open(driverName, path+pragmas)
	if err != nil {
		return nil, err
	}
	db.DB().SetMaxOpenConns(1)
	return db, nil
}
