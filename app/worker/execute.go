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
	settleTimeout = 10 * time.Second       // for writing the outcome
	settleAgain   = time.Second            // after it couldn't be written
	firstBeat     = time.Second            // it finds a cancel that came as the job began
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

	if stuck {
		r.logger.Error("a job doesn't stop: its place is given to another", "cause", cause, "waited", r.worker.stuckAfter)
	}
	result, err := r.outcome(stuck, cause)
	// The database may be busy for long, as with a backup, and what is done should not
	// be done again. While the server stops there is one try.
	for {
		settling, done := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
		if !stuck {
			r.flushLast(settling)
		}
		next, settled := r.settle(settling, claiming, result, err, cause)
		done()
		if settled || claiming.Err() != nil {
			return next
		}
		again := time.NewTimer(settleAgain)
		select {
		case <-again.C:
		case <-claiming.Done():
			again.Stop()
		}
	}
}

// outcome is what came of the run. What is stuck is not to be begun again beside
// itself.
func (r *run) outcome(stuck bool, cause error) (result any, err error) {
	const tooLong = "It took longer than it may."
	isTooLong := errors.Is(cause, queue.ErrTimeout)
	switch {
	case stuck && isTooLong:
		return nil, queue.Permanent(tooLong+" It doesn't stop: tell the operator.", cause)
	case stuck:
		return nil, cause
	case isTooLong && r.err != nil:
		return nil, queue.Temporary(tooLong, fmt.Errorf("%w: %w", cause, r.err), 0)
	}
	return r.result, r.err
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
// done, whatever has asked for its end. It isn't settled where the database
// couldn't be written.
func (r *run) settle(ctx, claiming context.Context, result any, err, cause error) (next *queue.Job, settled bool) {
	var status string
	logger, q := r.logger.With("took", time.Since(r.job.Started).Round(time.Millisecond)), r.worker.queue
	switch {
	case errors.Is(cause, queue.ErrLeaseLost):
		logger.Warn("job stopped: its lease was lost")
		return nil, true
	case err == nil:
		status = queue.StatusCompleted
		if claiming.Err() != nil {
			err = q.Complete(ctx, r.job, result)
		} else if next, err = q.CompleteAndClaim(ctx, r.job, result); errors.Is(err, queue.ErrLeaseLost) {
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
		logger = logger.With("error", err)
		status, err = q.Fail(ctx, r.job, err)
	}
	switch {
	case errors.Is(err, queue.ErrLeaseLost):
		logger.Warn("the outcome of a job came too late", "status", status)
	case err != nil:
		logger.Error("write the outcome of a job", "status", status, "cause", err)
		return nil, false
	case status == queue.StatusFailed || status == queue.StatusDead:
		logger.Warn("job failed", "status", status)
	default:
		logger.Info("job ended", "status", status)
	}
	return next, true
}

// beat keeps the lease alive, sends reports and ends the job when its lease is
// lost or its end is asked for.
func (r *run) beat(ctx context.Context, cancel context.CancelCauseFunc) {
	every := r.worker.queue.Lease() / 3
	lease := time.NewTicker(min(firstBeat, every))
	defer lease.Stop()
	reports := time.NewTicker(reportEvery)
	defer reports.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-lease.C:
			lease.Reset(every)
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

// flushLast sends what was reported last.
func (r *run) flushLast(ctx context.Context) {
	if err := r.flush(ctx); err != nil && !errors.Is(err, queue.ErrLeaseLost) && !errors.Is(err, queue.ErrCancelled) {
		r.logger.Warn("record the last progress of a job", "error", err)
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
