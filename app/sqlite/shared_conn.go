package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
)

const (
	// maxIdle is how many connections to a file stay open between bursts of requests.
	maxIdle = 4
	// idleAfter is how long a file must be unused before all connections but one are closed and the
	// remaining one frees its page cache.
	idleAfter = 10 * time.Second

	// maxWait is how long to wait for a connection in use before another one is opened. A query takes a
	// tenth of the time that it takes to open a connection, so waiting is usually faster.
	maxWait = 2 * time.Millisecond
)

// sharedConnector shares the connections to one file between several database/sql pools. PocketBase
// opens two pools per file, one for reading and one for writing, and each would keep a connection open,
// which is most of the memory of an open database. Instead, both pools take connections from one set and
// return them after every use, so that a database that serves one request at a time has one connection.
// The limits of the pools also limit the number of connections.
type sharedConnector struct {
	path     string
	observe  func(Statement)
	starting atomic.Bool // PocketBase is being bootstrapped

	mu        sync.Mutex
	pools     int                 // open pools that share the connections
	inUse     int                 // connections held by the pools
	idle      []*guardedConn      // the most recently used last
	waiting   []chan *guardedConn // callers of acquire, longest waiting first; each channel has a buffer of 1
	idleTimer *time.Timer         // runs idleAfter after the last use; nil before the first
	unused    []chan struct{}     // are closed when no connection is in use any more
}

// waitUnused waits until no connection is in use.
func (s *sharedConnector) waitUnused() {
	s.mu.Lock()
	if s.inUse == 0 {
		s.mu.Unlock()
		return
	}
	unused := make(chan struct{})
	s.unused = append(s.unused, unused)
	s.mu.Unlock()
	<-unused
}

// endUse notes that a connection isn't in use any more. The caller must hold the lock.
func (s *sharedConnector) endUse() {
	if s.inUse--; s.inUse > 0 {
		return
	}
	for _, unused := range s.unused {
		close(unused)
	}
	s.unused = nil
}

var _ driver.Connector = (*sharedConnector)(nil)

// newPool returns another pool that uses the connections. connector is either s or the type that embeds
// it.
func (s *sharedConnector) newPool(connector driver.Connector) *dbx.DB {
	s.mu.Lock()
	s.pools++
	s.mu.Unlock()
	return dbx.NewFromDB(sql.OpenDB(connector), driverName)
}

// Connect implements driver.Connector.
func (s *sharedConnector) Connect(context.Context) (driver.Conn, error) {
	return s.acquire()
}

func (s *sharedConnector) acquire() (*pooledConn, error) {
	conn, wait := s.takeIdle()
	if wait != nil {
		conn = s.awaitReturn(wait)
	}
	if conn == nil {
		var err error
		if conn, err = s.dial(); err != nil {
			return nil, err
		}
	}
	return &pooledConn{guardedConn: conn, connector: s}, nil
}

// takeIdle returns an idle connection, or a channel that receives one when it is returned. Both are nil
// if there are no connections; then the caller must dial.
func (s *sharedConnector) takeIdle() (*guardedConn, chan *guardedConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.idle) - 1; last >= 0 {
		conn := s.idle[last]
		s.idle = s.idle[:last]
		s.inUse++
		return conn, nil
	}
	if s.inUse == 0 {
		s.inUse++
		return nil, nil
	}
	wait := make(chan *guardedConn, 1)
	s.waiting = append(s.waiting, wait)
	return nil, wait
}

// awaitReturn waits for a connection. If none is returned within maxWait, the result is nil and the
// caller must dial.
func (s *sharedConnector) awaitReturn(wait chan *guardedConn) *guardedConn {
	timeout := time.NewTimer(maxWait)
	defer timeout.Stop()
	select {
	case conn := <-wait:
		return conn
	case <-timeout.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, wait); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		s.inUse++
		return nil
	}
	return <-wait // a connection was returned at the last moment
}

// dial opens a connection. The caller has already counted it in inUse; if dial fails, it corrects the
// count.
func (s *sharedConnector) dial() (*guardedConn, error) {
	conn, err := openConnection(s.path + pragmas)
	if err == nil {
		// Keep the write-ahead log and its index when the last connection closes: creating the two files
		// takes longer than the rest of opening a database.
		if _, err = conn.FileControlPersistWAL("main", 1); err != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.endUse()
		return nil, err
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (s *sharedConnector) Driver() driver.Driver { return sqliteDriver }

// Close implements io.Closer. database/sql calls it for every pool that is closed.
func (s *sharedConnector) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pools--
	if s.pools > 0 {
		return nil
	}
	if s.idleTimer != nil {
		s.idleTimer.Stop()
	}
	return s.closeIdle(0)
}

// release returns a connection to the set, or passes it to a waiting caller.
func (s *sharedConnector) release(conn *guardedConn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	usable := conn.IsValid()
	if usable && len(s.waiting) > 0 {
		s.waiting[0] <- conn
		s.waiting = s.waiting[1:]
		return nil
	}
	defer s.endUse()
	if s.pools == 0 || len(s.idle) >= maxIdle || !usable {
		return conn.Close()
	}
	s.idle = append(s.idle, conn)
	if s.idleTimer == nil {
		s.idleTimer = time.AfterFunc(idleAfter, s.freeMemory)
	} else {
		s.idleTimer.Reset(idleAfter)
	}
	return nil
}

// freeMemory closes all idle connections but one, and frees the statements and the page cache of that one.
func (s *sharedConnector) freeMemory() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.closeIdle(1) // best effort
	for _, conn := range s.idle {
		_ = conn.statements.clear()
		_, _ = conn.ExecContext(context.Background(), "PRAGMA shrink_memory", nil) // best effort
	}
}

// closeIdle closes all idle connections except the given number. The caller must hold the lock.
func (s *sharedConnector) closeIdle(keep int) error {
	var err error
	for len(s.idle) > keep {
		err = errors.Join(err, s.idle[0].Close())
		s.idle = s.idle[1:]
	}
	return err
}

// pooledConn is a connection in use by a pool.
type pooledConn struct {
	*guardedConn
	connector *sharedConnector
}

// QueryContext implements driver.QueryerContext.
func (c *pooledConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	answered := c.connector.answersQuery(query)
	c.connector.report(query, answered)
	if answered {
		return &stubRows{}, nil
	}
	return c.guardedConn.QueryContext(ctx, query, args)
}

// ExecContext implements driver.ExecerContext.
func (c *pooledConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.connector.endStartOnWrite(query)
	c.connector.report(query, false)
	return c.guardedConn.ExecContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *pooledConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.connector.endStartOnWrite(query)
	c.connector.report(query, false)
	return c.guardedConn.PrepareContext(ctx, query)
}

// IsValid implements driver.Validator. It makes database/sql return the connection after every use
// instead of keeping it.
func (c *pooledConn) IsValid() bool { return false }

// Close returns the connection to the set.
func (c *pooledConn) Close() error { return c.connector.release(c.guardedConn) }
