package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// minSweepInterval is the shortest time between two removals of idle callers.
const minSweepInterval = time.Minute

// Rate limits how often each caller may do something: a token bucket per caller.
type Rate struct {
	perSecond rate.Limit
	burst     int
	now       func() time.Time
	idle      time.Duration // after this time without events, a bucket is full

	mu       sync.Mutex
	byCaller map[string]*bucket
	swept    time.Time // when removeIdle last ran
}

type bucket struct {
	*rate.Limiter
	lastUsed time.Time
}

// NewRate returns a Rate that allows each caller perSecond events per second on average, with bursts
// of up to burst events. perSecond must be positive.
func NewRate(perSecond float64, burst int, now func() time.Time) *Rate {
	refill := time.Duration(float64(burst) / perSecond * float64(time.Second))
	return &Rate{
		perSecond: rate.Limit(perSecond), burst: burst, now: now, idle: max(minSweepInterval, refill),
		byCaller: map[string]*bucket{},
	}
}

// Allow reports whether the caller is below the limit, and counts one event if so.
func (r *Rate) Allow(caller string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.removeIdle(now)
	b, ok := r.byCaller[caller]
	if !ok {
		b = &bucket{Limiter: rate.NewLimiter(r.perSecond, r.burst)}
		r.byCaller[caller] = b
	}
	b.lastUsed = now
	return b.AllowN(now, 1)
}

// removeIdle removes full buckets, which equal new ones. The caller holds mu.
func (r *Rate) removeIdle(now time.Time) {
	if now.Sub(r.swept) <= r.idle {
		return
	}
	r.swept = now
	for caller, b := range r.byCaller {
		if now.Sub(b.lastUsed) > r.idle {
			delete(r.byCaller, caller)
		}
	}
}
