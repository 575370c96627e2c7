package queue

import (
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// reader answers what people ask about the queue: positions, estimates, counts and lists. It writes
// nothing, and it never waits for a claim.
type reader struct {
	app       core.App
	limits    limits
	kinds     *kinds
	pauses    *pauses
	events    *events
	durations *durations
	turns     *roundRobin
	logger    *slog.Logger
	now       func() time.Time

	mu     sync.Mutex // guards latest and its ranks
	latest *snapshot

	totalMu   sync.Mutex
	total     int // of all jobs, finished or not
	totalCost readCost
}

func newReader(q *Queue) *reader {
	return &reader{
		app: q.app, limits: q.limits, kinds: q.kinds, pauses: q.pauses, events: &q.events, durations: &q.durations, turns: &q.turns,
		logger: q.logger, now: q.now,
	}
}

// cheapRead is what a reading may take and still be repeated whenever something has changed.
const cheapRead = 2 * time.Millisecond

// readCost records when a reading of the database was made and how long it took.
type readCost struct {
	at   time.Time
	took time.Duration
}

// isFresh reports whether the reading must be reused even if something has changed. An expensive one
// is reused for 20 times as long as it took, so that readings take at most a twentieth of the time.
func (c readCost) isFresh(now time.Time) bool {
	return c.took > cheapRead && now.Sub(c.at) < 20*c.took
}
