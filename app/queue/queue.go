// Package queue is the global_queue collection seen as a job queue: a job is a
// record, and every change of its status is one compare-and-set UPDATE, so that
// any number of workers may race and a late one can write nothing. docs/jobs.md
// is the contract.
//
// The statements bypass PocketBase's record hooks for speed and atomicity. What
// has changed is told to observers (OnChange) soon after, in order, the last
// state only. A Queue is safe for concurrent use.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Config of a Queue. App is required.
type Config struct {
	App         core.App       // the global database
	Concurrency int            // how many jobs may be processing at once, across all workers; default 1
	PerUser     int            // how many of one user; 0 means as many as there are places
	KindLimits  map[string]int // how many of a kind, instead of Kind.Limit
	Lease       time.Duration  // default 1m
	Retention   Retention
	Logger      *slog.Logger
	Now         func() time.Time
}

// Queue reads and writes jobs.
type Queue struct {
	app         core.App
	concurrency int
	perUser     int
	kindLimits  map[string]int
	lease       time.Duration
	retention   Retention
	logger      *slog.Logger
	now         func() time.Time
	wake        chan struct{}
	kinds       map[string]Kind
	sql         statements
	changes     changes
	durations   durations
	pausing     sync.Mutex // while paused is read from the database
	paused      atomic.Pointer[Pauses]
	onCancel    func(jobID string)

	// claiming is held while a claim waits for the database. Whoever may have the
	// database in a transaction must not wait for it.
	claiming sync.Mutex
	turn     turns
	top      map[string]int // by kind: the highest priority there was; under claiming
	held     held           // under claiming

	lines lines
	total total
	spare time.Duration // see isFresh
}

// New returns a Queue. Kinds are added with Define before it is used.
func New(cfg Config) *Queue {
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 1
	}
	if cfg.PerUser == 0 {
		cfg.PerUser = unlimited
	}
	if cfg.Lease == 0 {
		cfg.Lease = time.Minute
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	q := &Queue{
		app: cfg.App, concurrency: cfg.Concurrency, perUser: cfg.PerUser, kindLimits: cfg.KindLimits, lease: cfg.Lease,
		retention: cfg.Retention, logger: cfg.Logger, now: cfg.Now,
		wake: make(chan struct{}, 1), kinds: map[string]Kind{}, turn: turns{last: map[int]string{}}, top: map[string]int{}, held: held{newRunning(), map[claimID]bool{}},
		changes: newChanges(), spare: 2 * time.Millisecond,
	}
	q.sql.open, q.sql.prepared = q.writer, map[string]*sql.Stmt{}
	q.onCancel = func(string) {}
	q.paused.Store(&Pauses{})
	return q
}

// Start reads what is paused and begins to tell observers of changes. The
// database must be migrated.
func (q *Queue) Start(ctx context.Context) error {
	if err := errors.Join(q.LoadPauses(ctx), q.learnDurations(ctx)); err != nil {
		return err
	}
	q.changes.start()
	return nil
}

// Stop tells observers of the last changes and waits for them. It may be called
// more than once and without Start.
func (q *Queue) Stop(ctx context.Context) error {
	return errors.Join(q.changes.stop(ctx), q.sql.close())
}

// Concurrency is how many jobs may be processing at once.
func (q *Queue) Concurrency() int { return q.concurrency }

// Lease is how long a claim lasts without a heartbeat.
func (q *Queue) Lease() time.Duration { return q.lease }

// Wake tells the worker that there may be something to do. It never blocks.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Woken receives after Wake was called, once for any number of calls.
func (q *Queue) Woken() <-chan struct{} { return q.wake }

// Find returns the record of a job as it is now; sql.ErrNoRows where it is gone.
func (q *Queue) Find(id string) (*core.Record, error) {
	return q.app.FindRecordById(migrations.GlobalQueue, id)
}

// stamp is the time after d in the form PocketBase stores, which sorts as text.
func (q *Queue) stamp(d time.Duration) string {
	return formatTime(q.now().Add(d))
}

func formatTime(t time.Time) string {
	return t.UTC().Format(types.DefaultDateLayout)
}

func parseTime(text string) (time.Time, error) {
	parsed, err := types.ParseDateTime(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the time %q: %w", text, err)
	}
	return parsed.Time(), nil
}
