package transfer

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	syncRetryPause  = time.Second // wait after a database was unavailable
	maxSyncAttempts = 30          // after that, the status is updated when the database is opened

	// immediateSyncTimeout limits how long the creation or deletion of a job may wait for the status
	// of its transfer.
	immediateSyncTimeout = 200 * time.Millisecond
)

// statusWatcher updates the statuses of transfers in one goroutine, so that a change of a job doesn't
// wait for a user database.
type statusWatcher struct {
	group background.Group
	wake  background.Wake

	mu      sync.Mutex
	pending map[string]*pendingSync // by job id
}

// pendingSync is a job whose transfer may have an outdated status.
type pendingSync struct {
	job      *core.Record // a copy, if the job may have been deleted
	attempts int
}

// JobsChanged is a queue.Observer. It schedules updates of transfer statuses and returns immediately.
func (s *Service) JobsChanged(_ context.Context, changes []queue.Change) {
	w := &s.watcher
	w.mu.Lock()
	for _, change := range changes {
		isSynced := change.Action == queue.ActionDelete || // handled by SyncTransferStatus
			change.Action == queue.ActionCreate && !change.Updated && change.Status == queue.StatusPending
		if change.Kind == KindTransfer && !isSynced && statusForJobStatus(change.Status) != "" {
			w.pending[change.ID] = &pendingSync{}
		}
	}
	w.mu.Unlock()
	w.wake.Signal()
}

// SyncTransferStatus sets the status of the transfer of a job that has been created or deleted. If the
// user's database is unavailable, it schedules the update and returns.
func (s *Service) SyncTransferStatus(ctx context.Context, job *core.Record) {
	if job.GetString("kind") != KindTransfer {
		return
	}
	w := &s.watcher
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), immediateSyncTimeout)
	defer cancel()
	if w.hasPendingOf(job.GetString("user")) || s.syncJobStatus(ctx, job) != nil {
		w.mu.Lock()
		w.pending[job.Id] = &pendingSync{job: job}
		w.mu.Unlock()
		w.wake.Signal()
	}
}

// hasPendingOf reports whether a user's database was unavailable a moment ago, so that a batch doesn't wait
// for it once per job.
func (w *statusWatcher) hasPendingOf(userID string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, update := range w.pending {
		if update.job != nil && update.job.GetString("user") == userID {
			return true
		}
	}
	return false
}

// takePending empties and returns the pending updates.
func (w *statusWatcher) takePending() map[string]*pendingSync {
	w.mu.Lock()
	defer w.mu.Unlock()
	pending := w.pending
	w.pending = map[string]*pendingSync{}
	return pending
}

// returnPending schedules a failed update again, unless a newer one is pending.
func (w *statusWatcher) returnPending(jobID string, failed *pendingSync) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, newer := w.pending[jobID]; !newer {
		w.pending[jobID] = failed
	}
}

func (s *Service) watchStatuses(ctx context.Context) {
	for {
		select {
		case <-s.watcher.wake.C():
		case <-ctx.Done():
			return
		}
		if s.syncPending(ctx) > 0 {
			if outbound.Sleep(ctx, syncRetryPause) != nil {
				return
			}
			s.watcher.wake.Signal()
		}
	}
}

// syncPending performs the pending updates and returns how many failed and must be retried.
func (s *Service) syncPending(ctx context.Context) (failed int) {
	for jobID, update := range s.watcher.takePending() {
		err := s.syncPendingJob(ctx, jobID, update)
		if err == nil {
			continue
		}
		if update.attempts++; update.attempts >= maxSyncAttempts || ctx.Err() != nil {
			s.logger.WarnContext(ctx, "failed to update the status of a transfer", "job", jobID, "error", err)
			continue
		}
		failed++
		s.watcher.returnPending(jobID, update)
	}
	return failed
}

func (s *Service) syncPendingJob(ctx context.Context, jobID string, update *pendingSync) error {
	job, err := s.queue.Find(jobID)
	if errors.Is(err, sql.ErrNoRows) && update.job != nil {
		return s.syncJobStatus(ctx, update.job)
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && statusForJob(job) == "" {
		return nil // a later change of the job updates the status
	}
	if err != nil {
		return err
	}
	return s.syncJobStatus(ctx, job)
}
