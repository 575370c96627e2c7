package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
)

// late is a set of connections to a file that is not touched while PocketBase
// starts, though PocketBase asks it two things every time: whether a table is
// there, and to delete old rows from it. Answering both here makes the start a
// third faster, and a file that is never used is never opened. Any other
// statement, such as a migration's, opens the file and runs for real.
type late struct {
	shared
	prepare func() error // before the file is opened for the first time; a success is remembered
}

var _ driver.Connector = (*late)(nil)

// Connect implements driver.Connector.
func (l *late) Connect(ctx context.Context) (driver.Conn, error) {
	if l.starting.Load() {
		return &quiet{of: l}, nil
	}
	return l.open(ctx)
}

func (l *late) open(ctx context.Context) (*borrowed, error) {
	if err := l.prepare(); err != nil {
		return nil, err
	}
	conn, err := l.shared.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn.(*borrowed), nil
}

// The start of the statements that are answered without the file.
const (
	asksForTable = "SELECT (1) FROM `sqlite_schema` "
	deletesLogs  = "DELETE FROM `_logs` "
)

// quiet is a connection to a file that may not have to be opened.
type quiet struct {
	of   *late
	real *borrowed // since the first statement that needs it
	tx   *quietTx  // the one under way
}

func (q *quiet) open(ctx context.Context) (*borrowed, error) {
	if q.real != nil {
		return q.real, nil
	}
	conn, err := q.of.open(ctx)
	if err != nil {
		return nil, err
	}
	if q.tx != nil {
		if q.tx.real, err = conn.BeginTx(ctx, q.tx.options); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	q.real = conn
	return conn, nil
}

// IsValid implements driver.Validator, as of borrowed.
func (q *quiet) IsValid() bool { return false }

// Close implements driver.Conn.
func (q *quiet) Close() error {
	if q.real == nil {
		return nil
	}
	return q.real.Close()
}

// BeginTx implements driver.ConnBeginTx.
func (q *quiet) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if q.real != nil {
		return q.real.BeginTx(ctx, options)
	}
	q.tx = &quietTx{of: q, options: options}
	return q.tx, nil
}

// Begin implements driver.Conn.
func (q *quiet) Begin() (driver.Tx, error) {
	return q.BeginTx(context.Background(), driver.TxOptions{})
}

// ExecContext implements driver.ExecerContext.
func (q *quiet) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if q.real == nil && strings.HasPrefix(query, deletesLogs) {
		return driver.RowsAffected(0), nil
	}
	conn, err := q.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.ExecContext(ctx, query, args)
}

// QueryContext implements driver.QueryerContext.
func (q *quiet) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if q.real == nil && strings.HasPrefix(query, asksForTable) {
		return &fewRows{rows: 1}, nil
	}
	conn, err := q.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.QueryContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (q *quiet) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	conn, err := q.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.PrepareContext(ctx, query)
}

// Prepare implements driver.Conn.
func (q *quiet) Prepare(query string) (driver.Stmt, error) {
	return q.PrepareContext(context.Background(), query)
}

// quietTx is a transaction that begins with the first statement in it.
type quietTx struct {
	of      *quiet
	options driver.TxOptions
	real    driver.Tx
}

// Commit implements driver.Tx.
func (t *quietTx) Commit() error {
	t.of.tx = nil
	if t.real == nil {
		return nil
	}
	return t.real.Commit()
}

// Rollback implements driver.Tx.
func (t *quietTx) Rollback() error {
	t.of.tx = nil
	if t.real == nil {
		return nil
	}
	return t.real.Rollback()
}

// fewRows are rows with the number 1 in each: how many says whether something is
// there.
type fewRows struct{ rows int }

// Columns implements driver.Rows.
func (*fewRows) Columns() []string { return []string{"1"} }

// Close implements driver.Rows.
func (*fewRows) Close() error { return nil }

// Next implements driver.Rows.
func (r *fewRows) Next(row []driver.Value) error {
	if r.rows == 0 {
		return io.EOF
	}
	r.rows--
	row[0] = int64(1)
	return nil
}
