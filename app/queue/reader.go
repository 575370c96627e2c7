package queue

import (
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// reader computes the reports about the queue: positions, counts and overviews. It writes
// nothing and never waits for a claim. Safe for concurrent use.
type reader struct {
	app       core.App
	limits    limits
	kinds     *kinds
	pauses    *pauses
	events    *events
	durations *durations
	reports   *reports
	turns     *roundRobin
	holds     *holds
	logger    *slog.Logger
	now       func() time.Time

	mu     sync.Mutex // guards latest and its places
	latest *snapshot

	totalMu      sync.Mutex // guards the following
	total        int        // number of all jobs, finished or not
	totalCost    readCost
	totalChanges uint64 // published before they were counted

	counted latestCounts
}

func newReader(q *Queue) *reader {
	return &reader{
		app: q.app, limits: q.limits, kinds: q.kinds, pauses: q.pauses, events: &q.events, durations: &q.durations, reports: q.reports,
		turns: &q.turns, holds: q.holds, logger: q.logger, now: q.now,
	}
}

// cheapRead is the longest duration of a read that is repeated whenever something has changed.
const cheapRead = 2 * time.Millisecond

// readCost records when the database was read and how long that took.
type readCost struct {
	at   time.Time
	took time.Duration
}

// longestReuse is how long an expensive result may be used again. On a busy machine a read may take seconds once, and
// nobody should see an old queue for minutes because of that.
const longestReuse = 10 * time.Second

// isFresh reports whether the result must be used again even if something has changed. An expensive
// result is used for 20 times as long as the read took, but no longer than longestReuse, so that reads
// that take half a second or less take at most a twentieth of the time.
func (c readCost) isFresh(now time.Time) bool {
	return c.took > cheapRead && now.Sub(c.at) < min(20*c.took, longestReuse)
}

// lags reports whether something has changed since so many changes had been published.
func (r *reader) lags(changes uint64) bool { return changes != r.events.count() }
