package userdb

import "context"

// exclusive runs fn while nobody has the named database open and nobody can open
// it: new callers of acquire wait. Those who have it now are waited for; when
// they don't let go before ctx ends, it returns ErrInUse and nothing has
// happened. It takes no place of the pool.
func (p *pool) exclusive(ctx context.Context, name string, fn func() error) error {
	entry, err := p.claim(ctx, name)
	if err != nil {
		return err
	}
	defer p.yield(entry)
	return fn()
}

func (p *pool) yield(entry *poolEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leave(entry)
}

// claim puts an entry that nobody can take in place of the name's.
func (p *pool) claim(ctx context.Context, name string) (*poolEntry, error) {
	for {
		mine, wait, giveUp, err := p.tryClaim(name)
		if err != nil || wait == nil {
			return mine, err
		}
		select {
		case <-wait:
			if mine != nil {
				return mine, nil
			}
		case <-ctx.Done():
			giveUp()
			return nil, ErrInUse
		}
	}
}

// tryClaim returns an entry that is the caller's now, or once wait is closed, or
// none and what to wait for before trying again. giveUp takes it back.
func (p *pool) tryClaim(name string) (mine *poolEntry, wait <-chan struct{}, giveUp func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return nil, nil, nil, ErrClosed
	}
	entry, taken := p.entries[name]
	if !taken {
		mine = &poolEntry{name: name, gone: make(chan struct{})}
		p.entries[name] = mine
		return mine, nil, nil, nil
	}
	if entry.gone == nil && entry.unused == nil { // in use
		if entry.drain == nil {
			entry.drain = make(chan struct{})
		}
		return nil, p.released, func() { p.endDrainOf(entry) }, nil
	}
	if entry.gone == nil {
		p.startClose(entry)
	}
	if entry.heir != nil { // somebody else's turn
		return nil, entry.gone, func() {}, nil
	}
	entry.heir = &poolEntry{name: name, gone: make(chan struct{})}
	heir := entry.heir
	return heir, entry.gone, func() { p.disinherit(entry, heir) }, nil
}

// disinherit takes back a claim whose owner has stopped waiting.
func (p *pool) disinherit(entry, heir *poolEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.entries[entry.name] == heir {
		p.leave(heir)
		return
	}
	entry.heir = nil
}

func (p *pool) endDrainOf(entry *poolEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endDrain(entry)
}

// endDrain lets those in who waited for somebody to have the entry alone. The
// caller holds the lock.
func (p *pool) endDrain(entry *poolEntry) {
	if entry.drain != nil {
		close(entry.drain)
		entry.drain = nil
	}
}
