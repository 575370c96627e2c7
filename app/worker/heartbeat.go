package worker

import (
	"context"
	"errors"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	progressInterval = 250 * time.Millisecond // between two reports of a job's progress
	firstHeartbeat   = time.Second            // early, to notice a cancellation just before the job started
)

// heartbeat renews the lease and sends progress until ctx ends. It cancels the context of the job if the
// lease was lost or the job was cancelled.
func (a *attempt) heartbeat(ctx context.Context, cancel context.CancelCauseFunc) {
	interval := a.worker.queue.Lease() / 3
	lease := time.NewTicker(min(firstHeartbeat, interval))
	defer lease.Stop()
	progress := time.NewTicker(progressInterval)
	defer progress.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-lease.C:
			lease.Reset(interval)
			err = a.worker.queue.Heartbeat(ctx, a.job)
		case <-progress.C:
			err = a.sendProgress()
		}
		switch {
		case errors.Is(err, queue.ErrLeaseLost), errors.Is(err, queue.ErrCancelled):
			cancel(err)
			return
		case err != nil && ctx.Err() == nil:
			a.logger.WarnContext(ctx, "failed to renew the lease of a job", "error", err)
		}
	}
}

// setProgress is the queue.Report of the handler. It only stores the progress; heartbeat sends it.
func (a *attempt) setProgress(stage string, progress float64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unsent = a.unsent || stage != a.stage || progress != a.progress
	a.stage, a.progress = stage, progress
}

// sendProgress reports the progress to the queue if it has changed.
func (a *attempt) sendProgress() error {
	a.mu.Lock()
	stage, progress, unsent := a.stage, a.progress, a.unsent
	a.unsent = false
	a.mu.Unlock()
	if !unsent {
		return nil
	}
	return a.worker.queue.Progress(a.job, stage, progress)
}
