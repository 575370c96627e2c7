package pool_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

func TestConcurrentCallersShareOneOpening(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			h, err := f.Acquire(t.Context(), "a")
			if assert.NoError(t, err) {
				h.Release()
				h.Release() // has no effect
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, f.opens.Load())
	open, handles, _ := f.Usage("a")
	assert.True(t, open)
	assert.Zero(t, handles)
	f.stop(t)
}

func TestLongestUnusedMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakePool(t, pool.Config[string]{Max: 2})
		f.visit(t, "a")
		f.visit(t, "b")
		f.visit(t, "a") // now b is unused for longest
		f.visit(t, "c")
		synctest.Wait()
		assert.False(t, f.isOpen("b"))
		assert.True(t, f.isOpen("a"))
		assert.EqualValues(t, 1, f.Stats().Evicted)
		f.stop(t)
	})
}

func TestResourceInUseIsNeverClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakePool(t, pool.Config[string]{Max: 1, MaxWait: time.Second})
		h := f.acquire(t, "a")
		_, err := f.Acquire(t.Context(), "b")
		require.ErrorIs(t, err, pool.ErrBusy)
		assert.True(t, f.isOpen("a"))

		got := make(chan error)
		go func() {
			other, err := f.Acquire(t.Context(), "b")
			if err == nil {
				other.Release()
			}
			got <- err
		}()
		synctest.Wait()
		assert.True(t, f.isOpen("a"))
		h.Release()
		require.NoError(t, <-got)
		f.stop(t)
	})
}

func TestIdleResourcesAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := clocktest.New(time.Now())
		f := newFakePool(t, pool.Config[string]{Max: 10, Idle: time.Minute, Now: clock.Now})
		used := f.acquire(t, "used")
		f.visit(t, "idle")
		f.CloseIdle()
		synctest.Wait()
		assert.True(t, f.isOpen("idle"), "it has been unused for less than the idle time")
		clock.Advance(2 * time.Minute)
		f.CloseIdle()
		synctest.Wait()
		assert.False(t, f.isOpen("idle"))
		assert.True(t, f.isOpen("used"))
		assert.EqualValues(t, 1, f.Stats().IdleClosed)
		used.Release()
		f.stop(t)
	})
}

func TestFailedOpeningIsRetriedAndTakesNoCapacity(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 1})
	f.beforeOpen = func(name string) error {
		if name == "bad" {
			return errors.New("corrupt")
		}
		return nil
	}
	for range 3 {
		_, err := f.Acquire(t.Context(), "bad")
		require.ErrorContains(t, err, "corrupt")
	}
	assert.EqualValues(t, 3, f.Stats().OpenFailed)
	f.visit(t, "good")
	f.stop(t)
}

func TestStopWaitsForHandlesAndRefusesNewOnes(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10})
	h := f.acquire(t, "a")
	require.ErrorIs(t, f.Stop(soon(t)), context.DeadlineExceeded)
	_, err := f.Acquire(t.Context(), "a")
	require.ErrorIs(t, err, pool.ErrClosed)
	h.Release()
	f.stop(t)
}

// acquireAndCancel cancels a call of Acquire while the resource is being opened, and returns the
// function that lets the opening continue.
func acquireAndCancel(t *testing.T, f *fakePool, result error) (proceed func()) {
	t.Helper()
	opening, continued := make(chan struct{}), make(chan struct{})
	f.beforeOpen = func(string) error {
		close(opening)
		<-continued
		return result
	}
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	go func() {
		_, err := f.Acquire(ctx, "a")
		got <- err
	}()
	<-opening
	cancel()
	require.ErrorIs(t, <-got, context.Canceled)
	return func() { close(continued) }
}

func TestCancelledCallerLeavesNoReference(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10})
	proceed := acquireAndCancel(t, f, nil)
	proceed()
	f.stop(t)
}

func TestFailedOpeningWithoutCallersLeavesNoEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := clocktest.New(time.Now())
		f := newFakePool(t, pool.Config[string]{Max: 1, Now: clock.Now})
		proceed := acquireAndCancel(t, f, errors.New("corrupt"))
		proceed()
		synctest.Wait()
		assert.Zero(t, f.Stats().Open)

		f.beforeOpen = nil
		held := f.acquire(t, "a")
		clock.Advance(time.Hour)
		f.CloseIdle()
		synctest.Wait()
		assert.True(t, f.isOpen("a"), "an entry of the failed opening closed a resource in use")
		assert.Equal(t, 1, f.Stats().Open)
		held.Release()
		f.stop(t)
	})
}

func TestManyUsersOfASmallPool(t *testing.T) {
	const most, closing = 4, 2
	f := newFakePool(t, pool.Config[string]{Max: most, MaxWait: time.Minute, MaxClosing: closing})
	var wg sync.WaitGroup
	for _, random := range randoms(t, 16) {
		wg.Go(func() {
			for range 200 {
				name := fmt.Sprint("db-", random.IntN(12))
				h, err := f.Acquire(t.Context(), name)
				if !assert.NoError(t, err) {
					return
				}
				assert.True(t, f.isOpen(name), "a resource with a handle is open")
				if random.IntN(10) == 0 {
					f.CloseIdle()
				}
				h.Release()
			}
		})
	}
	wg.Wait()
	assert.LessOrEqual(t, f.most, most+closing)
	f.stop(t)
}

func TestWatchedResourceStaysOpenWhileThereIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := clocktest.New(time.Now())
		f := newFakePool(t, pool.Config[string]{Max: 2, Idle: time.Minute, Now: clock.Now})
		f.visit(t, "watched")
		unwatch := f.Watch("watched")
		clock.Advance(time.Hour)
		f.CloseIdle()
		synctest.Wait()
		assert.True(t, f.isOpen("watched"))

		f.visit(t, "other")
		f.visit(t, "third")
		synctest.Wait()
		assert.False(t, f.isOpen("other"))
		assert.True(t, f.isOpen("watched"), "an unwatched resource makes room first")

		held := f.acquire(t, "third")
		f.visit(t, "fourth")
		synctest.Wait()
		assert.False(t, f.isOpen("watched"), "nobody is refused for the sake of a watcher")
		open, handles, watchers := f.Usage("watched")
		assert.False(t, open)
		assert.Zero(t, handles)
		assert.Equal(t, 1, watchers)
		held.Release()

		f.visit(t, "watched")
		unwatch()
		unwatch() // has no effect
		clock.Advance(time.Hour)
		f.CloseIdle()
		synctest.Wait()
		assert.False(t, f.isOpen("watched"))
		assert.Zero(t, f.Stats().Watchers)
		f.stop(t)
	})
}

func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakePool(t, pool.Config[string]{Max: 1})
		h := f.acquire(t, "a")
		_, err := f.Acquire(t.Context(), "b")
		require.ErrorIs(t, err, pool.ErrBusy)
		unwatch := f.Watch("c")
		want := pool.Stats{Open: 1, MaxOpen: 1, InUse: 1, Watchers: 1, Counts: pool.Counts{Opened: 1, Busy: 1, Waited: 1}}
		assert.Equal(t, want, f.Stats())
		unwatch()
		h.Release()
		assert.Zero(t, f.Stats().InUse)
		f.stop(t)
	})
}
