// Package clocktest is a clock for tests that moves only when it is told to.
package clocktest

import (
	"sync"
	"time"
)

// Clock is a clock that stands still. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// New returns a Clock that shows a time.
func New(now time.Time) *Clock { return &Clock{now: now} }

// Now returns the time the clock shows; pass it as a service's Config.Now.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
