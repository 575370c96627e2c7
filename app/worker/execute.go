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
	recordTimeout  = 10 * time.Second // for recording an outcome
	recordInterval = time.Second      // before another try to record it
)

// attempt is one run of a job's handler.
type attempt struct {
	worker   *Worker
	job      queue.Job
	logger   *slog.Logger
	returned chan struct{} // closed when the handler has returned

	result any // of the handler, valid once it has returned
	err    error

	mu       sync.Mutex // guards the progress
	stage    string
	progress float64
	unsent   bool
}

func newAttempt(w *Worker, job queue.Job) *attempt {
	return &attempt{worker: w, job: job, returned: make(chan struct{}), logger: w.logger.With(
		"job", job.ID, "kind", job.Kind, "user", job.UserID, "attempt", job.Attempt)}
}

// execute runs the handler and records the outcome. It returns the job that it claimed together with
// the completion, or nil; it claims none once claiming has ended. If the handler doesn't stop when its
// context ends, execute returns before the handler does.
func (a *attempt) execute(ctx context.Context, cancel context.CancelCauseFunc, claiming context.Context) *queue.Job {
	a.logger.Info("job started")
	limited, release := context.WithTimeoutCause(ctx, a.worker.queue.Timeout(a.job.Kind), queue.ErrTimeout)
	defer release()
	var beating sync.WaitGroup
	beating.Go(func() { a.heartbeat(limited, cancel) })
	go func() {
		defer close(a.returned)
		a.result, a.err = a.callHandler(limited)
	}()
	stuck := a.waitForHandler(limited)
	cause := context.Cause(limited)
	cancel(nil)
	beating.Wait()

	if stuck {
		a.logger.Error("job does not stop; its slot is free for another job", "cause", cause, "waited", a.worker.stuckAfter)
	}
	return a.recordUntilWritten(context.WithoutCancel(ctx), claiming, a.outcome(stuck, cause), stuck)
}

// callHandler turns a panic into an error, so that it fails only this job.
func (a *attempt) callHandler(ctx context.Context) (result any, err error) {
	handler, ok := a.worker.handlers[a.job.Kind]
	if !ok {
		return nil, queue.Permanent("This version of the server doesn't support this kind of job.", fmt.Errorf("no handler for %q", a.job.Kind))
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handler(ctx, a.job, a.setProgress)
}

// waitForHandler returns when the handler has returned, or true when it is stuck: its context has ended
// and it hasn't returned for some time. While the server stops, it waits until the handler returns,
// because no other job needs the slot.
func (a *attempt) waitForHandler(ctx context.Context) (stuck bool) {
	select {
	case <-a.returned:
		return false
	case <-ctx.Done():
	}
	if errors.Is(context.Cause(ctx), queue.ErrDraining) {
		<-a.returned
		return false
	}
	patience := time.NewTimer(a.worker.stuckAfter)
	defer patience.Stop()
	select {
	case <-a.returned:
		return false
	case <-patience.C:
		return true
	}
}

// outcome is how an attempt ended.
type outcome struct {
	result any
	err    error
	cause  error // why the context ended; nil if the handler returned first
}

// outcome returns what to record. A job that is stuck must not be retried, because it would run beside
// itself.
func (a *attempt) outcome(stuck bool, cause error) outcome {
	const tooLong = "The job took too long."
	isTimeout := errors.Is(cause, queue.ErrTimeout)
	switch {
	case stuck && isTimeout:
		return outcome{err: queue.Permanent(tooLong+" It could not be stopped. Contact the operator.", cause), cause: cause}
	case stuck:
		return outcome{err: cause, cause: cause}
	case isTimeout && a.err != nil:
		return outcome{err: queue.Temporary(tooLong, fmt.Errorf("%w: %w", cause, a.err), 0), cause: cause}
	}
	return outcome{result: a.result, err: a.err, cause: cause}
}

// recordUntilWritten records the outcome and tries again until the database accepts it. The database
// may be locked for long, for instance by a backup, and completed work should not be repeated. While
// the server stops, there is a single try.
func (a *attempt) recordUntilWritten(ctx, claiming context.Context, o outcome, stuck bool) *queue.Job {
	for {
		recording, done := context.WithTimeout(ctx, recordTimeout)
		if !stuck {
			a.sendLastProgress(recording)
		}
		next, recorded := a.record(recording, claiming, o)
		done()
		if recorded || claiming.Err() != nil {
			return next
		}
		retry := time.NewTimer(recordInterval)
		select {
		case <-retry.C:
		case <-claiming.Done():
			retry.Stop()
		}
	}
}

// record records the outcome. A job whose handler succeeded is completed, whatever ended its context.
// recorded is false when the database could not be written.
func (a *attempt) record(ctx, claiming context.Context, o outcome) (next *queue.Job, recorded bool) {
	q := a.worker.queue
	logger := a.logger.With("took", q.Now().Sub(a.job.Started).Round(time.Millisecond))
	var status queue.Status
	var err error
	switch {
	case errors.Is(o.cause, queue.ErrLeaseLost):
		logger.Warn("job stopped because its lease was lost")
		return nil, true
	case o.err == nil:
		status = queue.StatusCompleted
		next, err = a.complete(ctx, claiming, o.result)
		if failure, ok := errors.AsType[*queue.Failure](err); ok { // the result can't be stored
			logger = logger.With("error", failure)
			status, err = q.Fail(ctx, a.job, failure)
		}
	case errors.Is(o.cause, queue.ErrCancelled):
		status, err = queue.StatusCancelled, q.Cancelled(ctx, a.job)
	case errors.Is(o.cause, queue.ErrDraining):
		status, err = q.Release(ctx, a.job)
	default:
		logger = logger.With("error", o.err)
		status, err = q.Fail(ctx, a.job, o.err)
	}
	switch {
	case errors.Is(err, queue.ErrLeaseLost):
		logger.Warn("outcome of a job was rejected because its lease was lost", "status", status)
	case err != nil:
		logger.Error("failed to record the outcome of a job", "status", status, "cause", err)
		return nil, false
	case status == queue.StatusFailed || status == queue.StatusDead:
		logger.Warn("job failed", "status", status)
	default:
		logger.Info("job ended", "status", status)
	}
	return next, true
}

// complete records the result and, unless claiming has ended, claims the next job in the same commit.
func (a *attempt) complete(ctx, claiming context.Context, result any) (*queue.Job, error) {
	if claiming.Err() == nil {
		next, err := a.worker.queue.CompleteAndClaim(ctx, a.job, result)
		if !errors.Is(err, queue.ErrLeaseLost) {
			return next, err
		}
	}
	return nil, a.worker.queue.Complete(ctx, a.job, result)
}
