package limit

import (
	"sync"
	"time"
)

// minSweepInterval is the shortest time between two removals of idle callers.
const minSweepInterval = time.Minute

// Rate limits how often each caller may do something: a token bucket per caller.
type Rate struct {
	perSecond float64
	burst     int
	now       func() time.Time
	refill    time.Duration // in which an empty bucket becomes full

	mu      sync.Mutex
	buckets table[*bucket]
}

// bucket holds the tokens of a caller at a point in time.
type bucket struct {
	tokens float64
	size   float64
	at     time.Time
}

// NewRate returns a Rate that allows each caller perSecond events per second on average, with bursts
// of up to burst events. perSecond must be positive. The clock is now, or time.Now if that is nil.
func NewRate(perSecond float64, burst int, now func() time.Time) *Rate {
	if now == nil {
		now = time.Now
	}
	return &Rate{
		perSecond: perSecond, burst: burst, now: now,
		refill:  time.Duration(float64(burst) / perSecond * float64(time.Second)),
		buckets: newTable(maxCallers, func(b *bucket) float64 { return b.size - b.tokens }),
	}
}

// Allow reports whether the caller is below the limit, and counts one event if so.
func (r *Rate) Allow(caller Caller) bool {
	_, ok := r.Take(caller)
	return ok
}

// Take counts one event and returns true if the caller is below the limit. Otherwise it counts nothing and
// returns the time after which the caller may try again.
func (r *Rate) Take(caller Caller) (wait time.Duration, ok bool) { return r.TakeMany(caller, 1) }

// Wait returns the time until the caller is below the limit; 0 if it is. It counts nothing.
func (r *Rate) Wait(caller Caller) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	wait := r.untilNext(r.bucket(caller.key, 1, now), 1, 1)
	if caller.site != "" {
		wait = max(wait, r.untilNext(r.bucket(caller.site, siteFactor, now), siteFactor, 1))
	}
	return wait
}

// TakeMany is Take for several events at once, which must not be more than the burst.
func (r *Rate) TakeMany(caller Caller, events int) (wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	idle := max(minSweepInterval, r.refill)
	r.buckets.sweep(now, idle, func(b *bucket) bool { return now.Sub(b.at) > idle }) // full buckets equal new ones
	subnet := r.bucket(caller.key, 1, now)
	wait = r.untilNext(subnet, 1, events)
	var site *bucket
	if caller.site != "" {
		site = r.bucket(caller.site, siteFactor, now)
		wait = max(wait, r.untilNext(site, siteFactor, events))
	}
	if wait > 0 {
		return wait, false
	}
	subnet.tokens -= float64(events)
	if site != nil {
		site.tokens -= float64(events)
	}
	return 0, true
}

// bucket returns the refilled bucket of a key. The caller holds mu.
func (r *Rate) bucket(key string, factor float64, now time.Time) *bucket {
	b, ok := r.buckets.entries[key]
	if !ok {
		size := factor * float64(r.burst)
		b = &bucket{tokens: size, size: size, at: now}
		r.buckets.add(key, b)
	}
	if elapsed := now.Sub(b.at); elapsed > 0 {
		b.tokens = min(b.size, b.tokens+elapsed.Seconds()*factor*r.perSecond)
		b.at = now
	}
	return b
}

// untilNext returns the time until a bucket contains a number of tokens; 0 if it does.
func (r *Rate) untilNext(b *bucket, factor float64, events int) time.Duration {
	needed := float64(events)
	if b.tokens >= needed-1e-9 { // tolerates rounding
		return 0
	}
	return time.Duration((needed - b.tokens) / (factor * r.perSecond) * float64(time.Second))
}
