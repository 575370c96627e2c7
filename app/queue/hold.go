package queue

import (
	"maps"
	"time"
)

// userKind identifies the jobs of one user and kind.
type userKind struct{ user, kind string }

// holds keeps jobs that have never run from starting, because a job of the same user and kind found that
// they could not get further than it did. Without them, each of 2,000 jobs would start only to find out
// the same. Holds exist in memory only: a restart forgets them, which costs one short run per user.
type holds map[userKind]time.Time

// hold keeps other jobs of the same user and kind from starting for a while. It never shortens a hold.
func (q *Queue) hold(job Job, d time.Duration) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	now := q.now()
	maps.DeleteFunc(q.holds, func(_ userKind, until time.Time) bool { return !until.After(now) })
	key := userKind{job.UserID, job.Kind}
	if until := now.Add(d); until.After(q.holds[key]) {
		q.holds[key] = until
	}
}

// endHold ends a hold early, because a job of the user and kind has ended. The caller must hold claiming.
func (q *Queue) endHold(job Job) {
	if len(q.holds) > 0 {
		delete(q.holds, userKind{job.UserID, job.Kind})
	}
}

// isHeld reports whether a hold keeps a job from starting. Jobs that have run before are exempt, and precede
// all others of their user; see promoteScheduledSQL. The caller must hold claiming.
func (q *Queue) isHeld(c *candidate) bool {
	return len(q.holds) > 0 && c.claims == 0 && q.now().Before(q.holds[userKind{c.user, c.kind}])
}
