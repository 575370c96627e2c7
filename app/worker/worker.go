// Package worker claims jobs from the queue and runs their handlers, in this
// process. Stop claims nothing more, lets jobs that are short end, hands the rest
// back and waits for them. The package knows nothing of what the jobs do.
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
	Drain        time.Duration // how long jobs may go on when the worker is stopped
	StuckAfter   time.Duration // how long a job may take to end when it is told to, default 30s
	Logger       *slog.Logger
}

// Worker runs up to as many jobs at once as the queue allows.
type Worker struct {
	id         string
	queue      *queue.Queue
	poll       time.Duration
	drain      time.Duration
	stuckAfter time.Duration
	logger     *slog.Logger
	handlers   map[string]queue.Handler

	cron    *cron.Cron
	due     chan struct{} // it is time to look for what was due or was left behind
	freed   chan struct{} // a job has ended
	slots   chan struct{}
	retire  context.CancelFunc      // ends the claiming
	halt    context.CancelCauseFunc // ends the jobs
	stopped chan struct{}           // closed when the dispatcher has returned
	jobs    sync.WaitGroup          // handlers, also those that hold no slot any more

	mu      sync.Mutex
	running map[string]context.CancelCauseFunc // by id of the job
}

// New returns a Worker without handlers.
func New(cfg Config) *Worker {
	if cfg.PollInterval == 0 {
		cfg.PollInterval = 5 * time.Second
	}
	if cfg.StuckAfter == 0 {
		cfg.StuckAfter = 30 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	w := &Worker{
		id: newID(), queue: cfg.Queue, poll: cfg.PollInterval, drain: cfg.Drain, stuckAfter: cfg.StuckAfter, logger: cfg.Logger,
		handlers: map[string]queue.Handler{}, due: make(chan struct{}, 1), freed: make(chan struct{}, 1),
		slots: make(chan struct{}, cfg.Queue.Concurrency()), running: map[string]context.CancelCauseFunc{},
	}
	cfg.Queue.OnCancel(w.cancel)
	return w
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

// Start begins to claim jobs. Several processes may do so on one database; one that
// has it for itself calls queue.Recover first.
func (w *Worker) Start(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	claiming, retire := context.WithCancel(ctx)
	working, halt := context.WithCancelCause(ctx)
	w.retire, w.halt, w.stopped = retire, halt, make(chan struct{})
	go w.dispatch(claiming, working)

	w.cron = cron.New()
	w.cron.SetInterval(w.poll)
	w.cron.MustAdd("poll the queue", "* * * * *", func() { signal(w.due) }) // at every tick, whatever the interval
	w.cron.Start()
	return nil
}

// Stop claims nothing more, gives running jobs the time that Config.Drain says,
// ends the rest with queue.ErrDraining as the cause and waits for them until ctx
// ends. It may be called more than once and without Start.
func (w *Worker) Stop(ctx context.Context) error {
	if w.retire == nil {
		return nil
	}
	w.retire()
	go func() {
		// PocketBase's cron can block for ever in Stop when a tick comes at that
		// very moment: it holds the lock that the tick waits for.
		w.cron.Stop()
	}()
	done := make(chan struct{})
	go func() {
		<-w.stopped
		w.jobs.Wait()
		close(done)
	}()
	drained := time.NewTimer(w.drain)
	defer drained.Stop()
	select {
	case <-done:
	case <-drained.C:
	case <-ctx.Done():
	}
	w.halt(queue.ErrDraining)
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("jobs are still running"), ctx.Err())
	}
}

// dispatch claims jobs as long as slots are free, then sleeps until something
// may have changed. Jobs run in working.
func (w *Worker) dispatch(ctx, working context.Context) {
	defer close(w.stopped)
	next := time.NewTimer(0)
	defer next.Stop()
	for sweep := true; ; {
		next.Reset(w.look(ctx, working, sweep))
		select {
		case <-ctx.Done():
			return
		case <-w.queue.Woken():
			sweep = false
		case <-w.freed:
			sweep = false
		case <-w.due:
			sweep = true
		case <-next.C:
			sweep = true
		}
	}
}

// look claims what there is, after a sweep what has become due, and returns when to
// look again. What fails, as on a full disk, is not tried again before the next
// poll.
func (w *Worker) look(ctx, working context.Context, sweep bool) (wait time.Duration) {
	var err error
	if sweep {
		err = errors.Join(w.queue.EnqueueScheduled(ctx), w.queue.Promote(ctx), w.queue.Rescue(ctx, w.isRunning))
	}
	err = errors.Join(err, w.fill(ctx, working))
	if err == nil {
		wait, err = w.untilNext(ctx)
	}
	if err != nil && ctx.Err() == nil {
		w.logger.Error("look for jobs", "error", err)
	}
	if err != nil {
		return max(w.poll, time.Second)
	}
	return wait
}

// fill starts jobs until no slot is free or none is due.
func (w *Worker) fill(ctx, working context.Context) error {
	for ctx.Err() == nil {
		select {
		case w.slots <- struct{}{}:
		default:
			return nil
		}
		job, err := w.queue.Claim(ctx, w.id)
		if err != nil || job == nil {
			<-w.slots
			return err
		}
		w.jobs.Go(func() { w.work(ctx, working, job) })
	}
	return nil
}

// untilNext is how long nothing becomes due.
func (w *Worker) untilNext(ctx context.Context) (time.Duration, error) {
	at, ok, err := w.queue.NextRun(ctx)
	if err != nil || !ok {
		return w.poll, err
	}
	return min(w.poll, max(time.Until(at), time.Millisecond)), nil
}

// work runs a job, and then in the same place those that it claims with the
// completion of one, until claiming ends.
func (w *Worker) work(claiming, working context.Context, job *queue.Job) {
	for job != nil {
		ctx, cancel := context.WithCancelCause(working)
		w.mu.Lock()
		w.running[job.ID] = cancel
		w.mu.Unlock()
		r := newRun(w, *job)
		next := r.do(ctx, cancel, claiming)
		w.mu.Lock()
		delete(w.running, job.ID)
		w.mu.Unlock()
		w.jobs.Go(func() { <-r.returned }) // a handler that doesn't stop is still somebody's to wait for
		job = next
	}
	<-w.slots
	signal(w.freed)
}

// cancel stops a job that runs here.
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

func signal(to chan<- struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}
