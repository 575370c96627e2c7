package limit

import (
	"math"
	"slices"
	"sync"
	"time"
)

const (
	quotaHour = time.Hour
	quotaDay  = 24 * time.Hour
	// maxQuotaEvents is how many events a Quota without a total remembers. It takes some 10 MB.
	maxQuotaEvents = 100_000
)

// Quota limits how many events there are in any hour and any day. Unlike a Rate it counts exactly, so it suits
// rare events.
type Quota struct {
	perHour, perDay, total int
	now                    func() time.Time

	mu     sync.Mutex
	next   uint64       // id of the next event
	events []quotaEvent // of the last day, oldest first
}

type quotaEvent struct {
	id     uint64
	at     time.Time
	caller Caller
}

// NewQuota returns a Quota that allows each caller perHour events in an hour and perDay in a day, and all callers
// together total in a day. 0 means no limit.
func NewQuota(perHour, perDay, total int, now func() time.Time) *Quota {
	return &Quota{perHour: perHour, perDay: perDay, total: total, now: now}
}

// Take counts an event, and returns a function that takes it back if it didn't happen after all. If the caller or
// all callers together are at their limit, it counts nothing and returns the time after which the next event is
// allowed.
func (q *Quota) Take(caller Caller) (undo func(), wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.events = slices.DeleteFunc(q.events, func(e quotaEvent) bool { return now.Sub(e.at) >= quotaDay })
	ofCaller := func(e quotaEvent) bool { return e.caller == caller }
	ofSite := func(e quotaEvent) bool { return e.caller.SameSite(caller) }
	everyone := func(quotaEvent) bool { return true }
	wait = max(
		q.untilBelow(q.perHour, quotaHour, now, ofCaller),
		q.untilBelow(q.perDay, quotaDay, now, ofCaller),
		q.untilBelow(ofWholeSite(q.perHour), quotaHour, now, ofSite),
		q.untilBelow(ofWholeSite(q.perDay), quotaDay, now, ofSite),
		q.untilBelow(q.total, quotaDay, now, everyone),
	)
	if wait > 0 {
		return nil, wait, false
	}
	q.next++
	id := q.next
	q.events = append(q.events, quotaEvent{id: id, at: now, caller: caller})
	q.events = q.events[max(0, len(q.events)-max(maxQuotaEvents, q.total)):]
	return func() { q.remove(id) }, 0, true
}

// untilBelow returns the time until fewer than limit matching events remain in the window; 0 if there are.
func (q *Quota) untilBelow(limit int, window time.Duration, now time.Time, matches func(quotaEvent) bool) time.Duration {
	if limit == 0 {
		return 0
	}
	found := 0
	for _, event := range slices.Backward(q.events) {
		if now.Sub(event.at) >= window {
			break
		}
		if !matches(event) {
			continue
		}
		if found++; found == limit {
			return window - now.Sub(event.at)
		}
	}
	return 0
}

func (q *Quota) remove(id uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.events = slices.DeleteFunc(q.events, func(e quotaEvent) bool { return e.id == id })
}

func ofWholeSite(limit int) int { return min(limit, math.MaxInt/siteFactor) * siteFactor }
