package limit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

var home = limit.Network("203.0.113.9")

// attempt begins an attempt that must not wait.
func attempt(t *testing.T, p *limit.Pauses, account string, network limit.Caller) (*limit.Attempt, time.Duration) {
	t.Helper()
	a, wait, err := p.Begin(t.Context(), account, network)
	require.NoError(t, err)
	return a, wait
}

func TestPausesDoubleUntilASuccess(t *testing.T) {
	clock := clocktest.New(time.Now())
	p := limit.NewPauses(clock.Now)
	for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
		a, wait := attempt(t, p, "ada", home)
		require.Zero(t, wait)
		a.Failed()
		a.Succeeded() // the first outcome counts
		_, wait = attempt(t, p, "ada", home)
		assert.Equal(t, pause*time.Second, wait)
		clock.Advance(wait)
	}
	a, _ := attempt(t, p, "ada", home)
	a.Succeeded()
	a, _ = attempt(t, p, "ada", home)
	a.Failed()
	_, wait := attempt(t, p, "ada", home)
	assert.Equal(t, time.Second, wait, "a success resets the pauses")
}

func TestPausesApplyToOneAccountAndNetwork(t *testing.T) {
	clock := clocktest.New(time.Now())
	p := limit.NewPauses(clock.Now)
	a, _ := attempt(t, p, "ada", home)
	a.Failed()
	_, wait := attempt(t, p, "grace", home)
	assert.Zero(t, wait)
	_, wait = attempt(t, p, "ada", limit.Network("203.0.112.9"))
	assert.Zero(t, wait)
}

func TestAnUncheckedAttemptCausesNoPause(t *testing.T) {
	p := limit.NewPauses(clocktest.New(time.Now()).Now)
	for range 3 {
		a, wait := attempt(t, p, "ada", home)
		require.Zero(t, wait)
		a.End()
	}
}

// Attempts sent at the same time are checked one after the other, so that only one of them is a guess.
func TestConcurrentAttemptsShareAPause(t *testing.T) {
	p := limit.NewPauses(clocktest.New(time.Now()).Now)
	var checked, refused atomic.Int32
	var guesses sync.WaitGroup
	for range 50 {
		guesses.Go(func() {
			a, wait, err := p.Begin(context.Background(), "ada", home)
			if !assert.NoError(t, err) {
				return
			}
			if wait > 0 {
				refused.Add(1)
				return
			}
			checked.Add(1)
			a.Failed()
		})
	}
	guesses.Wait()
	assert.EqualValues(t, 1, checked.Load())
	assert.EqualValues(t, 49, refused.Load())
}

func TestAWaitingAttemptEndsWithItsRequest(t *testing.T) {
	p := limit.NewPauses(clocktest.New(time.Now()).Now)
	running, _ := attempt(t, p, "ada", home)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, _, err := p.Begin(ctx, "ada", home)
		ended <- err
	}()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	running.Succeeded()
	next, wait := attempt(t, p, "ada", home)
	assert.Zero(t, wait)
	next.Succeeded()
	assert.Zero(t, p.Remembered(), "successes leave no state")
}

// Guessing one password from one network is limited to what the pauses allow, however the guesser waits.
func TestGuessesInAnHour(t *testing.T) {
	clock := clocktest.New(time.Now())
	p := limit.NewPauses(clock.Now)
	guesses := 0
	for start := clock.Now(); clock.Now().Sub(start) < time.Hour; {
		if a, wait := attempt(t, p, "ada", home); wait > 0 {
			clock.Advance(wait)
		} else {
			guesses++
			a.Failed()
		}
	}
	assert.Equal(t, 20, guesses)
}

func TestFailuresOfOthersDoNotFlushPauses(t *testing.T) {
	clock := clocktest.New(time.Now())
	p := limit.NewPauses(clock.Now)
	for range 5 {
		a, wait := attempt(t, p, "ada", home)
		require.Zero(t, wait)
		a.Failed()
		_, wait = attempt(t, p, "ada", home)
		clock.Advance(wait)
	}
	a, _ := attempt(t, p, "ada", home)
	a.Failed()
	for i := range 60_000 {
		a, _ := attempt(t, p, fmt.Sprint(i), home)
		a.Failed()
	}
	assert.LessOrEqual(t, p.Remembered(), 50_000)
	_, wait := attempt(t, p, "ada", home)
	assert.Equal(t, 32*time.Second, wait)
}

func TestFailuresAreCountedAcrossNetworks(t *testing.T) {
	clock := clocktest.New(time.Now())
	f := limit.NewFailures(100, clock.Now)
	for range 99 {
		f.Add("ada")
		clock.Advance(30 * time.Second)
	}
	assert.Zero(t, f.Wait("ada"))
	f.Add("ada")
	assert.Equal(t, time.Hour-99*30*time.Second, f.Wait("ada"), "until the first failure is an hour old")
	assert.Zero(t, f.Wait("grace"))
	clock.Advance(f.Wait("ada"))
	assert.Zero(t, f.Wait("ada"))
	f.Add("ada")
	assert.Equal(t, 30*time.Second, f.Wait("ada"), "then the second one is the oldest")
	clock.Advance(2 * time.Hour)
	f.Add("ada")
	assert.Zero(t, f.Wait("ada"))
}

func TestFailuresOfOthersDoNotFlushACount(t *testing.T) {
	clock := clocktest.New(time.Now())
	f := limit.NewFailures(100, clock.Now)
	for range 100 {
		f.Add("ada")
	}
	for i := range 40_000 {
		f.Add(fmt.Sprint(i))
	}
	assert.Equal(t, time.Hour, f.Wait("ada"))
	assert.LessOrEqual(t, f.Accounts(), 20_000)
}
