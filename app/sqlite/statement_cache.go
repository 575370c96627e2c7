package sqlite

import (
	"database/sql/driver"
	"errors"
	"hash/maphash"
	"slices"
	"strings"
)

const (
	// maxStatements is how many statements a connection keeps. One takes some 20 KB.
	maxStatements = 8
	// maxStatementLength is the length in bytes up to which a statement is kept: long filters take more memory and are
	// rarely repeated.
	maxStatementLength = 1000
)

// statement is a prepared query.
type statement struct {
	preparedQuery
	query string
}

// preparedQuery lists the interfaces that a statement of modernc.org/sqlite implements.
type preparedQuery interface {
	driver.Stmt
	driver.StmtQueryContext
}

// statementCache keeps the statements of the queries that a connection repeats, because preparing a query usually takes
// longer than executing it. SQLite itself prepares a statement again after a change of the schema. A query that isn't
// repeated costs no memory. Like a connection, a statementCache isn't safe for concurrent use.
type statementCache struct {
	unused []*statement // the most recently used last
	latest [16]uint64   // hashes of the latest queries that weren't repeated, as a ring
	next   int          // index in latest
}

var hashSeed = maphash.MakeSeed()

// take removes the statement for a query from the cache. The result is nil if there is none.
func (c *statementCache) take(query string) *statement {
	for i, s := range slices.Backward(c.unused) {
		if s.query == query {
			c.unused = slices.Delete(c.unused, i, i+1)
			return s
		}
	}
	return nil
}

// put adds a statement that is not in use, or closes it if it isn't worth keeping.
func (c *statementCache) put(s *statement) error {
	if len(s.query) > maxStatementLength || !strings.HasPrefix(s.query, "SELECT ") || !c.isRepeated(s.query) {
		return s.Close()
	}
	var err error
	if len(c.unused) == maxStatements {
		err = c.unused[0].Close()
		c.unused = slices.Delete(c.unused, 0, 1)
	}
	c.unused = append(c.unused, s)
	return err
}

// isRepeated reports whether a query is one of the latest, and remembers it.
func (c *statementCache) isRepeated(query string) bool {
	hash := maphash.String(hashSeed, query)
	if slices.Contains(c.latest[:], hash) {
		return true
	}
	c.latest[c.next] = hash
	c.next = (c.next + 1) % len(c.latest)
	return false
}

// clear closes all statements in the cache.
func (c *statementCache) clear() error {
	var err error
	for _, s := range c.unused {
		err = errors.Join(err, s.Close())
	}
	c.unused = nil
	return err
}
