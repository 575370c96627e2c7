package transfer

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

const (
	cleanupPause   = time.Minute // after a failure: of the cleanup itself, and of all others that need S3
	cleanupTimeout = time.Minute // for one cleanup

	// maxCleanups is how many cleanups wait in memory. For more, and after maxCleanupAttempts, a sweep removes files
	// in S3, and the next opening of a database completes its deletions.
	maxCleanups        = 1000
	maxCleanupAttempts = 60
)

// errS3Paused means that a cleanup needs S3, which has just failed.
var errS3Paused = errors.New("storage failed a moment ago")

// cleanups remove what deletions and ended transfers have left, one at a time, so that nobody waits for S3. Safe for
// concurrent use. They must be created with newCleanups.
type cleanups struct {
	group background.Group
	wake  background.Wake
	now   func() time.Time

	mu      sync.Mutex
	pending map[cleanupKey]*cleanup
	paused  time.Time // no cleanup uses S3 before this time
}

// cleanupKey identifies a cleanup: of a blob or an upload in S3 or, if key is blank, of the interrupted deletions of a
// database.
type cleanupKey struct{ database, key string }

type cleanup struct {
	run      func(ctx context.Context) error
	due      time.Time
	attempts int
}

func newCleanups(now func() time.Time) *cleanups {
	return &cleanups{wake: background.NewWake(), now: now, pending: map[cleanupKey]*cleanup{}}
}

// add schedules a cleanup, which replaces an earlier one with the same key.
func (c *cleanups) add(key cleanupKey, after time.Duration, run func(ctx context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.pending[key]; known || len(c.pending) < maxCleanups {
		c.pending[key] = &cleanup{run: run, due: c.now().Add(after)}
		c.wake.Signal()
	}
}

// due returns the cleanups whose time has come.
func (c *cleanups) due() map[cleanupKey]*cleanup {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, due := c.now(), maps.Clone(c.pending)
	maps.DeleteFunc(due, func(_ cleanupKey, task *cleanup) bool { return task.due.After(now) })
	return due
}

// wait waits until a cleanup is due, or returns an error when ctx ends.
func (c *cleanups) wait(ctx context.Context) error {
	c.mu.Lock()
	pause := time.Hour // unless it is woken
	for _, task := range c.pending {
		pause = min(pause, task.due.Sub(c.now()))
	}
	c.mu.Unlock()
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.wake.C():
	case <-ctx.Done():
	}
	return ctx.Err()
}

// end records the result of a cleanup, and reports whether it is given up.
func (c *cleanups) end(key cleanupKey, task *cleanup, err error) (abandoned bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		task.due = c.now().Add(cleanupPause)
		if errors.Is(err, errS3Paused) {
			return false
		}
		if task.attempts++; task.attempts < maxCleanupAttempts {
			return false
		}
	}
	if c.pending[key] == task { // otherwise it was added again meanwhile
		delete(c.pending, key)
	}
	return err != nil
}

// withS3 calls use, which sends requests to S3, unless such a call has failed within the last minute.
func (c *cleanups) withS3(use func() error) error {
	c.mu.Lock()
	paused := c.now().Before(c.paused)
	c.mu.Unlock()
	if paused {
		return errS3Paused
	}
	err := use()
	if _, failed := errors.AsType[*blob.Error](err); failed {
		c.pauseS3()
	}
	return err
}

// pauseS3 makes cleanups leave S3 alone for a minute.
func (c *cleanups) pauseS3() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = c.now().Add(cleanupPause)
}

// cleanUp runs the cleanups until ctx ends.
func (s *Service) cleanUp(ctx context.Context) {
	for s.cleanups.wait(ctx) == nil {
		for key, task := range s.cleanups.due() {
			err := runCleanup(ctx, task)
			if ctx.Err() != nil {
				return
			}
			s.ReportStorageFailure(ctx, key.database, err)
			if s.cleanups.end(key, task, err) {
				s.logger.WarnContext(ctx, "gave up removing files of a user database", "database", key.database, "key", key.key, "error", err)
			}
		}
	}
}

func runCleanup(ctx context.Context, task *cleanup) error {
	ctx, cancel := context.WithTimeout(ctx, cleanupTimeout)
	defer cancel()
	return task.run(ctx)
}
