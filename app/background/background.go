// Package background runs goroutines that have an owner. A Group cancels its goroutines and waits for
// them, and a Wake notifies a goroutine that there is work. Both are safe for concurrent use.
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

// Start makes the Group accept work. The context of the work carries the values of ctx, but ends with
// Stop rather than with ctx. A stopped Group can be started again.
func (g *Group) Start(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
}

// begin counts another goroutine or call and returns its context.
func (g *Group) begin() (context.Context, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ctx == nil || g.ctx.Err() != nil {
		return nil, ErrNotRunning
	}
	g.running.Add(1) // under the lock, so that nothing starts once Stop is waiting
	return g.ctx, nil
}

// Go runs fn in a new goroutine. Before Start and after Stop it returns ErrNotRunning and does not run
// fn.
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

// Run runs fn in the caller's goroutine, with the Group's context instead of the caller's. It returns
// the error of fn. Before Start and after Stop it returns ErrNotRunning and does not run fn.
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

// Cancel ends the context of all running work and refuses new work. It does not wait.
func (g *Group) Cancel() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cancel != nil {
		g.cancel()
	}
}

// Stop cancels all running work and waits until it has returned, or returns ctx.Err if ctx ends first.
// It may be called more than once and without Start.
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

// Wait waits for a WaitGroup, or returns ctx.Err if ctx ends first. In that case a goroutine keeps
// waiting for the WaitGroup.
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
