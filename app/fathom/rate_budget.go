package fathom

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Limits are how many calls of one key Fathom accepts in a minute.
type Limits struct {
	Calls     int // in total
	Texts     int // that include summaries or transcripts
	Downloads int // requests for files, which are counted separately
}

// DefaultLimits are those that Fathom has published. It may lower the second one to 5, which its responses announce.
// https://developers.fathom.ai/api-overview
var DefaultLimits = Limits{Calls: 60, Texts: 30, Downloads: 30}

const (
	windowLength = time.Minute

	budgetIdleTime = 10 * time.Minute // longer than any window: a budget unused for this long is empty
	maxClosed      = time.Hour        // the longest time for which a response header can close a budget
)

type bucket int

const (
	bucketGlobal bucket = iota
	bucketHeavy
	bucketDownload
	bucketCount
)

// slidingWindow allows limit calls in any windowLength. It records the time of each call instead of
// using a token bucket: a full bucket that refills would allow twice the limit in its first minute, and
// Fathom would count that as too many.
type slidingWindow struct {
	ceiling, limit int
	at             []time.Time // times of calls, sorted; times in the future are reservations
	closedUntil    time.Time
}

// next returns the earliest time from now on at which the window allows a call.
func (w *slidingWindow) next(now time.Time) time.Time {
	w.at = slices.DeleteFunc(w.at, func(t time.Time) bool { return !t.Add(windowLength).After(now) })

	next := now
	if w.closedUntil.After(next) {
		next = w.closedUntil
	}
	if full := len(w.at) - w.limit; full >= 0 {
		if free := w.at[full].Add(windowLength); free.After(next) {
			next = free
		}
	}
	return next
}

func (w *slidingWindow) add(t time.Time) {
	i, _ := slices.BinarySearchFunc(w.at, t, time.Time.Compare)
	w.at = slices.Insert(w.at, i, t)
}

func (w *slidingWindow) remove(t time.Time) {
	if i, found := slices.BinarySearchFunc(w.at, t, time.Time.Compare); found {
		w.at = slices.Delete(w.at, i, i+1)
	}
}

// rateBudget limits the calls of one key. It is safe for concurrent use.
type rateBudget struct {
	mu       sync.Mutex
	windows  [bucketCount]slidingWindow
	lastUsed time.Time // guarded by Client.mu
}

func newRateBudget(limits Limits) *rateBudget {
	b := &rateBudget{}
	for i, limit := range [bucketCount]int{limits.Calls, limits.Texts, limits.Downloads} {
		b.windows[i] = slidingWindow{ceiling: limit, limit: limit}
	}
	return b
}

// reserve reserves one call in each bucket for the same time. It returns that time, the wait until then, and how many
// calls a minute the bucket allows that causes the wait. Reservations are made in the order of the calls to reserve.
func (b *rateBudget) reserve(now time.Time, buckets ...bucket) (at time.Time, wait time.Duration, perMinute int) {
	b.mu.Lock()
	defer b.mu.Unlock()

	at = now
	for _, k := range buckets {
		if t := b.windows[k].next(now); t.After(at) {
			at, perMinute = t, b.windows[k].limit
		}
	}
	for _, k := range buckets {
		b.windows[k].add(at)
	}
	return at, at.Sub(now), perMinute
}

// release cancels a reservation.
func (b *rateBudget) release(at time.Time, buckets ...bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range buckets {
		b.windows[k].remove(at)
	}
}

// applyHeaders updates the budget from the rate limit headers of a response. Which bucket the headers
// of a heavy call describe is undocumented. They are applied to the narrower one; if they described the
// global one, the next light call applies them there.
func (b *rateBudget) applyHeaders(now time.Time, status int, h http.Header, buckets ...bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()

	w := &b.windows[buckets[len(buckets)-1]]
	if limit, ok := headerInt(h, "RateLimit-Limit"); ok && limit > 0 {
		w.limit = int(min(limit, int64(w.ceiling)))
	}

	remaining, known := headerInt(h, "RateLimit-Remaining")
	if status != http.StatusTooManyRequests && (!known || remaining > 0) {
		return
	}
	wait, ok := requestedWait(h, now)
	if !ok {
		return // the window's own record of calls decides
	}
	if until := now.Add(min(wait, maxClosed)); until.After(w.closedUntil) {
		w.closedUntil = until
	}
}

// isOpen reports whether no response has closed the budget. A closed budget must not be removed.
func (b *rateBudget) isOpen(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.windows {
		if b.windows[i].closedUntil.After(now) {
			return false
		}
	}
	return true
}

// budgetOf returns the budget of a key, creating it if necessary. It also removes budgets that have
// been unused for a while.
func (c *Client) budgetOf(hash keyHash) *rateBudget {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()

	if now.Sub(c.lastCleanup) > windowLength {
		c.lastCleanup = now
		for h, b := range c.budgets {
			if h != hash && now.Sub(b.lastUsed) > budgetIdleTime && b.isOpen(now) {
				delete(c.budgets, h)
			}
		}
	}

	b := c.budgets[hash]
	if b == nil {
		b = newRateBudget(c.limits)
		c.budgets[hash] = b
	}
	b.lastUsed = now
	return b
}
