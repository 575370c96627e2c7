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
	recordTimeout  = 10 * time.Second // for one try to record an outcome
	recordInterval = time.Second      // between two tries
)

// attempt is one run of a job's handler.
type attempt struct {
	worker   *Worker
	job      queue.Job
	logger   *slog.Logger
	returned chan struct{} // closed when the handler has returned

	result any   // of the handler; set before returned is closed
	err    error // of the handler; set before returned is closed

	mu       sync.Mutex // guards the fields below
	stage    string
	progress float64 // from 0 to 1
	unsent   bool    // whether stage or progress changed since they were last sent
}

func newAttempt(w *Worker, job queue.Job) *attempt {
	return &attempt{
		worker: w, job: job, returned: make(chan struct{}), stage: job.Stage, progress: job.Progress,
		logger: w.logger.With("job", job.ID, "kind", job.Kind, "user", job.UserID, "attempt", job.Attempt),
	}
}

// execute runs the handler and records the outcome. It returns the job that it claimed together with the
// completion, or nil. Once claiming has ended, it claims no job. If the handler does not stop in time
// after its context has ended, execute returns before the handler does.
func (a *attempt) execute(ctx context.Context, cancel context.CancelCauseFunc, claiming context.Context) *queue.Job {
	level := slog.LevelInfo
	if a.job.HasSnoozed() { // it may do so thousands of times
		level = slog.LevelDebug
	}
	a.logger.Log(ctx, level, "job started")
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
		a.logger.Error("job does not stop; reusing its slot", "cause", cause, "waited", a.worker.stuckAfter)
	}
	return a.recordUntilWritten(context.WithoutCancel(ctx), claiming, a.newEnding(stuck, cause), stuck)
}

// callHandler runs the handler. It turns a panic into an error, so that only this job fails.
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

// waitForHandler waits until the handler has returned. It reports that the handler is stuck if it has
// not returned within Config.StuckAfter of the end of its context. While the server stops, it waits
// without a limit, because no other job needs the slot.
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

// ending describes how an attempt ended. The queue derives the outcome from it.
type ending struct {
	result any
	err    error
	cause  error // why the context ended; nil if the handler returned first
}

// newEnding returns how the attempt ended. A job that is stuck after a timeout must not be retried,
// because two attempts would run at the same time.
func (a *attempt) newEnding(stuck bool, cause error) ending {
	const tooLong = "The job took too long."
	isTimeout := errors.Is(cause, queue.ErrTimeout)
	switch {
	case stuck && isTimeout:
		return ending{err: queue.Permanent(tooLong+" It could not be stopped. Contact the operator.", cause), cause: cause}
	case stuck:
		return ending{err: cause, cause: cause}
	case isTimeout && a.err != nil:
		return ending{err: queue.Temporary(tooLong, fmt.Errorf("%w: %w", cause, a.err), 0), cause: cause}
	}
	return ending{result: a.result, err: a.err, cause: cause}
}

// recordUntilWritten records the outcome and retries until the database accepts it. The database may be
// locked for a long time, for example by a backup, and completed work should not be repeated. Once
// claiming has ended, there are no retries. It returns the job claimed together with the completion, or
// nil.
func (a *attempt) recordUntilWritten(ctx, claiming context.Context, end ending, stuck bool) *queue.Job {
	for {
		recording, done := context.WithTimeout(ctx, recordTimeout)
		if !stuck {
			_ = a.sendProgress() // its errors only stop a job that runs; the queue writes the progress with the outcome
		}
		next, recorded := a.record(recording, claiming, end)
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

// record records the outcome once. A job whose handler succeeded is completed even if its context has
// ended. recorded is false if the database could not be written.
func (a *attempt) record(ctx, claiming context.Context, end ending) (next *queue.Job, recorded bool) {
	q := a.worker.queue
	took := q.Now().Sub(a.job.Started)
	logger := a.logger.With("took", took.Round(time.Millisecond))
	var status queue.Status
	var err error
	switch {
	case errors.Is(end.cause, queue.ErrLeaseLost):
		logger.Warn("job stopped because its lease was lost")
		a.reportEnd(end, queue.Status(OutcomeLost), took)
		return nil, true
	case end.err == nil:
		status = queue.StatusCompleted
		next, err = a.complete(ctx, claiming, end.result)
		if failure, ok := errors.AsType[*queue.Failure](err); ok { // the result cannot be stored
			logger = logger.With("error", failure)
			status, err = q.Fail(ctx, a.job, failure)
		}
	case errors.Is(end.cause, queue.ErrCancelled):
		status, err = queue.StatusCancelled, q.Cancelled(ctx, a.job)
	case errors.Is(end.cause, queue.ErrDraining):
		status, err = q.Release(ctx, a.job)
	default:
		logger = logger.With("error", end.err)
		status, err = q.Fail(ctx, a.job, end.err)
	}
	switch {
	case errors.Is(err, queue.ErrLeaseLost):
		status = queue.Status(OutcomeLost)
		logger.Warn("outcome of a job was rejected because its lease was lost", "status", status)
	case err != nil:
		logger.Error("failed to record the outcome of a job", "status", status, "cause", err)
		return nil, false
	case status == queue.StatusFailed || status == queue.StatusDead:
		logger.Warn("job failed", "status", status)
	case isWait(end.err):
		logger.Debug("job ended", "status", status)
	default:
		logger.Info("job ended", "status", status)
	}
	a.reportEnd(end, status, took)
	return next, true
}

// isWait reports whether a handler returned because its job has to wait, which may happen often.
func isWait(err error) bool {
	_, snoozed := errors.AsType[*queue.SnoozeError](err)
	_, held := errors.AsType[*queue.HoldError](err)
	return snoozed || held
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
