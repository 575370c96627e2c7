// Package limit limits how much of a shared resource one caller may use, so that no caller can starve
// the others. Concurrency limits how many units are held at the same time, Rate how often something
// happens on average, Quota how often it happens in an hour and a day. Pauses and Failures make guessing
// passwords slow.
//
// A [Caller] is an account or a network. All types are safe for concurrent use and keep a limited amount of
// state, in memory only. The package must not depend on HTTP or PocketBase: its users decide how to respond
// to a caller over the limit.
package limit

import (
	"math"
	"sync"
)

// Unlimited is the total of a Concurrency that only limits each caller.
const Unlimited = math.MaxInt

// Concurrency limits how many units are held at the same time, in total and by each caller.
type Concurrency struct {
	total, perCaller int

	mu       sync.Mutex
	held     int
	byCaller map[string]int
}

// NewConcurrency returns a Concurrency that allows total units, of which one caller may hold
// perCaller.
func NewConcurrency(total, perCaller int) *Concurrency {
	return &Concurrency{total: total, perCaller: perCaller, byCaller: map[string]int{}}
}

// Acquire holds one unit for a caller until release is called. Calling release again has no effect.
// It never waits: ok is false, and release nil, if the caller or all callers together are at their
// limit.
func (c *Concurrency) Acquire(caller Caller) (release func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held >= c.total || c.byCaller[caller.key] >= c.perCaller {
		return nil, false
	}
	if caller.site != "" && c.byCaller[caller.site]/siteFactor >= c.perCaller {
		return nil, false
	}
	c.held++
	c.byCaller[caller.key]++
	if caller.site != "" {
		c.byCaller[caller.site]++
	}
	return sync.OnceFunc(func() { c.release(caller) }), true
}

func (c *Concurrency) release(caller Caller) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held--
	for _, key := range []string{caller.key, caller.site} {
		if c.byCaller[key]--; c.byCaller[key] <= 0 {
			delete(c.byCaller, key)
		}
	}
}
