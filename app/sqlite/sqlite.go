// Package sqlite opens SQLite files so that one process can run thousands of small PocketBase apps: it
// opens files only when they are needed and shares connections between the pools of a file.
//
// All types are safe for concurrent use unless they say otherwise. The package must not know what the
// files are used for, and must not change what PocketBase relies on: write-ahead logging, one writer
// at a time, and readers that do not wait for it.
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

// driverName is the name that modernc.org/sqlite registers, and that dbx uses for its dialect.
const driverName = "sqlite"

// pragmas are those of PocketBase
// (https://github.com/pocketbase/pocketbase/blob/v0.39.11/core/db_connect.go) with two smaller
// limits: each connection caches 2 MB of pages instead of 32 MB, and a checkpoint truncates the
// write-ahead log to 4 MB instead of 200 MB.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(4194304)" +
	"&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-2000)"

// immediate makes every transaction in the global database take the write lock when it begins, for which it waits as long
// as busy_timeout says. By default, a transaction takes it with its first write, and SQLite fails that write at once,
// and however often PocketBase repeats it, if another connection has written since the transaction's first read.
// Litestream does. PocketBase only begins a transaction to write, on a connection of its own.
const immediate = "&_txlock=immediate"

// init turns off lookaside, a block of 47 KB that every connection reserves for small allocations. With
// thousands of connections, the memory is worth more than the time it saves. Lookaside can only be
// configured for the whole process, before the first connection:
// https://www.sqlite.org/malloc.html#lookaside
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	sizeAndCount := libc.NewVaList(int32(0), int32(0))
	defer libc.Xfree(tls, sizeAndCount)
	if code := lib.Xsqlite3_config(tls, lib.SQLITE_CONFIG_LOOKASIDE, sizeAndCount); code != lib.SQLITE_OK {
		panic(fmt.Sprintf("sqlite: configure lookaside: code %d", code)) // a connection exists already
	}
}

// connection lists the interfaces that a connection of modernc.org/sqlite implements.
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
		err = db.Close() // it has opened no connection
	}
	if err != nil {
		panic(err) // the import above registers the driver
	}
	return db.Driver()
}()

func openConnection(dsn string) (*guardedConn, error) {
	opened, err := sqliteDriver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return guard(opened.(connection)), nil
}

// Open opens a file for maintenance with one connection, independently of any PocketBase app that has
// the file open. A missing file is created.
func Open(path string) (*dbx.DB, error) {
	db, err := dbx.Open(driverName, path+pragmas)
	if err != nil {
		return nil, err
	}
	db.DB().SetMaxOpenConns(1)
	return db, nil
}
