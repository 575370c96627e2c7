package pool_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
)

func TestExclusiveClosesAnUnusedResourceAndHoldsBackCallers(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10})
	f.visit(t, "a")
	got := make(chan error, 1)
	err := f.Exclusive(t.Context(), "a", func() error {
		assert.False(t, f.isOpen("a"))
		go func() {
			h, err := f.Acquire(context.Background(), "a")
			if err == nil {
				h.Release()
			}
			got <- err
		}()
		_, err := f.Acquire(soon(t), "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		f.visit(t, "b") // other names are not affected
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, <-got, "a caller that waited continues afterwards")
	f.stop(t)
}

func TestExclusiveReturnsErrInUse(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10, MaxExclusiveWait: 10 * time.Millisecond})
	h := f.acquire(t, "a")
	err := f.Exclusive(t.Context(), "a", func() error {
		t.Error("the resource is in use")
		return nil
	})
	require.ErrorIs(t, err, pool.ErrInUse)
	f.visit(t, "a") // it holds back callers no longer
	h.Release()
	f.stop(t)
}

func TestExclusiveReturnsTheErrorOfItsContext(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 10})
	h := f.acquire(t, "a")
	unexpected := func() error {
		t.Error("the resource is in use")
		return nil
	}
	require.Equal(t, context.DeadlineExceeded, f.Exclusive(soon(t), "a", unexpected))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, context.Canceled, f.Exclusive(canceled, "a", unexpected))
	f.visit(t, "a") // it holds back callers no longer
	h.Release()
	f.stop(t)
}

func TestExclusiveHoldsBackCallersWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakePool(t, pool.Config[string]{Max: 10})
		h := f.acquire(t, "a")
		ran := make(chan error)
		go func() { ran <- f.Exclusive(t.Context(), "a", func() error { return nil }) }()
		synctest.Wait()
		_, err := f.Acquire(soon(t), "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		h.Release()
		require.NoError(t, <-ran)
		f.stop(t)
	})
}

func TestExclusiveCallersTakeTurns(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 3})
	var inside, ran atomic.Int32
	var wg sync.WaitGroup
	for worker, random := range randoms(t, 12) {
		wg.Go(func() {
			for range 100 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(3000))*time.Microsecond)
				if worker%3 == 0 {
					err := f.Exclusive(ctx, "a", func() error {
						assert.EqualValues(t, 1, inside.Add(1), "two callers had exclusive access")
						assert.False(t, f.isOpen("a"))
						inside.Add(-1)
						ran.Add(1)
						return nil
					})
					if err != nil {
						assert.ErrorIs(t, err, context.DeadlineExceeded)
					}
				} else if h, err := f.Acquire(ctx, "a"); err == nil {
					assert.True(t, f.isOpen("a"))
					assert.Zero(t, inside.Load(), "another caller had exclusive access")
					h.Release()
				}
				cancel()
			}
		})
	}
	wg.Wait()
	assert.Positive(t, ran.Load())
	require.NoError(t, f.Exclusive(t.Context(), "a", func() error { return nil }), "no reservation is left behind")
	f.stop(t)
	require.ErrorIs(t, f.Exclusive(t.Context(), "a", func() error { return nil }), pool.ErrClosed)
}

func TestStopWaitsForExclusiveAccess(t *testing.T) {
	f := newFakePool(t, pool.Config[string]{Max: 3})
	inside, proceed := make(chan struct{}), make(chan struct{})
	ran := make(chan error)
	go func() {
		ran <- f.Exclusive(context.Background(), "a", func() error {
			close(inside)
			<-proceed
			return nil
		})
	}()
	<-inside
	require.ErrorIs(t, f.Stop(soon(t)), context.DeadlineExceeded)
	close(proceed)
	require.NoError(t, <-ran)
	f.stop(t)
}
