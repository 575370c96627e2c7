package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

// allowed counts how many of a number of events a Rate allows.
func allowed(r *limit.Rate, caller limit.Caller, events int) (n int) {
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
	assert.Equal(t, 200, allowed(requests, limit.Account("ada"), 500))
	assert.Equal(t, 200, allowed(requests, limit.Account("grace"), 500), "callers don't share a limit")
	clock.Advance(time.Second)
	assert.Equal(t, 100, allowed(requests, limit.Account("ada"), 500))
}

func TestRateForgetsNoCallerBeforeItsBucketIsFull(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(1, 600, clock.Now) // ten minutes to refill
	assert.Equal(t, 600, allowed(requests, limit.Account("ada"), 601))
	clock.Advance(5 * time.Minute)
	assert.Equal(t, 300, allowed(requests, limit.Account("ada"), 601), "a new bucket would allow the whole burst")
	clock.Advance(time.Hour)
	assert.Equal(t, 600, allowed(requests, limit.Account("ada"), 601))
}

func TestNetworksOfAnIPv6SiteShareARate(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(1, 5, clock.Now)
	total := 0
	for i := range 40 {
		total += allowed(requests, limit.Network(fmt.Sprintf("2001:db8:9:%x::1", i)), 10)
	}
	assert.Equal(t, 20, total, "a /48 has four times the limit of a /64")
	clock.Advance(2 * time.Second)
	assert.Equal(t, 2, allowed(requests, limit.Network("2001:db8:9:0::2"), 10))
	assert.Equal(t, 5, allowed(requests, limit.Network("2001:db8:a:0::1"), 10), "another /48 is another customer")
}

func TestRateReportsWhenToTryAgain(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(0.1, 1, clock.Now)
	ada := limit.Account("ada")
	assert.True(t, requests.Allow(ada))
	clock.Advance(4 * time.Second)
	wait, ok := requests.Take(ada)
	assert.False(t, ok)
	assert.InDelta(t, 6, wait.Seconds(), 0.001)
	clock.Advance(wait)
	assert.True(t, requests.Allow(ada))
}

func TestRateDoesNotForgetABusyCallerForIdleOnes(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(0.001, 50, clock.Now)
	busy := limit.Account("busy")
	assert.Equal(t, 50, allowed(requests, busy, 60))
	for i := range 120_000 {
		requests.Allow(limit.Account(fmt.Sprint("stranger ", i)))
	}
	assert.False(t, requests.Allow(busy), "strangers must not flush the state of a caller at its limit")
	assert.LessOrEqual(t, requests.Callers(), 50_000)
}

func TestWaitCountsNothing(t *testing.T) {
	clock := clocktest.New(time.Now())
	requests := limit.NewRate(1, 2, clock.Now)
	network := limit.Network("2001:db8:9::1")
	for range 10 {
		assert.Zero(t, requests.Wait(network))
	}
	assert.Equal(t, 2, allowed(requests, network, 10))
	assert.Equal(t, time.Second, requests.Wait(network).Round(time.Millisecond))
	assert.Zero(t, requests.Wait(limit.Network("2001:db8:8::1")))
	clock.Advance(time.Second)
	assert.Zero(t, requests.Wait(network))
}
