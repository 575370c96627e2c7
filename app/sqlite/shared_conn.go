package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
)

const (
	// A burst of requests needs several connections to a file and what follows
	// it one. When a file has rested for so long, the others are closed and that
	// one lets go of the pages it has read.
	maxIdle   = 4
	restAfter = 10 * time.Second

	// A query takes a tenth of what a new connection does: the one that is in use
	// is mostly back before another would be ready.
	patience = 2 * time.Millisecond
)

// shared lends the connections to one file. PocketBase opens two pools on every
// file, one that reads and one that writes, and each would keep a connection of
// its own open, which is most of what an open database costs. Here both borrow
// from one set, and give back what they don't use at this moment: a database with
// one request at a time has one connection. How many may be borrowed is for the
// pools to say. Safe for concurrent use.
type shared struct {
	path     string
	starting atomic.Bool // PocketBase is being bootstrapped

	mu      sync.Mutex
	pools   int          // open *sql.DB that borrow here
	lent    int          // connections that are borrowed
	idle    []connection // the most recently used last
	waiting []chan connection
	used    time.Time   // when a connection last came back
	resting *time.Timer // set while the file has not rested
}

var _ driver.Connector = (*shared)(nil)

// pool returns one more *sql.DB that borrows from the set.
func (s *shared) pool(connector driver.Connector) *dbx.DB {
	s.mu.Lock()
	s.pools++
	s.mu.Unlock()
	return dbx.NewFromDB(sql.OpenDB(connector), driverName)
}

// Connect implements driver.Connector.
func (s *shared) Connect(context.Context) (driver.Conn, error) {
	conn, wait := s.take()
	if wait != nil {
		conn = s.await(wait)
	}
	if conn == nil {
		var err error
		if conn, err = s.dial(); err != nil {
			return nil, err
		}
	}
	return &borrowed{connection: conn, from: s}, nil
}

// take returns an idle connection, or where to wait for one in use, or neither
// when there is none at all.
func (s *shared) take() (connection, chan connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.idle) - 1; last >= 0 {
		conn := s.idle[last]
		s.idle = s.idle[:last]
		s.lent++
		return conn, nil
	}
	if s.lent == 0 {
		s.lent++
		return nil, nil
	}
	wait := make(chan connection, 1)
	s.waiting = append(s.waiting, wait)
	return nil, wait
}

// await returns a connection that came back in time, or nil.
func (s *shared) await(wait chan connection) connection {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	select {
	case conn := <-wait:
		return conn
	case <-enough.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, wait); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
		s.lent++
		return nil
	}
	return <-wait // given at the last moment
}

func (s *shared) dial() (connection, error) {
	conn, err := dial(s.path + pragmas)
	if err == nil {
		// The log and its index stay when the last connection closes: making two
		// files takes longer than all else that opening does.
		if _, err = conn.FileControlPersistWAL("main", 1); err != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lent--
		return nil, err
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (s *shared) Driver() driver.Driver { return sqliteDriver }

// Close implements io.Closer, which database/sql calls for every pool it closes.
func (s *shared) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pools--
	if s.pools > 0 {
		return nil
	}
	if s.resting != nil {
		s.resting.Stop()
	}
	return s.closeIdle(0)
}

// give takes a connection back.
func (s *shared) give(conn connection) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	usable := conn.IsValid()
	if usable && len(s.waiting) > 0 {
		s.waiting[0] <- conn // has room for it
		s.waiting = s.waiting[1:]
		return nil
	}
	s.lent--
	if s.pools == 0 || len(s.idle) >= maxIdle || !usable {
		return conn.Close()
	}
	s.idle = append(s.idle, conn)
	s.used = time.Now()
	if s.resting == nil {
		s.resting = time.AfterFunc(restAfter, s.rest)
	}
	return nil
}

// rest gives back the memory of a file that nobody has used for a while.
func (s *shared) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting = nil
	if rested := time.Since(s.used); rested < restAfter {
		s.resting = time.AfterFunc(restAfter-rested, s.rest)
		return
	}
	_ = s.closeIdle(1) // of connections that nothing waits for
	for _, conn := range s.idle {
		_, _ = conn.ExecContext(context.Background(), "PRAGMA shrink_memory", nil) // if it can't, it can't
	}
}

// closeIdle closes all idle connections but so many. The caller holds the lock.
func (s *shared) closeIdle(keep int) error {
	var err error
	for len(s.idle) > keep {
		err = errors.Join(err, s.idle[0].Close())
		s.idle = s.idle[1:]
	}
	return err
}

// borrowed is a connection in the hands of a pool.
type borrowed struct {
	connection
	from *shared
}

// readsCollections is how PocketBase loads its schema when it starts, which takes
// longer than all else: most of it is decoding JSON. The statement is answered
// with nothing, for the caller to put decoded collections in their place that it
// has from another database; see Files.Started. A start that writes anything, such
// as a migration, gets to read them.
const (
	readsCollections = "SELECT `_collections`.* FROM `_collections` ORDER BY `rowid` ASC"
	writesNothing    = "CREATE TABLE IF NOT EXISTS `_migrations` "
)

// QueryContext implements driver.QueryerContext.
func (b *borrowed) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if query == readsCollections && b.from.starting.Load() {
		return &fewRows{}, nil
	}
	return b.connection.QueryContext(ctx, query, args)
}

// ExecContext implements driver.ExecerContext.
func (b *borrowed) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if b.from.starting.Load() && !strings.HasPrefix(query, writesNothing) {
		b.from.starting.Store(false)
	}
	return b.connection.ExecContext(ctx, query, args)
}

// IsValid implements driver.Validator. The answer makes database/sql give the
// connection back after every use, in place of keeping it for itself.
func (b *borrowed) IsValid() bool { return false }

// Close gives the connection back.
func (b *borrowed) Close() error { return b.from.give(b.connection) }
