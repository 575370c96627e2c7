package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	reportEvery   = 250 * time.Millisecond // at most this often does progress reach the database
	settleTimeout = 10 * time.Second       // for writing the outcome while the server stops
)

// run is one attempt at one job.
type run struct {
	worker   *Worker
	job      queue.Job
	logger   *slog.Logger
	returned chan struct{} // closed when the handler has returned

	result any
	err    error

	mu       sync.Mutex
	stage    string
	progress float64
	unsent   bool
}

func newRun(w *Worker, job queue.Job) *run {
	return &run{worker: w, job: job, returned: make(chan struct{}), logger: w.logger.With(
		"job", job.ID, "kind", job.Kind, "user", job.UserID, "attempt", job.Attempt)}
}

// do runs the handler and settles the job. It returns before the handler does
// where that doesn't stop when it is told to. The next job is one that was claimed
// with the completion of this, as long as claiming hasn't ended.
func (r *run) do(ctx context.Context, cancel context.CancelCauseFunc, claiming context.Context) (next *queue.Job) {
	r.logger.Info("job started")
	limited, release := context.WithTimeoutCause(ctx, r.worker.queue.Timeout(r.job.Kind), queue.ErrTimeout)
	defer release()
	var beating sync.WaitGroup
	beating.Go(func() { r.beat(limited, cancel) })
	go func() {
		defer close(r.returned)
		r.result, r.err = r.call(limited)
	}()
	stuck := r.wait(limited)
	cause := context.Cause(limited)
	cancel(nil)
	beating.Wait()

	settle, done := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer done()
	if stuck {
		r.logger.Error("a job doesn't stop: its place is given to another", "cause", cause, "waited", r.worker.stuckAfter)
		return r.settle(settle, claiming, nil, cause, cause)
	}
	if err := r.flush(settle); err != nil && !errors.Is(err, queue.ErrLeaseLost) && !errors.Is(err, queue.ErrCancelled) {
		r.logger.Warn("record the last progress of a job", "error", err)
	}
	return r.settle(settle, claiming, r.result, r.err, cause)
}

// wait returns when the handler has returned, or true when it hasn't for a while
// after it was told to. While the server stops it is waited for: nothing could
// take its place.
func (r *run) wait(ctx context.Context) (stuck bool) {
	select {
	case <-r.returned:
		return false
	case <-ctx.Done():
	}
	if errors.Is(context.Cause(ctx), queue.ErrDraining) {
		<-r.returned
		return false
	}
	patience := time.NewTimer(r.worker.stuckAfter)
	defer patience.Stop()
	select {
	case <-r.returned:
		return false
	case <-patience.C:
		return true
	}
}

// call runs the handler; a panic in it fails only this job.
func (r *run) call(ctx context.Context) (result any, err error) {
	handler, ok := r.worker.handlers[r.job.Kind]
	if !ok {
		return nil, queue.Permanent("This version of the server can't do jobs of this kind.", fmt.Errorf("no handler for %q", r.job.Kind))
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handler(ctx, r.job, r.report)
}

// settle writes the outcome of the attempt. A job that was done all the same is
// done, whatever has asked for its end.
func (r *run) settle(ctx, claiming context.Context, result any, err, cause error) (next *queue.Job) {
	var status string
	logger, q := r.logger.With("took", time.Since(r.job.Started).Round(time.Millisecond)), r.worker.queue
	if failure := r.failure(err, cause); failure != nil {
		logger = logger.With("error", failure)
	}
	switch {
	case errors.Is(cause, queue.ErrLeaseLost):
		logger.Warn("job stopped: its lease was lost")
		return nil
	case err == nil:
		status = queue.StatusCompleted
		if claiming.Err() == nil {
			next, err = q.CompleteAndClaim(ctx, r.job, result)
		}
		if claiming.Err() != nil || errors.Is(err, queue.ErrLeaseLost) {
			err = q.Complete(ctx, r.job, result)
		}
		if failure, ok := errors.AsType[*queue.Failure](err); ok {
			status, err = q.Fail(ctx, r.job, failure)
			logger = logger.With("error", failure)
		}
	case errors.Is(cause, queue.ErrCancelled):
		status, err = queue.StatusCancelled, q.Cancelled(ctx, r.job)
	case errors.Is(cause, queue.ErrDraining):
		status, err = q.Release(ctx, r.job)
	default:
		status, err = q.Fail(ctx, r.job, r.failure(err, cause))
	}
	switch {
	case errors.Is(err, queue.ErrLeaseLost):
		logger.Warn("the outcome of a job came too late", "status", status)
	case err != nil:
		// Its lease runs out, and then it is taken up again.
		logger.Error("write the outcome of a job", "status", status, "cause", err)
	case status == queue.StatusFailed || status == queue.StatusDead:
		logger.Warn("job failed", "status", status)
	default:
		logger.Info("job ended", "status", status)
	}
	return next
}

// failure is what went wrong, for the log and the job; nil where nothing did, or
// where the end was asked for.
func (r *run) failure(err, cause error) error {
	switch {
	case err == nil, errors.Is(cause, queue.ErrCancelled), errors.Is(cause, queue.ErrDraining):
		return nil
	case errors.Is(cause, queue.ErrTimeout):
		return queue.Temporary("It took longer than it may.", fmt.Errorf("%w: %w", queue.ErrTimeout, err), 0)
	}
	return err
}

// beat keeps the lease alive, sends reports and ends the job when its lease is
// lost or its end is asked for.
func (r *run) beat(ctx context.Context, cancel context.CancelCauseFunc) {
	lease := time.NewTicker(r.worker.queue.Lease() / 3)
	defer lease.Stop()
	reports := time.NewTicker(reportEvery)
	defer reports.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-lease.C:
			err = r.worker.queue.Heartbeat(ctx, r.job)
		case <-reports.C:
			err = r.flush(ctx)
		}
		switch {
		case errors.Is(err, queue.ErrLeaseLost), errors.Is(err, queue.ErrCancelled):
			cancel(err)
			return
		case err != nil && ctx.Err() == nil:
			r.logger.Warn("extend the lease of a job", "error", err)
		}
	}
}

// report notes progress, which the next tick of beat sends.
func (r *run) report(stage string, progress float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unsent = r.unsent || stage != r.stage || progress != r.progress
	r.stage, r.progress = stage, progress
}

func (r *run) flush(ctx context.Context) error {
	r.mu.Lock()
	stage, progress, unsent := r.stage, r.progress, r.unsent
	r.unsent = false
	r.mu.Unlock()
	if !unsent {
		return nil
	}
	return r.worker.queue.Progress(ctx, r.job, stage, progress)
}
