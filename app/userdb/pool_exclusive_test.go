package userdb

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func TestExclusiveClosesWhatIsUnusedAndKeepsOthersOut(t *testing.T) {
	f := newFakePool(t, 10)
	h, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	h.Release()
	got := make(chan error, 1)
	err = f.exclusive(t.Context(), "a", func() error {
		assert.False(t, f.isOpen("a"))
		go func() {
			h, err := f.acquire(context.Background(), "a")
			if err == nil {
				h.Release()
			}
			got <- err
		}()
		_, err := f.acquire(soon(t), "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		other, err := f.acquire(t.Context(), "b")
		require.NoError(t, err, "others go on")
		other.Release()
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, <-got, "who waited gets in afterwards")
	require.NoError(t, f.stop(t.Context()))
}

func TestExclusiveWaitsForUsersAndGivesUp(t *testing.T) {
	f := newFakePool(t, 10)
	h, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	require.ErrorIs(t, f.exclusive(soon(t), "a", func() error { t.Fatal("it is in use"); return nil }), ErrInUse)
	again, err := f.acquire(t.Context(), "a")
	require.NoError(t, err, "who gave up keeps nobody out")
	again.Release()

	ran := make(chan error)
	go func() { ran <- f.exclusive(context.Background(), "a", func() error { return nil }) }()
	require.Eventually(t, func() bool { // it keeps new ones out while it waits
		h, err := f.acquire(soon(t), "a")
		if err == nil {
			h.Release()
		}
		return err != nil
	}, 5*time.Second, time.Millisecond)
	h.Release()
	require.NoError(t, <-ran)
	require.NoError(t, f.stop(t.Context()))
}

func TestExclusiveTakesTurns(t *testing.T) {
	f := newFakePool(t, 3)
	var inside, ran atomic.Int32
	var wg sync.WaitGroup
	for worker := range 12 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(2, uint64(worker)))
			for range 100 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(3000))*time.Microsecond)
				if worker%3 == 0 {
					err := f.exclusive(ctx, "a", func() error {
						assert.EqualValues(t, 1, inside.Add(1), "two were alone at once")
						assert.False(t, f.isOpen("a"))
						inside.Add(-1)
						ran.Add(1)
						return nil
					})
					if err != nil {
						assert.ErrorIs(t, err, ErrInUse)
					}
				} else if h, err := f.acquire(ctx, "a"); err == nil {
					assert.True(t, f.isOpen("a"))
					assert.Zero(t, inside.Load(), "somebody was alone with it")
					h.Release()
				}
				cancel()
			}
		})
	}
	wg.Wait()
	assert.Positive(t, ran.Load())
	require.NoError(t, f.exclusive(t.Context(), "a", func() error { return nil }), "nothing is left behind")
	require.NoError(t, f.stop(t.Context()))
	require.ErrorIs(t, f.exclusive(t.Context(), "a", func() error { return nil }), ErrClosed)
}

func TestStopWaitsForWhoIsAlone(t *testing.T) {
	f := newFakePool(t, 3)
	inside, proceed := make(chan struct{}), make(chan struct{})
	ran := make(chan error)
	go func() {
		ran <- f.exclusive(context.Background(), "a", func() error { close(inside); <-proceed; return nil })
	}()
	<-inside
	require.ErrorIs(t, f.stop(soon(t)), context.DeadlineExceeded)
	close(proceed)
	require.NoError(t, <-ran)
	require.NoError(t, f.stop(t.Context()))
}

func TestAWatchedDatabaseStaysOpenWhileThereIsRoom(t *testing.T) {
	f := newFakePool(t, 2)
	now := time.Now()
	f.now = func() time.Time { return now }
	visit := func(name string) {
		h, err := f.acquire(t.Context(), name)
		require.NoError(t, err)
		h.Release()
	}
	visit("watched")
	unwatch := f.watch("watched")
	now = now.Add(time.Hour)
	f.closeIdle()
	assert.True(t, f.isOpen("watched"), "a stream keeps it open")

	visit("other")
	visit("third")
	require.Eventually(t, func() bool { return !f.isOpen("other") }, 5*time.Second, time.Millisecond)
	assert.True(t, f.isOpen("watched"), "who isn't watched makes room first")

	held, err := f.acquire(t.Context(), "third")
	require.NoError(t, err)
	visit("fourth")
	require.Eventually(t, func() bool { return !f.isOpen("watched") }, 5*time.Second, time.Millisecond, "a stream is no reason to refuse somebody")
	open, handles, streams := f.use("watched")
	assert.False(t, open)
	assert.Zero(t, handles)
	assert.Equal(t, 1, streams)
	held.Release()

	visit("watched")
	unwatch()
	unwatch() // twice is harmless
	now = now.Add(time.Hour)
	f.closeIdle()
	require.Eventually(t, func() bool { return !f.isOpen("watched") }, 5*time.Second, time.Millisecond)
	assert.Empty(t, f.watchers)
	require.NoError(t, f.stop(t.Context()))
}

func TestStatsOfThePool(t *testing.T) {
	f := newFakePool(t, 1)
	f.maxWait = time.Millisecond
	h, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	_, err = f.acquire(t.Context(), "b")
	require.ErrorIs(t, err, ErrBusy)
	unwatch := f.watch("c")
	assert.Equal(t, PoolStats{Open: 1, MaxOpen: 1, InUse: 1, Streams: 1, PoolCounts: PoolCounts{Opened: 1, Busy: 1}}, f.stats())
	unwatch()
	h.Release()
	assert.Equal(t, 0, f.stats().InUse)
	require.NoError(t, f.stop(t.Context()))
}
