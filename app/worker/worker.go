// Package worker claims jobs from the queue and runs their handlers in this process. A Worker is safe
// for concurrent use. The package must not know what jobs do, and must change them only through package
// queue. docs/jobs.md describes what happens when a job fails, hangs or loses its lease.
package worker

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// Config configures a Worker. Queue is required.
type Config struct {
	Queue        *queue.Queue
	PollInterval time.Duration // how often to check for work without being notified; 0 means 5s
	Drain        time.Duration // how long running jobs may continue after Stop; 0 cancels them immediately
	StuckAfter   time.Duration // how long a job may take to stop before its slot is reused; 0 means 30s
	Logger       *slog.Logger  // nil discards

	// Ended is told the kind, the outcome and the duration of each run. The outcome is that of the history, or OutcomeLost.
	// It must return immediately. nil means nobody.
	Ended func(kind string, outcome queue.Outcome, took time.Duration)
}

// Worker runs up to Queue.Concurrency jobs at once; the queue limits how many of them belong to each lane. It
// uses the clock of the queue. It must be created with New.
type Worker struct {
	id           string
	queue        *queue.Queue
	pollInterval time.Duration
	drain        time.Duration
	stuckAfter   time.Duration
	logger       *slog.Logger
	handlers     map[string]queue.Handler
	ended        func(kind string, outcome queue.Outcome, took time.Duration)

	dispatcher background.Group
	pollNow    background.Wake         // signalled by Poll
	slotFreed  background.Wake         // signalled when a job has ended
	slots      chan struct{}           // holds one value for each slot in use
	halt       context.CancelCauseFunc // ends the contexts of all jobs; nil before Start
	jobs       sync.WaitGroup          // handlers, including those that no longer hold a slot

	polling polling

	mu      sync.Mutex
	running map[string]context.CancelCauseFunc // by job id
}

// New returns a Worker without handlers. It replaces the function that cfg.Queue calls for cancelled
// jobs (Queue.OnCancel).
func New(cfg Config) *Worker {
	w := &Worker{
		id:           newID(),
		queue:        cfg.Queue,
		pollInterval: cmp.Or(cfg.PollInterval, 5*time.Second),
		drain:        cfg.Drain,
		stuckAfter:   cmp.Or(cfg.StuckAfter, 30*time.Second),
		logger:       cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)),
		handlers:     map[string]queue.Handler{},
		ended:        cfg.Ended,
		pollNow:      background.NewWake(),
		slotFreed:    background.NewWake(),
		slots:        make(chan struct{}, cfg.Queue.Concurrency()),
		running:      map[string]context.CancelCauseFunc{},
	}
	if w.ended == nil {
		w.ended = func(string, queue.Outcome, time.Duration) {}
	}
	cfg.Queue.OnCancel(w.cancel)
	return w
}

// newID returns a unique worker id, such as host-4711-MZXW6YTB.
func newID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])
}

// Handle sets the handler for a kind of job. It must not be called after Start.
func (w *Worker) Handle(kind string, handler queue.Handler) { w.handlers[kind] = handler }

// Start starts claiming jobs. Several processes may work on one database. A process that is the only one
// should call Queue.Recover first.
func (w *Worker) Start(ctx context.Context) error {
	working, halt := context.WithCancelCause(context.WithoutCancel(ctx))
	w.halt = halt
	w.dispatcher.Start(ctx)
	return w.dispatcher.Go(func(claiming context.Context) { w.dispatch(claiming, working) })
}

// Poll makes the worker check for work immediately instead of after the poll interval. It doesn't wait for the
// check, and does nothing before Start.
func (w *Worker) Poll() { w.pollNow.Signal() }

// Stop stops claiming jobs, lets running jobs continue for Config.Drain, then cancels the rest with
// queue.ErrDraining as the cause and waits for them. It returns an error that wraps ctx.Err if ctx ends
// first. It may be called more than once and without Start.
func (w *Worker) Stop(ctx context.Context) error {
	if w.halt == nil {
		return nil
	}
	w.dispatcher.Cancel()
	draining, cancel := context.WithTimeout(ctx, w.drain)
	defer cancel()
	err := w.wait(draining)
	w.halt(queue.ErrDraining)
	if err != nil {
		err = w.wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("wait for running jobs: %w", err)
	}
	return nil
}

// wait waits until no more jobs are claimed and all handlers have returned.
func (w *Worker) wait(ctx context.Context) error {
	if err := w.dispatcher.Stop(ctx); err != nil {
		return err
	}
	return background.Wait(ctx, &w.jobs)
}

// cancel cancels a job if it is running in this process.
func (w *Worker) cancel(jobID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if stop, ok := w.running[jobID]; ok {
		stop(queue.ErrCancelled)
	}
}

func (w *Worker) isRunning(jobID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.running[jobID]
	return ok
}
