package userdb

import (
	"context"
	"errors"
)

// startClose begins to close an unused entry. The caller holds the lock.
func (p *pool) startClose(entry *poolEntry) {
	p.unlist(entry)
	p.endDrain(entry)
	entry.gone = make(chan struct{})
	p.opened--
	p.closing++
	go func() {
		<-entry.ready
		if entry.db != nil {
			p.close(entry.db)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closing--
		p.leave(entry)
	}()
}

// leave gives the name of an entry that is gone to its heir, or free. The caller
// holds the lock.
func (p *pool) leave(entry *poolEntry) {
	delete(p.entries, entry.name)
	if entry.heir != nil {
		p.entries[entry.name] = entry.heir
	}
	p.signal()
	close(entry.gone)
}

// signal wakes everyone who waits for a place. The caller holds the lock.
func (p *pool) signal() {
	close(p.released)
	p.released = make(chan struct{})
}

// closeIdle closes what nobody has used or watched for p.idle.
func (p *pool) closeIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.now().Add(-p.idle)
	for p.closing < p.maxClosing {
		front := p.unused.Front()
		if front == nil || front.Value.(*poolEntry).since.After(limit) {
			return
		}
		p.counts.IdleClosed++
		p.startClose(front.Value.(*poolEntry))
	}
}

// stop refuses new handles and closes every database as soon as it is released.
// It returns ctx.Err when the context ends first.
func (p *pool) stop(ctx context.Context) error {
	for {
		p.mu.Lock()
		p.stopped = true
		for victim := p.victim(); victim != nil; victim = p.victim() {
			p.startClose(victim)
		}
		left, wait := len(p.entries), p.released
		p.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return errors.Join(errors.New("user databases are still in use"), ctx.Err())
		}
	}
}
