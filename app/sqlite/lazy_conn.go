package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

// lazyConnector is a sharedConnector for a file that is usually not opened while PocketBase starts. Each
// start checks for a table and deletes old rows from it. Answering these two statements without the file
// makes the start a third faster. Any other statement, such as one of a migration, opens the file.
type lazyConnector struct {
	sharedConnector
	prepare func() error // called before every opening; creates the file if necessary
}

var _ driver.Connector = (*lazyConnector)(nil)

// Connect implements driver.Connector.
func (l *lazyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	if l.starting.Load() {
		return &lazyConn{connector: l}, nil
	}
	return l.open(ctx)
}

func (l *lazyConnector) open(ctx context.Context) (*pooledConn, error) {
	if err := l.prepare(); err != nil {
		return nil, err
	}
	return l.acquire()
}

// lazyConn is a connection that opens its file for the first statement that needs it. Like every driver
// connection, it is not safe for concurrent use.
type lazyConn struct {
	connector *lazyConnector
	opened    *pooledConn // nil before the file is open
	tx        *lazyTx     // the current transaction, nil if there is none
}

// open returns the connection to the file. The first call also begins the current transaction, if any,
// in the file.
func (c *lazyConn) open(ctx context.Context) (*pooledConn, error) {
	if c.opened != nil {
		return c.opened, nil
	}
	conn, err := c.connector.open(ctx)
	if err != nil {
		return nil, err
	}
	if c.tx != nil {
		if c.tx.opened, err = conn.BeginTx(ctx, c.tx.options); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	c.opened = conn
	return conn, nil
}

// IsValid implements driver.Validator; see pooledConn.IsValid.
func (c *lazyConn) IsValid() bool { return false }

// Close implements driver.Conn.
func (c *lazyConn) Close() error {
	if c.opened == nil {
		return nil
	}
	return c.opened.Close()
}

// BeginTx implements driver.ConnBeginTx.
func (c *lazyConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if c.opened != nil {
		return c.opened.BeginTx(ctx, options)
	}
	c.tx = &lazyTx{conn: c, options: options}
	return c.tx, nil
}

// Begin implements driver.Conn.
func (c *lazyConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// ExecContext implements driver.ExecerContext.
func (c *lazyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.opened == nil && strings.HasPrefix(query, logDeletionPrefix) {
		c.connector.report(query, true)
		return driver.RowsAffected(0), nil
	}
	conn, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.ExecContext(ctx, query, args)
}

// QueryContext implements driver.QueryerContext.
func (c *lazyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.opened == nil && strings.HasPrefix(query, tableQueryPrefix) {
		c.connector.report(query, true)
		return &stubRows{remaining: 1}, nil
	}
	conn, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.QueryContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *lazyConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	conn, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	return conn.PrepareContext(ctx, query)
}

// Prepare implements driver.Conn.
func (c *lazyConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// lazyTx is a transaction that begins in the file with the first statement that needs the file.
type lazyTx struct {
	conn    *lazyConn
	options driver.TxOptions
	opened  driver.Tx // nil before that statement
}

// Commit implements driver.Tx.
func (t *lazyTx) Commit() error {
	t.conn.tx = nil
	if t.opened == nil {
		return nil
	}
	return t.opened.Commit()
}

// Rollback implements driver.Tx.
func (t *lazyTx) Rollback() error {
	t.conn.tx = nil
	if t.opened == nil {
		return nil
	}
	return t.opened.Rollback()
}
