package queue

import (
	"context"
	"fmt"
)

// A claim goes through the users who have ready jobs. A pause for one user may last for months, so a claim that
// comes across that user's jobs sets them aside: they are no longer ready, and no further claim sees them. They
// become ready again when the pause ends. Jobs that are paused for all users stay ready, because a claim skips
// the whole kind.

// skipPaused reports whether a job must not start because of a pause for its user, and notes that it must be set
// aside. The caller must hold claiming.
func (q *Queue) skipPaused(c *candidate) bool {
	key := userKind{c.user, c.kind}
	if !q.isPausedFor(key) {
		return false
	}
	q.paused[key] = true
	return true
}

// setPausedAside sets aside what the last claims have skipped. The caller must hold claiming, and no transaction.
func (q *Queue) setPausedAside(ctx context.Context) {
	if len(q.paused) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx) // the worker may be stopping
	for key := range q.paused {
		if _, err := execute(ctx, &q.sql, setAsideSQL, key.user, key.kind); err != nil {
			q.logger.WarnContext(ctx, "failed to set paused jobs aside", "user", key.user, "kind", key.kind, "error", err)
			return // the next claim comes across them again
		}
		delete(q.paused, key)
	}
	q.events.publishGeneral()
}

// pausesChanged is called after the pauses have changed. If some may have ended, it returns their jobs to the
// queue. If it can't, Promote tries again.
func (q *Queue) pausesChanged(ctx context.Context, ended bool) {
	if ended {
		q.releaseDue.Store(true)
	}
	if err := q.releasePaused(ctx); err != nil {
		q.logger.WarnContext(ctx, "failed to release paused jobs", "error", err)
	}
	q.events.publishGeneral()
	q.Wake()
}

// releasePaused makes the jobs ready that were set aside because of a pause that has ended.
func (q *Queue) releasePaused(ctx context.Context) (err error) {
	// A claim that began before the pauses changed may set further jobs aside. It does so before it unlocks.
	q.claiming.Lock()
	defer q.claiming.Unlock()
	if !q.releaseDue.Swap(false) {
		return nil
	}
	defer func() {
		if err != nil {
			q.releaseDue.Store(true)
		}
	}()
	clear(q.paused)
	var keys []struct {
		User string `db:"user"`
		Kind string `db:"kind"`
	}
	if err := q.app.NonconcurrentDB().NewQuery(pausedJobsSQL).WithContext(ctx).All(&keys); err != nil {
		return fmt.Errorf("find paused jobs: %w", err)
	}
	for _, key := range keys {
		if q.isPausedFor(userKind{key.User, key.Kind}) {
			continue
		}
		for released := 1; err == nil && released > 0; {
			released, err = q.promoteBatch(ctx, releasePausedSQL, q.timestamp(0), key.User, key.Kind)
		}
		if err != nil {
			return fmt.Errorf("release paused jobs of user %s: %w", key.User, err)
		}
	}
	return nil
}
