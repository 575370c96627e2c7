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
	worker *Worker
	job    queue.Job
	logger *slog.Logger

	mu       sync.Mutex
	stage    string
	progress float64
	unsent   bool
}

func newRun(w *Worker, job queue.Job) *run {
	return &run{worker: w, job: job, logger: w.logger.With(
		"job", job.ID, "kind", job.Kind, "user", job.UserID, "attempt", job.Attempt)}
}

func (r *run) do(ctx context.Context) {
	started := time.Now()
	r.logger.Info("job started")
	jobCtx, cancel := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		r.beat(jobCtx, cancel)
	}()
	result, err := r.call(jobCtx)
	cause := context.Cause(jobCtx)
	cancel(nil)
	<-beating

	settle, done := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer done()
	if err := r.flush(settle); err != nil && !errors.Is(err, queue.ErrLeaseLost) {
		r.logger.Warn("record the last progress of a job", "error", err)
	}
	r.settle(settle, result, err, cause, time.Since(started))
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

// settle writes the outcome of the attempt.
func (r *run) settle(ctx context.Context, result any, err, cause error, took time.Duration) {
	var status string
	logger := r.logger
	switch {
	case errors.Is(cause, queue.ErrLeaseLost):
		logger.Warn("job stopped: its lease was lost", "took", took)
		return
	case err == nil:
		status = queue.StatusCompleted
		err = r.worker.queue.Complete(ctx, r.job, result)
		if failure, ok := errors.AsType[*queue.Failure](err); ok {
			status, err = r.worker.queue.Fail(ctx, r.job, failure)
			logger = logger.With("error", failure)
		}
	case errors.Is(cause, queue.ErrDraining):
		status = queue.StatusPending
		err = r.worker.queue.Release(ctx, r.job)
	default:
		failure := err
		status, err = r.worker.queue.Fail(ctx, r.job, failure)
		logger = logger.With("error", failure)
	}
	switch {
	case errors.Is(err, queue.ErrLeaseLost):
		logger.Warn("the outcome of a job came too late", "status", status, "took", took)
	case err != nil:
		// Its lease runs out, and then it is taken up again.
		logger.Error("write the outcome of a job", "status", status, "cause", err)
	case status == queue.StatusFailed || status == queue.StatusDead:
		logger.Warn("job failed", "status", status, "took", took)
	default:
		logger.Info("job ended", "status", status, "took", took)
	}
}

// beat keeps the lease alive, sends reports and ends the job when its lease is
// lost.
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
		case errors.Is(err, queue.ErrLeaseLost):
			cancel(queue.ErrLeaseLost)
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
