package userdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakePool opens databases that only count.
type fakePool struct {
	*pool
	mu     sync.Mutex
	open   map[string]bool
	opens  atomic.Int32
	most   int
	broken map[string]error
}

func newFakePool(t *testing.T, limit int) *fakePool {
	t.Helper()
	f := &fakePool{pool: newPool(limit, time.Minute, time.Now), open: map[string]bool{}, broken: map[string]error{}}
	f.pool.open = func(_ context.Context, name string) (*Database, error) {
		f.opens.Add(1)
		if err := f.broken[name]; err != nil {
			return nil, err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		assert.False(t, f.open[name], "%s was opened while open", name)
		f.open[name] = true
		f.most = max(f.most, len(f.open))
		return &Database{Name: name}, nil
	}
	f.pool.close = func(db *Database) {
		f.mu.Lock()
		defer f.mu.Unlock()
		assert.True(t, f.open[db.Name], "%s was closed while closed", db.Name)
		delete(f.open, db.Name)
	}
	return f
}

func (f *fakePool) isOpen(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[name]
}

func TestOneOpeningHoweverManyAsk(t *testing.T) {
	f := newFakePool(t, 10)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			h, err := f.acquire(t.Context(), "a")
			require.NoError(t, err)
			h.Release()
			h.Release() // twice is harmless
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, f.opens.Load())
	require.NoError(t, f.stop(t.Context()))
	assert.Empty(t, f.open)
}

func TestTheLongestUnusedMakesRoom(t *testing.T) {
	f := newFakePool(t, 2)
	for _, name := range []string{"a", "b"} {
		h, err := f.acquire(t.Context(), name)
		require.NoError(t, err)
		h.Release()
	}
	h, err := f.acquire(t.Context(), "a") // now b is unused for longest
	require.NoError(t, err)
	h.Release()
	h, err = f.acquire(t.Context(), "c")
	require.NoError(t, err)
	h.Release()
	require.Eventually(t, func() bool { return !f.isOpen("b") }, 5*time.Second, time.Millisecond)
	assert.True(t, f.isOpen("a"))
	require.NoError(t, f.stop(t.Context()))
}

func TestWhatIsInUseIsNeverClosed(t *testing.T) {
	f := newFakePool(t, 1)
	f.maxWait = 10 * time.Millisecond
	h, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	_, err = f.acquire(t.Context(), "b")
	require.ErrorIs(t, err, ErrBusy)
	assert.True(t, f.isOpen("a"))
	f.maxWait = time.Minute
	got := make(chan error)
	go func() {
		other, err := f.acquire(context.Background(), "b")
		if err == nil {
			other.Release()
		}
		got <- err
	}()
	h.Release()
	require.NoError(t, <-got)
	require.NoError(t, f.stop(t.Context()))
}

func TestIdleOnesAreClosed(t *testing.T) {
	f := newFakePool(t, 10)
	now := time.Now()
	f.now = func() time.Time { return now }
	used, err := f.acquire(t.Context(), "used")
	require.NoError(t, err)
	h, err := f.acquire(t.Context(), "idle")
	require.NoError(t, err)
	h.Release()
	f.closeIdle()
	assert.True(t, f.isOpen("idle"), "not yet")
	now = now.Add(2 * time.Minute)
	f.closeIdle()
	require.Eventually(t, func() bool { return !f.isOpen("idle") }, 5*time.Second, time.Millisecond)
	assert.True(t, f.isOpen("used"))
	used.Release()
	require.NoError(t, f.stop(t.Context()))
}

func TestABrokenOneHarmsOnlyItsOwner(t *testing.T) {
	f := newFakePool(t, 1)
	f.broken["bad"] = errors.New("corrupt")
	for range 3 {
		_, err := f.acquire(t.Context(), "bad")
		require.ErrorContains(t, err, "corrupt")
	}
	h, err := f.acquire(t.Context(), "good")
	require.NoError(t, err)
	h.Release()
	require.NoError(t, f.stop(t.Context()))
}

func TestStopWaitsForUsersAndRefusesNewOnes(t *testing.T) {
	f := newFakePool(t, 10)
	h, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, f.stop(ctx), context.DeadlineExceeded)
	_, err = f.acquire(t.Context(), "a")
	require.ErrorIs(t, err, ErrClosed)
	h.Release()
	require.NoError(t, f.stop(t.Context()))
	assert.Empty(t, f.open)
}

func TestACancelledCallerLeavesNothingBehind(t *testing.T) {
	f := newFakePool(t, 10)
	opening, proceed := make(chan struct{}), make(chan struct{})
	inner := f.pool.open
	f.pool.open = func(ctx context.Context, name string) (*Database, error) {
		close(opening)
		<-proceed
		return inner(ctx, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	go func() { _, err := f.acquire(ctx, "a"); got <- err }()
	<-opening
	cancel()
	require.ErrorIs(t, <-got, context.Canceled)
	close(proceed)
	require.NoError(t, f.stop(t.Context()))
	assert.Empty(t, f.open)
}

func TestManyUsersOfASmallPool(t *testing.T) {
	f := newFakePool(t, 4)
	f.maxWait, f.maxClosing = time.Minute, 2
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			for range 200 {
				name := fmt.Sprint("db-", random.IntN(12))
				h, err := f.acquire(t.Context(), name)
				if !assert.NoError(t, err) {
					return
				}
				assert.True(t, f.isOpen(name), "a pinned database is open")
				if random.IntN(10) == 0 {
					f.closeIdle()
				}
				h.Release()
			}
		})
	}
	wg.Wait()
	assert.LessOrEqual(t, f.most, 4+2)
	require.NoError(t, f.stop(t.Context()))
	assert.Empty(t, f.open)
}

func TestAFailedOpeningThatNobodyWaitsForLeavesNoGhost(t *testing.T) {
	f := newFakePool(t, 1)
	opening, proceed := make(chan struct{}), make(chan struct{})
	inner := f.pool.open
	f.pool.open = func(context.Context, string) (*Database, error) {
		close(opening)
		<-proceed
		return nil, errors.New("corrupt")
	}
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	go func() { _, err := f.acquire(ctx, "a"); got <- err }()
	<-opening
	cancel()
	require.ErrorIs(t, <-got, context.Canceled)
	close(proceed)
	require.Eventually(t, func() bool { return f.stats().Open == 0 }, 5*time.Second, time.Millisecond)

	f.pool.open = inner
	held, err := f.acquire(t.Context(), "a")
	require.NoError(t, err)
	f.now = func() time.Time { return time.Now().Add(time.Hour) }
	f.closeIdle()
	assert.True(t, f.isOpen("a"), "a ghost of the failed opening closed a database in use")
	assert.Equal(t, 1, f.stats().Open)
	held.Release()
	require.NoError(t, f.stop(t.Context()))
}
