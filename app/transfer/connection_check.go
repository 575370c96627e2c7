package transfer

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
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

// CheckConnection checks a Fathom connection in the background and records the result. It returns
// immediately. If a check of the connection is already running, one more check follows it, however often
// the connection changes. After Stop, the connection keeps its status until ResumeDatabase.
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
		c.runWithinLimit(ctx, check)
		for c.mustRepeat(ctx, key) {
			c.runWithinLimit(ctx, check)
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

// runWithinLimit runs a check as soon as the rate allows it and fewer than maxChecks checks are running.
func (c *checks) runWithinLimit(ctx context.Context, check func(ctx context.Context)) {
	if err := c.rate.Wait(ctx); err != nil {
		return
	}
	select {
	case c.limit <- struct{}{}:
		defer func() { <-c.limit }()
	case <-ctx.Done():
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	check(ctx)
}

func (s *Service) checkConnection(ctx context.Context, database, connectionID string) error {
	db, err := s.databases.Acquire(ctx, database)
	if err != nil {
		return err
	}
	defer db.Release()
	if checked, err := s.checkOther(ctx, db.Database, connectionID); checked || err != nil {
		return err
	}
	account, connection, err := s.openAccount(db.Database)
	if connection == nil || connection.Id != connectionID {
		return err // the connection has been removed
	}
	if err == nil {
		err = account.Check(ctx)
	}
	if !s.checks.group.Running() {
		return nil // the check was cancelled; ResumeDatabase repeats it
	}
	return s.recordCheck(db.Database, connection, err)
}

// recordCheck saves the result of using the connection, unless its secret has been replaced since.
func (s *Service) recordCheck(db *userdb.Database, used *core.Record, result error) error {
	status, reason := ConnectionValid, ""
	if result != nil {
		failure, ok := errors.AsType[*fathom.Error](result)
		switch {
		case ok && failure.Kind == fathom.KindUnauthorized:
			status = ConnectionInvalid
			reason = "Fathom refused this API key. Create a new one in Fathom's settings and save it here."
		case ok && !failure.Temporary():
			status = ConnectionInvalid
			reason = "Fathom didn't accept this API key. Create a new one in Fathom's settings and save it here."
		default:
			status = ConnectionUnchecked
			reason = "Fathom couldn't be reached to check this key. The key will be checked when it is used."
		}
	}
	return updateConnection(db, used, func(connection *core.Record) bool {
		if connectionStatusOf(connection) == status && connection.GetString("reason") == reason {
			return false
		}
		setConnectionStatus(connection, status)
		connection.Set("reason", reason)
		connection.Set("checked_at", s.now())
		return true
	})
}

// recordKeyUse saves whether Fathom accepted the key in a job's calls. It ignores errors that say nothing
// about the key.
func (s *Service) recordKeyUse(db *userdb.Database, connection *core.Record, result error) {
	failure, ok := errors.AsType[*fathom.Error](result)
	if result != nil && (!ok || failure.Kind != fathom.KindUnauthorized) {
		return
	}
	if err := s.recordCheck(db, connection, result); err != nil {
		s.logger.Warn("failed to record the state of an API key", "database", db.Name, "error", err)
	}
}
