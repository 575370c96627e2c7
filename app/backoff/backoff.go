// Package backoff computes the delays between retries.
package backoff

import (
	"math/rand/v2"
	"time"
)

// Policy is exponential backoff with jitter. Jitter keeps callers that failed at the same time from
// retrying at the same time.
type Policy struct {
	Base   time.Duration // delay after the first attempt, doubled for each further one; positive
	Max    time.Duration // upper limit of a delay; positive
	Jitter float64       // share of a delay, 0 to 1, that may be subtracted at random
}

// Delay returns how long to wait after the given attempt. Attempts count from 1.
func (p Policy) Delay(attempt int) time.Duration {
	delay := p.Base
	for range attempt - 1 {
		delay *= 2
		if delay >= p.Max {
			break
		}
	}
	delay = min(delay, p.Max)
	if spread := time.Duration(float64(delay) * p.Jitter); spread > 0 {
		delay -= rand.N(spread)
	}
	return delay
}
