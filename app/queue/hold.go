package queue

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// userKind identifies the jobs of one user and kind.
type userKind struct{ user, kind string }

// holds keeps jobs that have never run from starting, because a job of the same user and kind found that
// they could not get further than it did. Without them, each of 2,000 jobs would start only to find out
// the same. Holds exist in memory only: a restart forgets them, which costs one short run per user. Safe for
// concurrent use. It must be created with newHolds.
type holds struct {
	mu    sync.Mutex
	byKey map[userKind]hold
}

type hold struct {
	until  time.Time
	reason string // whole sentences for the owner; may be blank
}

func newHolds() *holds { return &holds{byKey: map[userKind]hold{}} }

// add keeps other jobs of the same user and kind from starting for a while. It never shortens a hold.
func (h *holds) add(job Job, now time.Time, wait time.Duration, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.byKey, func(_ userKind, known hold) bool { return !known.until.After(now) })
	key := userKind{job.UserID, job.Kind}
	if until := now.Add(wait); until.After(h.byKey[key].until) {
		h.byKey[key] = hold{until, reason}
	}
}

// end ends a hold early, because a job of the user and kind has ended.
func (h *holds) end(job Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byKey, userKind{job.UserID, job.Kind})
}

// isHeld reports whether a hold keeps a job from starting. Jobs that have run before are exempt, and precede
// all others of their user; see promoteScheduledSQL.
func (h *holds) isHeld(c *candidate, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.claims == 0 && now.Before(h.byKey[userKind{c.user, c.kind}].until)
}

// of returns the holds of a user's jobs. It is never nil.
func (h *holds) of(userID string, now time.Time) []OwnHold {
	h.mu.Lock()
	defer h.mu.Unlock()
	own := []OwnHold{}
	for key, known := range h.byKey {
		if key.user == userID && known.until.After(now) {
			own = append(own, OwnHold{Kind: key.kind, Reason: known.reason, Until: formatTime(known.until)})
		}
	}
	slices.SortFunc(own, func(a, b OwnHold) int { return strings.Compare(a.Kind, b.Kind) })
	return own
}
