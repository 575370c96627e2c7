package pool

import "sync"

// Watch marks a name as watched until the returned function is called, which may happen more than
// once. It opens nothing.
func (p *Pool[T]) Watch(name string) (unwatch func()) {
	p.changeWatchers(name, 1)
	return sync.OnceFunc(func() { p.changeWatchers(name, -1) })
}

func (p *Pool[T]) changeWatchers(name string, by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.watchers[name]
	after := before + by
	if p.watchers[name] = after; after == 0 {
		delete(p.watchers, name)
	}
	e := p.entries[name]
	if e == nil || e.element == nil || (before > 0) == (after > 0) {
		return
	}
	p.unlist(e)
	e.unusedSince = p.cfg.Now()
	p.enlist(e)
}
