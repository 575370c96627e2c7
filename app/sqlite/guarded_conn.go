package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"sync"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// MaxPatternLength is the maximum length in bytes of the pattern of LIKE. The time that one comparison takes
// is proportional to this length times the length of the text, and nothing can interrupt it.
const MaxPatternLength = 256

// guardedConn is a connection whose queries end with their context. The driver itself only interrupts the
// search for the first row of a result: afterwards, a filter that matches nothing could run for minutes.
type guardedConn struct {
	connection
	handle uintptr // the sqlite3* of the connection
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
	rows, err := c.connection.QueryContext(ctx, rewritten(ctx, query), args)
	meter := meterOf(ctx)
	if err != nil || meter == nil && ctx.Done() == nil {
		return rows, err
	}
	typed, ok := rows.(typedRows)
	if !ok {
		return nil, fmt.Errorf("query: rows of type %T have no column types", rows)
	}
	guarded := &guardedRows{typedRows: typed, meter: meter, handle: c.handle}
	guarded.unwatch = context.AfterFunc(ctx, guarded.interrupt)
	return guarded, nil
}

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
	meter   func(bytes int) error // nil if nobody counts
	unwatch func() bool           // stops watching the context

	mu     sync.Mutex
	handle uintptr // 0 after Close
}

func (r *guardedRows) interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.handle != 0 {
		withTLS(func(tls *libc.TLS) { lib.Xsqlite3_interrupt(tls, r.handle) })
	}
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
	r.unwatch()
	r.mu.Lock()
	r.handle = 0 // from here on, an interrupt would hit another query
	r.mu.Unlock()
	return r.typedRows.Close()
}
