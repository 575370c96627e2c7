// Package worker claims jobs from the queue and runs their handlers, in this
// process. Stop hands unfinished jobs back and waits for them. The package knows
// nothing of what the jobs do.
package worker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/tools/cron"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// Config of a Worker. Queue is required.
type Config struct {
	Queue        *queue.Queue
	PollInterval time.Duration // of the cron scheduler, default 5s
	Logger       *slog.Logger
}

// Worker runs up to as many jobs at once as the queue allows.
type Worker struct {
	id       string
	queue    *queue.Queue
	poll     time.Duration
	logger   *slog.Logger
	handlers map[string]queue.Handler

	cron    *cron.Cron
	freed   chan struct{} // a job has ended
	cancel  context.CancelCauseFunc
	stopped chan struct{} // closed when the dispatcher has returned
	jobs    sync.WaitGroup
	slots   chan struct{}

	mu      sync.Mutex
	running map[string]bool // ids of the jobs that have a goroutine here
}

// New returns a Worker without handlers.
func New(cfg Config) *Worker {
	if cfg.PollInterval == 0 {
		cfg.PollInterval = 5 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Worker{
		id: newID(), queue: cfg.Queue, poll: cfg.PollInterval, logger: cfg.Logger,
		handlers: map[string]queue.Handler{}, freed: make(chan struct{}, 1),
		slots: make(chan struct{}, cfg.Queue.Concurrency()), running: map[string]bool{},
	}
}

// newID names a worker of this process, such as host-4711-MZXW6YTB.
func newID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])
}

// Handle sets the handler of a kind. It must not be called after Start.
func (w *Worker) Handle(kind string, handler queue.Handler) { w.handlers[kind] = handler }

// Start takes up what an earlier process left behind and begins to claim jobs.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.queue.Recover(ctx); err != nil {
		return err
	}
	running, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	w.cancel, w.stopped = cancel, make(chan struct{})
	go w.dispatch(running)

	w.cron = cron.New()
	w.cron.SetInterval(w.poll)
	w.cron.MustAdd("poll the queue", "* * * * *", w.queue.Wake) // due at every tick, whatever the interval
	w.cron.Start()
	return nil
}

// Stop claims nothing more, ends running jobs with queue.ErrDraining as the
// cause and waits for them until ctx ends. It may be called more than once and
// without Start.
func (w *Worker) Stop(ctx context.Context) error {
	if w.cancel == nil {
		return nil
	}
	w.cancel(queue.ErrDraining)
	done := make(chan struct{})
	go func() {
		// PocketBase's cron can block for ever in Stop when a tick comes at that
		// very moment: it holds the lock that the tick waits for.
		w.cron.Stop()
	}()
	go func() {
		<-w.stopped
		w.jobs.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("jobs are still running"), ctx.Err())
	}
}

// dispatch claims jobs as long as slots are free, then sleeps until something
// may have changed.
func (w *Worker) dispatch(ctx context.Context) {
	defer close(w.stopped)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.queue.Woken():
		case <-w.freed:
		case <-timer.C:
		}
		next, err := w.fill(ctx)
		if err != nil && ctx.Err() == nil {
			w.logger.Error("claim jobs", "error", err)
		}
		timer.Reset(next)
	}
}

// fill starts jobs until no slot is free or none is due. It returns how long to
// wait for the next scheduled one.
func (w *Worker) fill(ctx context.Context) (wait time.Duration, err error) {
	wait = w.poll
	if err := errors.Join(w.queue.Promote(ctx), w.queue.Rescue(ctx, w.isRunning)); err != nil {
		return wait, err
	}
	for {
		select {
		case w.slots <- struct{}{}:
		default:
			return wait, nil
		}
		job, err := w.queue.Claim(ctx, w.id)
		if err != nil {
			<-w.slots
			return wait, err
		}
		if job == nil {
			<-w.slots
			return w.untilNext(ctx)
		}
		w.setRunning(job.ID, true)
		w.jobs.Add(1)
		go w.run(ctx, *job)
	}
}

func (w *Worker) untilNext(ctx context.Context) (time.Duration, error) {
	at, ok, err := w.queue.NextRun(ctx)
	if err != nil || !ok {
		return w.poll, err
	}
	return min(w.poll, max(time.Until(at), time.Millisecond)), nil
}

func (w *Worker) setRunning(jobID string, running bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if running {
		w.running[jobID] = true
	} else {
		delete(w.running, jobID)
	}
}

func (w *Worker) isRunning(jobID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running[jobID]
}

func (w *Worker) run(ctx context.Context, job queue.Job) {
	defer w.jobs.Done()
	defer func() {
		w.setRunning(job.ID, false)
		<-w.slots
		select {
		case w.freed <- struct{}{}:
		default:
		}
	}()
	newRun(w, job).do(ctx)
}
