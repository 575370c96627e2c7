package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	maxChecks    = 8                // concurrent checks
	checkTimeout = 15 * time.Second // short, so that an unresponsive Fathom doesn't block other checks
)

// checks are the running and waiting checks of connections and links.
type checks struct {
	group background.Group
	limit chan struct{} // contains a value per running check
	rate  *rate.Limiter // of the checks of all users, which reach Fathom and Loom from one address

	mu     sync.Mutex
	repeat map[string]bool // by what is checked; present during a check, true if another must follow
}

// CheckConnection checks a connection in the background and records the result. It returns
// immediately. If a check of the connection is already running, one more check follows it, however often
// the connection changes. After Stop, the connection keeps its status until its database is opened.
func (s *Service) CheckConnection(database, connectionID string) {
	s.checks.start(database+"/"+connectionID, func(ctx context.Context) {
		if err := s.checkConnection(ctx, database, connectionID); err != nil && s.checks.group.Running() {
			s.logger.Error("failed to check connection", "database", database, "connection", connectionID, "error", err)
		}
	})
}

// start runs a check in the background or, if one with the same key is running, once more after it.
func (c *checks) start(key string, check func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, running := c.repeat[key]; running {
		c.repeat[key] = true
		return
	}
	err := c.group.Go(func(ctx context.Context) {
		err := c.runWithinLimit(ctx, check)
		for c.mustRepeat(ctx, key) && err == nil {
			err = c.runWithinLimit(ctx, check)
		}
	})
	if err == nil {
		c.repeat[key] = false
	}
}

// mustRepeat reports whether the connection changed during its check. If not, it marks the check as ended.
func (c *checks) mustRepeat(ctx context.Context, key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.repeat[key] && ctx.Err() == nil {
		c.repeat[key] = false
		return true
	}
	delete(c.repeat, key)
	return false
}

// runWithinLimit runs a check as soon as the rate allows it and fewer than maxChecks checks are running. It returns
// an error if it doesn't run the check, because ctx ends first.
func (c *checks) runWithinLimit(ctx context.Context, check func(ctx context.Context)) error {
	if err := c.rate.Wait(ctx); err != nil {
		return err
	}
	select {
	case c.limit <- struct{}{}:
		defer func() { <-c.limit }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	check(ctx)
	return nil
}

func (s *Service) checkConnection(ctx context.Context, database, connectionID string) error {
	db, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return err
	}
	defer db.Release()
	connection, err := db.App.FindRecordById(schema.Connections, connectionID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the connection has been removed
	}
	if err != nil {
		return fmt.Errorf("find connection %s: %w", connectionID, err)
	}
	if connectionStatusOf(connection) != ConnectionValid { // otherwise only its schedule is missing
		err = s.checkStored(ctx, db.Database, connection)
	}
	if !s.checks.group.Running() {
		return nil // the check was cancelled; it is repeated when the database is opened
	}
	return s.recordCheck(db.Database, connection, err)
}
