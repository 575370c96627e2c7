package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/time/rate"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	maxChecks         = 8 // concurrent checks at Fathom and Loom
	maxOutgoingChecks = 3 // concurrent checks at mail servers and webhooks that people choose
)

// checkLimits limit the checks of a provider's connections.
type checkLimits struct {
	slots   checkSlots
	timeout time.Duration // short, so that an unresponsive provider doesn't block other checks
	request time.Duration // how long a request waits for the check of a new secret
}

// checkSlots limits concurrent checks. It contains a value per running check.
type checkSlots chan struct{}

// checks are the running and waiting checks of connections and links.
type checks struct {
	group    background.Group
	fathom   checkLimits
	loom     checkLimits   // of checks through Atlassian, which take several calls
	outgoing checkLimits   // of checks at addresses that people choose, which may be slow on purpose
	rate     *rate.Limiter // of the checks of all users, which reach Fathom and Loom from one address

	mu   sync.Mutex
	next map[string]func(ctx context.Context) // by what is checked; present during a check, not nil if another must follow
}

func newChecks() *checks {
	return &checks{
		fathom:   checkLimits{make(checkSlots, maxChecks), 15 * time.Second, 10 * time.Second},
		loom:     checkLimits{make(checkSlots, maxChecks), time.Minute, 20 * time.Second},
		outgoing: checkLimits{make(checkSlots, maxOutgoingChecks), 15 * time.Second, 10 * time.Second},
		next:     map[string]func(context.Context){},
		rate:     rate.NewLimiter(limit.ConnectionChecksPerSecond, limit.ConnectionCheckBurst),
	}
}

// limitsOf returns the limits of the checks of a provider's connections.
func (c *checks) limitsOf(provider string) checkLimits {
	switch provider {
	case ProviderFathom:
		return c.fathom
	case ProviderLoom:
		return c.loom
	}
	return c.outgoing
}

// CheckConnection checks a connection in the background and records the result. It returns
// immediately. If a check of the connection is already running, one more check follows it, however often
// the connection changes. After Stop, the connection keeps its status until its database is opened.
func (s *Service) CheckConnection(database string, connection *core.Record) {
	id := connection.Id
	s.checks.start(database+"/"+id, s.checks.limitsOf(connection.GetString("provider")), func(ctx context.Context) {
		if err := s.checkConnection(ctx, database, id); err != nil && s.checks.group.Running() {
			s.logger.ErrorContext(ctx, "failed to check connection", "database", database, "connection", id, "error", err)
		}
	})
}

// start runs a check in the background or, if one with the same key is running, after it. Of several checks that are
// started meanwhile, only the last one runs.
func (c *checks) start(key string, limits checkLimits, check func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, running := c.next[key]; running {
		c.next[key] = check
		return
	}
	err := c.group.Go(func(ctx context.Context) {
		var err error
		for check := check; check != nil; check = c.following(ctx, key, err) {
			err = c.runWithin(ctx, limits, check)
		}
	})
	if err == nil {
		c.next[key] = nil
	}
}

// following returns the check that must follow one that has ended with err, or nil. Then it marks the check as ended.
func (c *checks) following(ctx context.Context, key string, err error) (check func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if check = c.next[key]; check != nil && err == nil && ctx.Err() == nil {
		c.next[key] = nil
		return check
	}
	delete(c.next, key)
	return nil
}

// runWithin runs a check as soon as the rate allows it and a slot is free. It returns an error if it doesn't run the
// check, because ctx ends first.
func (c *checks) runWithin(ctx context.Context, limits checkLimits, check func(ctx context.Context)) error {
	if err := c.rate.Wait(ctx); err != nil {
		return err
	}
	select {
	case limits.slots <- struct{}{}:
		defer func() { <-limits.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, limits.timeout)
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
	var finding Finding
	switch connectionStatusOf(connection) {
	case ConnectionChecking:
		finding, err = s.checkStored(ctx, db.Database, connection)
	case ConnectionValid:
		if connection.GetString("provider") != ProviderFathom {
			return nil // another check has ended since
		} // otherwise its schedule may be missing
	default:
		return nil // another check has ended since
	}
	if !s.checks.group.Running() {
		return nil // the check was cancelled; it is repeated when the database is opened
	}
	return s.RecordFinding(db.Database, connection, finding, err)
}

// CheckAgain checks the connection of a provider in the background. It returns the connection as it is now, or nil if there
// is none.
func (s *Service) CheckAgain(ctx context.Context, db *userdb.Database, provider string) (connection *core.Record, err error) {
	err = db.App.RunInTransaction(func(tx core.App) error {
		connection, err = tx.FindFirstRecordByData(schema.Connections, "provider", provider)
		if errors.Is(err, sql.ErrNoRows) {
			connection = nil
			return nil
		}
		if err != nil {
			return fmt.Errorf("find the connection to %s: %w", provider, err)
		}
		setConnectionStatus(connection, ConnectionChecking)
		return tx.SaveWithContext(ctx, connection) // a hook starts the check
	})
	return connection, err
}
