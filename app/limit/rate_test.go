package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

// allowed counts how many of a number of events a Rate allows.
func allowed(r *limit.Rate, caller string, events int) (n int) {
	for range events {
		if r.Allow(caller) {
			n++
		}
	}
	return n
}

func TestRateAllowsABurstAndThenTheAverage(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(100, 200, clock.Now)
	assert.Equal(t, 200, allowed(requests, "ada", 500))
	assert.Equal(t, 200, allowed(requests, "grace", 500), "callers don't share a limit")
	clock.Advance(time.Second)
	assert.Equal(t, 100, allowed(requests, "ada", 500))
}

func TestRateForgetsNoCallerBeforeItsBucketIsFull(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(1, 600, clock.Now) // ten minutes to refill
	assert.Equal(t, 600, allowed(requests, "ada", 601))
	clock.Advance(5 * time.Minute)
	assert.Equal(t, 300, allowed(requests, "ada", 601), "a new bucket would allow the whole burst")
	clock.Advance(time.Hour)
	assert.Equal(t, 600, allowed(requests, "ada", 601))
}
