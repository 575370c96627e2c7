package fathom

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fathom's published limits per key, all per 60 s
// (https://developers.fathom.ai/api-overview): 60 calls, of which 30 heavy ones
// (summaries, transcripts), and 30 download requests apart from those.
const (
	windowLength  = time.Minute
	globalLimit   = 60
	heavyLimit    = 30
	downloadLimit = 30

	budgetIdle  = 10 * time.Minute // an idle key's budget is empty long before
	longestStop = time.Hour        // a header cannot close a budget for longer
)

type bucket int

const (
	bucketGlobal bucket = iota
	bucketHeavy
	bucketDownload
	bucketCount
)

// window allows limit calls in any windowLength. A log of moments rather than a
// token bucket: a full bucket that refills would let twice the limit through in
// its first minute, and Fathom counts.
type window struct {
	ceiling, limit int
	at             []time.Time // sorted, may lie ahead: calls promised a slot
	closedUntil    time.Time
}

// next returns the earliest moment the window has room, now or later.
func (w *window) next(now time.Time) time.Time {
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

func (w *window) add(t time.Time) {
	i, _ := slices.BinarySearchFunc(w.at, t, time.Time.Compare)
	w.at = slices.Insert(w.at, i, t)
}

func (w *window) remove(t time.Time) {
	if i, found := slices.BinarySearchFunc(w.at, t, time.Time.Compare); found {
		w.at = slices.Delete(w.at, i, i+1)
	}
}

// budget is what one key may spend.
type budget struct {
	mu      sync.Mutex
	windows [bucketCount]window
	used    time.Time // guarded by Client.mu
}

func newBudget() *budget {
	b := &budget{}
	for i, limit := range [bucketCount]int{globalLimit, heavyLimit, downloadLimit} {
		b.windows[i] = window{ceiling: limit, limit: limit}
	}
	return b
}

// reserve takes a slot in each bucket for the same moment and returns it with
// the time to wait for it. Slots are handed out in order of asking.
func (b *budget) reserve(now time.Time, buckets ...bucket) (time.Time, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()

	at := now
	for _, k := range buckets {
		if t := b.windows[k].next(now); t.After(at) {
			at = t
		}
	}
	for _, k := range buckets {
		b.windows[k].add(at)
	}
	return at, at.Sub(now)
}

// release gives back a slot that will not be used.
func (b *budget) release(at time.Time, buckets ...bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range buckets {
		b.windows[k].remove(at)
	}
}

// learn takes in what a response says about limits. Which bucket the headers of
// a heavy call describe is undocumented: they are charged to the narrower one,
// and if it was the other, the next light call learns it for itself.
func (b *budget) learn(now time.Time, status int, h http.Header, buckets ...bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()

	w := &b.windows[buckets[len(buckets)-1]]
	if limit, ok := headerInt(h, "RateLimit-Limit"); ok && limit > 0 {
		w.limit = min(int(min(limit, globalLimit)), w.ceiling)
	}

	remaining, known := headerInt(h, "RateLimit-Remaining")
	if status != http.StatusTooManyRequests && (!known || remaining > 0) {
		return
	}
	stop, ok := serverWait(h, now)
	if !ok {
		return // the log of our own calls has to do
	}
	if until := now.Add(min(stop, longestStop)); until.After(w.closedUntil) {
		w.closedUntil = until
	}
}

// idle says whether an unused budget may be forgotten: not while Fathom has
// closed it.
func (b *budget) idle(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.windows {
		if b.windows[i].closedUntil.After(now) {
			return false
		}
	}
	return true
}

// budget finds or makes the budget of a key and forgets those long unused.
func (c *Client) budget(hash keyHash) *budget {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()

	if now.Sub(c.swept) > windowLength {
		c.swept = now
		for h, b := range c.budgets {
			if h != hash && now.Sub(b.used) > budgetIdle && b.idle(now) {
				delete(c.budgets, h)
			}
		}
	}

	b := c.budgets[hash]
	if b == nil {
		b = newBudget()
		c.budgets[hash] = b
	}
	b.used = now
	return b
}
