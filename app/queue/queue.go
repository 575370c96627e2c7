// Package queue is the global_queue collection seen as a job queue: a job is a
// record, and every change of its status is one compare-and-set UPDATE, so that
// any number of workers may race and a late one can write nothing.
//
// The statements bypass PocketBase's record hooks for speed and atomicity; the
// update event is fired by hand after each, which is how realtime subscribers
// and record hooks see the transition. A Queue is safe for concurrent use.
package queue

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Config of a Queue. App is required.
type Config struct {
	App         core.App // the global database
	Concurrency int      // how many jobs may be processing at once, across all workers; default 1
	Lease       time.Duration
	Logger      *slog.Logger
	Now         func() time.Time
}

// Queue reads and writes jobs.
type Queue struct {
	app         core.App
	concurrency int
	lease       time.Duration
	logger      *slog.Logger
	now         func() time.Time
	wake        chan struct{}
	kinds       map[string]Kind

	mu     sync.Mutex
	served map[string]uint64 // user id: the turn at which they were last given a job
	turn   uint64
}

// New returns a Queue. Kinds are added with Define before it is used.
func New(cfg Config) *Queue {
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 1
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
	return &Queue{
		app: cfg.App, concurrency: cfg.Concurrency, lease: cfg.Lease, logger: cfg.Logger, now: cfg.Now,
		wake: make(chan struct{}, 1), kinds: map[string]Kind{}, served: map[string]uint64{},
	}
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

// NextRun says when the next waiting job is due; ok is false where none waits.
func (q *Queue) NextRun(ctx context.Context) (at time.Time, ok bool, err error) {
	var next string
	err = q.app.ConcurrentDB().Select("COALESCE(MIN(run_at), '')").From(migrations.GlobalQueue).
		Where(dbx.NewExp("status IN ('pending', 'failed') AND run_at > {:now}", dbx.Params{"now": q.stamp(0)})).
		WithContext(ctx).Row(&next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find the next scheduled job: %w", err)
	}
	if next == "" {
		return time.Time{}, false, nil
	}
	parsed, err := types.ParseDateTime(next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read the run_at of the next job: %w", err)
	}
	return parsed.Time(), true, nil
}

// Position says about how many jobs will have been taken when this one is: 1 is
// next. Users take turns, so that of another's many jobs only as many come before
// it as it has turns to wait. It is 0 for a job that isn't due or isn't waiting.
func (q *Queue) Position(app core.App, job *core.Record) int {
	if job.GetString("status") != StatusPending || job.GetDateTime("run_at").Time().After(q.now()) {
		return 0
	}
	var users []struct {
		User   string `db:"user"`
		Due    int    `db:"due"`
		Before int    `db:"before"`
	}
	err := app.ConcurrentDB().NewQuery(`
		SELECT user, COUNT(*) AS due, SUM(run_at < {:run_at} OR (run_at = {:run_at} AND id < {:id})) AS before
		FROM global_queue WHERE status = 'pending' AND run_at <= {:now} AND priority = {:priority} GROUP BY user`).
		Bind(dbx.Params{
			"id": job.Id, "run_at": job.GetString("run_at"), "priority": job.GetInt("priority"), "now": q.stamp(0),
		}).All(&users)
	if err != nil {
		q.logger.Warn("count the jobs ahead", "job", job.Id, "error", err)
		return 0
	}
	turns := 0 // that its own user takes before it
	for _, user := range users {
		if user.User == job.GetString("user") {
			turns = user.Before
		}
	}
	position := 1 + turns
	for _, user := range users {
		if user.User == job.GetString("user") {
			continue
		}
		ahead := turns
		if user.Before > turns {
			ahead++
		}
		position += min(user.Due, ahead)
	}
	return position
}

// Find returns the record of a job as it is now; sql.ErrNoRows where it is gone.
func (q *Queue) Find(id string) (*core.Record, error) {
	return q.app.FindRecordById(migrations.GlobalQueue, id)
}

// emit fires the update event that a plain UPDATE does not.
func (q *Queue) emit(ctx context.Context, id string) {
	record, err := q.Find(id)
	if err != nil {
		q.logger.Warn("read a job to announce its change", "job", id, "error", err)
		return
	}
	q.announce(ctx, record)
}

func (q *Queue) announce(ctx context.Context, record *core.Record) {
	event := new(core.ModelEvent)
	event.App, event.Context, event.Model, event.Type = q.app, ctx, record, core.ModelEventTypeUpdate
	if err := q.app.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
		q.logger.Warn("announce a job's change", "job", record.Id, "error", err)
	}
}

// stamp is the time after d in the form PocketBase stores, which sorts as text.
func (q *Queue) stamp(d time.Duration) string {
	return formatTime(q.now().Add(d))
}

func formatTime(t time.Time) string {
	return t.UTC().Format(types.DefaultDateLayout)
}
