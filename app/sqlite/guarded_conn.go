package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"
	"sync"

	"modernc.org/libc"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// MaxPatternLength is the maximum length in bytes of the pattern of LIKE. The time that one comparison takes
// is proportional to this length times the length of the text, and nothing can interrupt it.
const MaxPatternLength = 256

// guardedConn is a connection whose queries end with their context. The driver itself only interrupts the
// search for the first row of a result: afterwards, a filter that matches nothing could run for minutes.
type guardedConn struct {
	connection
	handle     uintptr // the sqlite3* of the connection
	statements statementCache
	readOnly   bool // a write was refused because the connection can only read
}

func guard(conn connection) *guardedConn {
	c := &guardedConn{connection: conn, handle: handleOf(conn)}
	withTLS(func(tls *libc.TLS) {
		lib.Xsqlite3_limit(tls, c.handle, lib.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MaxPatternLength)
	})
	return c
}

// handleOf returns the sqlite3* of a connection of modernc.org/sqlite, which has no method for it. It panics
// if a new version of the driver has renamed the field.
func handleOf(conn driver.Conn) uintptr {
	return uintptr(reflect.ValueOf(conn).Elem().FieldByName("db").Uint())
}

var (
	tlsMu     sync.Mutex
	sharedTLS = libc.NewTLS()
)

// withTLS calls fn with the thread-local storage that functions of the C library need. fn must return at once.
func withTLS(fn func(*libc.TLS)) {
	tlsMu.Lock()
	defer tlsMu.Unlock()
	fn(sharedTLS)
}

// QueryContext implements driver.QueryerContext.
func (c *guardedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	statement, err := c.prepare(ctx, rewritten(ctx, query))
	if err != nil {
		return nil, err
	}
	guarded := &guardedRows{conn: c, statement: statement, meter: meterOf(ctx), handle: c.handle}
	if ctx.Done() != nil {
		guarded.unwatch = context.AfterFunc(ctx, guarded.interrupt)
	}
	rows, err := statement.QueryContext(context.WithoutCancel(ctx), args) // with ctx, the driver would start a goroutine
	if err != nil {
		guarded.endWatch()
		_ = statement.Close() // it repeats the error
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	guarded.typedRows = rows.(typedRows)
	if err := ctx.Err(); err != nil {
		_ = guarded.Close() // the error of the context is more useful
		return nil, err
	}
	return guarded, nil
}

// ExecContext implements driver.ExecerContext.
func (c *guardedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.connection.ExecContext(ctx, query, args)
	if cause, ok := errors.AsType[*sqlite.Error](err); ok && cause.Code()&0xff == lib.SQLITE_READONLY {
		c.readOnly = true
	}
	return result, err
}

// IsValid implements driver.Validator. A connection that can only read is of no further use: if SQLite can't open a file for
// writing, it opens it for reading (https://sqlite.org/c3ref/open.html), even if what it lacked was a file descriptor for a moment.
func (c *guardedConn) IsValid() bool { return !c.readOnly && c.connection.IsValid() }

// prepare returns a statement for a query, which the caller must close or return to c.statements.
func (c *guardedConn) prepare(ctx context.Context, query string) (*statement, error) {
	if kept := c.statements.take(query); kept != nil {
		return kept, nil
	}
	prepared, err := c.connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &statement{preparedQuery: prepared.(preparedQuery), query: query}, nil
}

// Close implements driver.Conn.
func (c *guardedConn) Close() error { return errors.Join(c.statements.clear(), c.connection.Close()) }

// typedRows lists the interfaces that the rows of modernc.org/sqlite implement.
type typedRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// guardedRows are rows whose query is interrupted when its context ends, and whose bytes are counted.
type guardedRows struct {
	typedRows
	conn      *guardedConn
	statement *statement
	meter     func(bytes int) error // nil if nobody counts
	unwatch   func() bool           // stops watching the context; nil if it can't end

	mu     sync.Mutex
	handle uintptr // 0 after endWatch
}

func (r *guardedRows) interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handle != 0 {
		withTLS(func(tls *libc.TLS) { lib.Xsqlite3_interrupt(tls, r.handle) })
	}
}

// endWatch makes sure that the end of the context interrupts nothing from here on: it would hit another query.
func (r *guardedRows) endWatch() {
	if r.unwatch == nil || r.unwatch() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handle = 0
}

// Next implements driver.Rows.
func (r *guardedRows) Next(row []driver.Value) error {
	if err := r.typedRows.Next(row); err != nil || r.meter == nil {
		return err
	}
	size := 0
	for _, value := range row {
		switch v := value.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	return r.meter(size)
}

// Close implements driver.Rows.
func (r *guardedRows) Close() error {
	r.endWatch()
	if err := r.typedRows.Close(); err != nil { // the query failed or was interrupted
		_ = r.statement.Close() // it repeats the error
		return err
	}
	return r.conn.statements.put(r.statement)
}
