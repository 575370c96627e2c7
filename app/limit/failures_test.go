package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

func TestRunningAttemptsCountAsFailures(t *testing.T) {
	clock := clocktest.New(time.Now())
	f := limit.NewFailures(5, clock.Now)
	f.Add("ada")
	var running []func(failed bool)
	for range 4 {
		end, ok := f.Begin("ada")
		require.True(t, ok)
		running = append(running, end)
	}
	_, ok := f.Begin("ada")
	assert.False(t, ok, "one has failed and four run")
	assert.Zero(t, f.Wait("ada"), "the four may succeed")
	_, ok = f.Begin("grace")
	assert.True(t, ok, "another account")

	running[0](false)
	running[0](true) // the first outcome counts
	end, ok := f.Begin("ada")
	require.True(t, ok, "a success makes room for the next attempt")
	for _, end := range append(running, end) {
		end(true)
	}
	_, ok = f.Begin("ada")
	assert.False(t, ok)
	assert.Equal(t, time.Hour, f.Wait("ada"))
	clock.Advance(time.Hour)
	end, ok = f.Begin("ada")
	require.True(t, ok)
	end(false)
}

func TestAttemptsWithoutFailuresLeaveNoState(t *testing.T) {
	f := limit.NewFailures(5, clocktest.New(time.Now()).Now)
	for i := range 10 {
		end, ok := f.Begin(fmt.Sprint(i))
		require.True(t, ok)
		end(false)
	}
	assert.Zero(t, f.Accounts())
}

func TestRunningAttemptsAreNotForgotten(t *testing.T) {
	f := limit.NewFailures(2, clocktest.New(time.Now()).Now)
	for range 2 {
		_, ok := f.Begin("ada")
		require.True(t, ok)
	}
	for i := range 1000 {
		_, ok := f.Begin(fmt.Sprint(i))
		require.True(t, ok)
	}
	for i := range 25_000 {
		f.Add(fmt.Sprint("other ", i))
	}
	_, ok := f.Begin("ada")
	assert.False(t, ok)
}
