// Package queue turns the global_queue collection into a job queue. A job is a record, and every
// change of its status is one compare-and-set UPDATE: any number of workers and processes can race
// safely, and a worker that lost its lease can no longer write. docs/jobs.md is the contract.
//
// The statements bypass PocketBase's record hooks, for speed and atomicity. Instead, the package
// publishes each change to observers (OnChange) shortly after it was committed, in order. It neither
// runs jobs (package worker does) nor knows what they are for. A Queue is safe for concurrent use.
package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Config configures a Queue. App is required.
type Config struct {
	App         core.App       // the global database
	Concurrency int            // jobs of LaneLong that may run at once, across all workers; 0 means 1
	ShortJobs   int            // jobs of LaneShort that may run at once, across all workers; 0 means 4
	PerUser     int            // jobs of one user that may run at once, in all lanes; 0 means no limit
	KindLimits  map[string]int // by the name of a kind; they replace Kind.Limit
	Lease       time.Duration  // how long a claim lasts without a heartbeat; 0 means 1m
	Retention   Retention
	Logger      *slog.Logger     // nil discards
	Now         func() time.Time // nil means time.Now

	// IsDormant reports whether a user is away, so that schedules create no jobs for them. nil means never.
	IsDormant func(ctx context.Context, userID string) (bool, error)
}

// limits holds how many jobs may run at once, across all workers. Kinds have limits of their own.
type limits struct {
	lanes   [laneCount]int
	perUser int
}

// Queue reads and writes jobs. It must be created with New. The embedded types contribute the methods
// for kinds, pauses, and reports about the queue.
type Queue struct {
	*kinds
	*pauses
	*reader

	app        core.App
	limits     limits
	lease      time.Duration
	retention  Retention
	logger     *slog.Logger
	now        func() time.Time
	sql        preparedStatements
	events     events
	durations  durations
	reports    *reports
	turns      roundRobin
	holds      *holds
	created    createdJobs
	wake       background.Wake
	onCancel   func(jobID string)
	onStopped  func(ctx context.Context, tx core.App, schedule *core.Record) error
	onDead     func(ctx context.Context, job Job) error
	isDormant  func(ctx context.Context, userID string) (bool, error)
	releaseDue atomic.Bool // whether pauses may have ended since releasePaused

	// claiming guards the fields below. It is held while a claim waits for the write connection, so a
	// caller that holds that connection, for example in a transaction, must not lock it.
	claiming    sync.Mutex
	topPriority map[string]int // the highest priority last seen, by kind
	local       localClaims
	paused      map[userKind]bool // whose jobs setPausedAside must set aside
}

// New returns a Queue. Its kinds must be added with Define before it is used.
func New(cfg Config) *Queue {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.IsDormant == nil {
		cfg.IsDormant = func(context.Context, string) (bool, error) { return false, nil }
	}
	q := &Queue{
		app: cfg.App,
		limits: limits{
			lanes:   [laneCount]int{LaneLong: cmp.Or(cfg.Concurrency, 1), LaneShort: cmp.Or(cfg.ShortJobs, 4)},
			perUser: cmp.Or(cfg.PerUser, unlimited),
		},
		lease:       cmp.Or(cfg.Lease, time.Minute),
		retention:   cfg.Retention,
		logger:      cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		now:         cfg.Now,
		sql:         newPreparedStatements(cfg.App),
		events:      newEvents(),
		durations:   newDurations(),
		reports:     newReports(),
		turns:       newRoundRobin(),
		holds:       newHolds(),
		wake:        background.NewWake(),
		onCancel:    func(string) {},
		onStopped:   func(context.Context, core.App, *core.Record) error { return nil },
		onDead:      func(context.Context, Job) error { return nil },
		isDormant:   cfg.IsDormant,
		topPriority: map[string]int{},
		paused:      map[userKind]bool{},
		created:     newCreatedJobs(),
	}
	q.kinds = newKinds(cfg.KindLimits)
	q.local = newLocalClaims(q.kinds)
	q.releaseDue.Store(true) // the last process may have stopped before it released them
	q.pauses = newPauses(cfg.App, q.kinds, q.pausesChanged)
	q.reader = newReader(q)
	return q
}

// Start loads the pauses and the durations of recent jobs, and starts delivering changes to observers and
// writing the progress of running jobs. The global database must be migrated.
func (q *Queue) Start(ctx context.Context) error {
	if err := errors.Join(q.LoadPauses(ctx), q.durations.load(ctx, q.app)); err != nil {
		return err
	}
	q.reports.group.Start(ctx)
	return errors.Join(q.reports.group.Go(q.writeReports), q.events.start(ctx))
}

// Stop delivers the last changes and waits for the observers. Progress of runs that have not ended may remain
// unwritten. Stop returns an error that wraps ctx.Err if ctx ends first. It may be called more than once and
// without Start.
func (q *Queue) Stop(ctx context.Context) error {
	return errors.Join(q.reports.group.Stop(ctx), q.events.stop(ctx), q.sql.close())
}

// Concurrency returns how many jobs may run at once, in all lanes together.
func (q *Queue) Concurrency() int {
	total := 0
	for _, slots := range q.limits.lanes {
		total += slots
	}
	return total
}

// Lease returns how long a claim lasts without a heartbeat.
func (q *Queue) Lease() time.Duration { return q.lease }

// Now returns the current time of the queue's clock, which run_at and leases are compared with.
func (q *Queue) Now() time.Time { return q.now() }

// Wake notifies the worker that there may be work. It never blocks.
func (q *Queue) Wake() { q.wake.Signal() }

// Woken returns a channel that delivers one value after one or more calls of Wake. It is for a single
// receiver.
func (q *Queue) Woken() <-chan struct{} { return q.wake.C() }

// Find returns the current record of a job, as ShowProgress changes it, or sql.ErrNoRows.
func (q *Queue) Find(id string) (*core.Record, error) {
	job, err := q.app.FindRecordById(migrations.GlobalQueue, id)
	if err == nil {
		q.ShowProgress(job)
	}
	return job, err
}

// timestamp returns the time that is d from now, in PocketBase's date format. Timestamps sort as text.
func (q *Queue) timestamp(d time.Duration) string {
	return formatTime(q.now().Add(d))
}

func formatTime(t time.Time) string {
	return t.UTC().Format(types.DefaultDateLayout)
}

func parseTime(text string) (time.Time, error) {
	parsed, err := types.ParseDateTime(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("parse time %q: %w", text, err)
	}
	return parsed.Time(), nil
}
