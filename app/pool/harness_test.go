package pool_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// fakePool is a Pool whose resources are their own names. It checks that no resource is opened or
// closed twice.
type fakePool struct {
	*pool.Pool[string]
	beforeOpen func(name string) error // set before the first Acquire; nil does nothing

	mu    sync.Mutex
	open  map[string]bool
	opens atomic.Int32
	most  int // resources open at once
}

func newFakePool(t *testing.T, cfg pool.Config[string]) *fakePool {
	t.Helper()
	f := &fakePool{open: map[string]bool{}}
	if cfg.Idle == 0 {
		cfg.Idle = time.Minute
	}
	cfg.Open = func(_ context.Context, name string) (string, error) {
		f.opens.Add(1)
		if f.beforeOpen != nil {
			if err := f.beforeOpen(name); err != nil {
				return "", err
			}
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		assert.False(t, f.open[name], "%s was opened while open", name)
		f.open[name] = true
		f.most = max(f.most, len(f.open))
		return name, nil
	}
	cfg.Close = func(name string) {
		f.mu.Lock()
		defer f.mu.Unlock()
		assert.True(t, f.open[name], "%s was closed while closed", name)
		delete(f.open, name)
	}
	f.Pool = pool.New(cfg)
	return f
}

func (f *fakePool) isOpen(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[name]
}

// acquire must run on the test goroutine.
func (f *fakePool) acquire(t *testing.T, name string) *pool.Handle[string] {
	t.Helper()
	h, err := f.Acquire(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, name, h.Value)
	return h
}

// visit opens and releases a resource.
func (f *fakePool) visit(t *testing.T, name string) {
	t.Helper()
	f.acquire(t, name).Release()
}

// stop stops the pool and checks that everything is closed.
func (f *fakePool) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, f.Stop(t.Context()))
	assert.Empty(t, f.open)
	assert.Zero(t, f.Stats().Open)
	assert.Zero(t, f.Stats().Closing)
}

// soon is a context that ends shortly.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

// randoms returns a source of random numbers for each of a number of workers.
func randoms(t *testing.T, workers int) []*rand.Rand {
	t.Helper()
	seeds := testseed.New(t)
	sources := make([]*rand.Rand, workers)
	for i := range sources {
		sources[i] = rand.New(rand.NewPCG(seeds.Uint64(), 0))
	}
	return sources
}
