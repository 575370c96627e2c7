// Package background runs goroutines that have an owner: a Group ends them and waits for them, and a
// Wake tells one that there is work. Both are safe for concurrent use.
package background

import (
	"context"
	"errors"
	"sync"
)

// ErrNotRunning is returned by a Group that has not been started or has been stopped.
var ErrNotRunning = errors.New("service is not running")

// Group owns goroutines. Its zero value is ready for Start.
type Group struct {
	mu      sync.Mutex
	ctx     context.Context // nil before Start
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Start allows goroutines. They get a context with the values of ctx that ends with Stop, and not with ctx.
// A stopped Group can be started again.
func (g *Group) Start(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
}

// begin counts one more goroutine or call and returns its context.
func (g *Group) begin() (context.Context, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ctx == nil || g.ctx.Err() != nil {
		return nil, ErrNotRunning
	}
	g.running.Add(1) // under the lock: nothing starts once Stop waits
	return g.ctx, nil
}

// Go runs fn in a goroutine of its own. It returns ErrNotRunning, and doesn't run fn, before Start and after Stop.
func (g *Group) Go(fn func(ctx context.Context)) error {
	ctx, err := g.begin()
	if err != nil {
		return err
	}
	go func() {
		defer g.running.Done()
		fn(ctx)
	}()
	return nil
}

// Run runs fn in the caller's goroutine, under the Group's context, so that the work outlives a caller's own
// context but not the Group. It returns ErrNotRunning or the error of fn.
func (g *Group) Run(fn func(ctx context.Context) error) error {
	ctx, err := g.begin()
	if err != nil {
		return err
	}
	defer g.running.Done()
	return fn(ctx)
}

// Running reports whether Go and Run accept work.
func (g *Group) Running() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ctx != nil && g.ctx.Err() == nil
}

// Cancel ends the context of everything that runs and accepts nothing more, without waiting.
func (g *Group) Cancel() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cancel != nil {
		g.cancel()
	}
}

// Stop cancels and waits until everything has returned, or returns ctx.Err when ctx ends first. It may be
// called more than once and without Start.
func (g *Group) Stop(ctx context.Context) error {
	g.mu.Lock()
	started := g.ctx != nil
	g.mu.Unlock()
	if !started {
		return nil
	}
	g.Cancel()
	return Wait(ctx, &g.running)
}

// Wait waits for a WaitGroup, or returns ctx.Err when ctx ends first.
func Wait(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
