package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	requestsPerSecond = 100 // of one user, sustained
	requestBurst      = 200
	limiterIdle       = time.Minute
)

// Rate bounds how many requests each user makes of their database, so
// that one can't take the machine from the others. Safe for concurrent use.
type Rate struct {
	now func() time.Time

	mu     sync.Mutex
	byUser map[string]*userLimit
	swept  time.Time
}

type userLimit struct {
	*rate.Limiter
	used time.Time
}

// NewRate returns limits that no user has used yet.
func NewRate(now func() time.Time) *Rate {
	return &Rate{now: now, byUser: map[string]*userLimit{}}
}

// Allow reports whether the user may make a request now.
func (l *Rate) Allow(userID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.swept) > limiterIdle {
		l.swept = now
		for id, limit := range l.byUser {
			if now.Sub(limit.used) > limiterIdle { // full again by then
				delete(l.byUser, id)
			}
		}
	}
	limit, ok := l.byUser[userID]
	if !ok {
		limit = &userLimit{Limiter: rate.NewLimiter(requestsPerSecond, requestBurst)}
		l.byUser[userID] = limit
	}
	limit.used = now
	return limit.AllowN(now, 1)
}
