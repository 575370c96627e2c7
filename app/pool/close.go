package pool

import (
	"container/list"
	"context"
	"fmt"
)

// victim returns the unused entry to close next, or nil. The caller must hold the lock.
func (p *Pool[T]) victim() *entry[T] {
	for _, candidates := range []*list.List{p.unused, p.watched} {
		if oldest := candidates.Front(); oldest != nil {
			return oldest.Value.(*entry[T])
		}
	}
	return nil
}

// startClose closes an unused entry in the background. The caller must hold the lock.
func (p *Pool[T]) startClose(e *entry[T]) {
	p.unlist(e)
	p.endDraining(e)
	e.closed = make(chan struct{})
	p.opened--
	p.closing++
	go func() {
		<-e.ready
		if e.err == nil {
			p.cfg.Close(e.value)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closing--
		p.remove(e)
	}()
}

// remove passes the name of a closed entry to its successor, if any, and otherwise frees the name. The
// caller must hold the lock.
func (p *Pool[T]) remove(e *entry[T]) {
	delete(p.entries, e.name)
	if e.successor != nil {
		p.entries[e.name] = e.successor
	}
	p.signal()
	close(e.closed)
}

// CloseIdle starts closing the resources that have been unused and unwatched for Config.Idle. It does
// not wait for them.
func (p *Pool[T]) CloseIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	cutoff := p.cfg.Now().Add(-p.cfg.Idle)
	for p.closing < p.cfg.MaxClosing {
		front := p.unused.Front()
		if front == nil {
			return
		}
		oldest := front.Value.(*entry[T])
		if oldest.unusedSince.After(cutoff) {
			return
		}
		p.counts.IdleClosed++
		p.startClose(oldest)
	}
}

// Stop refuses new handles, closes every resource as soon as it is released, and waits until all are
// closed. It returns an error that wraps ctx.Err if ctx ends first. It may be called more than once.
func (p *Pool[T]) Stop(ctx context.Context) error {
	for {
		p.mu.Lock()
		p.stopped = true
		for victim := p.victim(); victim != nil; victim = p.victim() {
			p.startClose(victim)
		}
		remaining, wait := len(p.entries), p.released
		p.mu.Unlock()
		if remaining == 0 {
			return nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return fmt.Errorf("wait for %d resources to be released: %w", remaining, ctx.Err())
		}
	}
}
