package pool

import "sync"

// Watch marks a name as watched until the returned function is called. Further calls of that function
// have no effect. Watch does not open the resource.
func (p *Pool[T]) Watch(name string) (unwatch func()) {
	p.changeWatchers(name, 1)
	return sync.OnceFunc(func() { p.changeWatchers(name, -1) })
}

func (p *Pool[T]) changeWatchers(name string, by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.watchers[name]
	after := before + by
	if after > 0 {
		p.watchers[name] = after
	} else {
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
