// Package backoff computes how long to wait before something that failed is tried again.
package backoff

import (
	"math/rand/v2"
	"time"
)

// Policy is exponential backoff with jitter, which keeps callers that failed together from returning
// together. Base and Max must be positive.
type Policy struct {
	Base   time.Duration // after the first attempt; doubles with each further one
	Max    time.Duration
	Jitter float64 // share of the wait, 0 to 1, of which a random part is subtracted
}

// Delay returns the wait after the given attempt. Attempts count from 1.
func (p Policy) Delay(attempt int) time.Duration {
	wait := p.Base
	for range attempt - 1 {
		if wait *= 2; wait >= p.Max {
			break
		}
	}
	wait = min(wait, p.Max)
	if spread := time.Duration(float64(wait) * p.Jitter); spread > 0 {
		wait -= rand.N(spread)
	}
	return wait
}
