package pool

import (
	"context"
	"time"
)

// Exclusive runs fn while the resource of a name is closed and cannot be opened: callers of Acquire
// wait until fn has returned. Exclusive first waits for existing handles to be released. It returns the
// error of fn, or does not run fn and returns ErrInUse if the handles are not released within
// Config.MaxExclusiveWait, ctx.Err if ctx ends before that, or ErrClosed after Stop. It does not count
// towards Config.Max.
func (p *Pool[T]) Exclusive(ctx context.Context, name string, fn func() error) error {
	reserved, err := p.acquireExclusive(ctx, name)
	if err != nil {
		return err
	}
	defer p.releaseExclusive(reserved)
	return fn()
}

func (p *Pool[T]) releaseExclusive(reserved *entry[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(reserved)
}

// acquireExclusive replaces the entry of a name with one that no caller of Acquire can use.
func (p *Pool[T]) acquireExclusive(ctx context.Context, name string) (*entry[T], error) {
	var timeout <-chan time.Time
	for {
		attempt, err := p.tryExclusive(name)
		if err != nil {
			return nil, err
		}
		if attempt.wait == nil {
			return attempt.reserved, nil
		}
		if timeout == nil {
			timer := time.NewTimer(p.cfg.MaxExclusiveWait)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-attempt.wait:
			if attempt.reserved != nil {
				return attempt.reserved, nil
			}
		case <-ctx.Done():
			attempt.abandon()
			return nil, ctx.Err()
		case <-timeout:
			attempt.abandon()
			return nil, ErrInUse
		}
	}
}

// exclusiveAttempt is the result of tryExclusive.
type exclusiveAttempt[T any] struct {
	reserved *entry[T]       // belongs to the caller after the wait; nil if the caller must try again
	wait     <-chan struct{} // nil if reserved belongs to the caller already
	abandon  func()          // undoes the attempt if the caller stops waiting
}

// tryExclusive reserves a name, closing its resource if it is unused, or returns what to wait for.
func (p *Pool[T]) tryExclusive(name string) (exclusiveAttempt[T], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return exclusiveAttempt[T]{}, ErrClosed
	}
	reserve := func() *entry[T] { return &entry[T]{name: name, closed: make(chan struct{})} }
	e, exists := p.entries[name]
	if !exists {
		reserved := reserve()
		p.entries[name] = reserved
		return exclusiveAttempt[T]{reserved: reserved}, nil
	}
	if e.closed == nil && e.element == nil { // in use
		if e.draining == nil {
			e.draining = make(chan struct{})
		}
		return exclusiveAttempt[T]{wait: p.released, abandon: func() { p.abandonDraining(e) }}, nil
	}
	if e.closed == nil {
		p.startClose(e)
	}
	if e.successor != nil { // another caller has exclusive access next
		return exclusiveAttempt[T]{wait: e.closed, abandon: func() {}}, nil
	}
	reserved := reserve()
	e.successor = reserved
	abandon := func() { p.abandonSuccession(e, reserved) }
	return exclusiveAttempt[T]{reserved: reserved, wait: e.closed, abandon: abandon}, nil
}

// abandonSuccession withdraws an entry that would have taken over the name of e.
func (p *Pool[T]) abandonSuccession(e, reserved *entry[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.entries[e.name] == reserved { // it has already taken over
		p.remove(reserved)
		return
	}
	e.successor = nil
}

func (p *Pool[T]) abandonDraining(e *entry[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endDraining(e)
}

// endDraining lets those callers of Acquire continue that had to wait for exclusive access to e. The
// caller must hold the lock.
func (p *Pool[T]) endDraining(e *entry[T]) {
	if e.draining != nil {
		close(e.draining)
		e.draining = nil
	}
}
