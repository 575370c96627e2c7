package queue

import (
	"math/rand/v2"
	"time"
)

const (
	backoffBase = 5 * time.Second
	backoffMax  = 30 * time.Minute
)

// backoff is how long to wait before the attempt after the given one: 5 s,
// doubled each time up to half an hour, less up to a quarter by chance so that
// jobs that failed together don't return together. It is never shorter than
// atLeast.
func backoff(attempt int, atLeast time.Duration) time.Duration {
	wait := backoffMax
	if shift := attempt - 1; shift < 16 {
		wait = min(backoffBase<<max(shift, 0), backoffMax)
	}
	wait -= rand.N(wait / 4)
	return max(wait, atLeast)
}
