package pool

// Counts are totals since the Pool was created.
type Counts struct {
	Opened     uint64 `json:"opened"`      // successful openings
	OpenFailed uint64 `json:"open_failed"` // failed openings
	Evicted    uint64 `json:"evicted"`     // closed to make room for another
	IdleClosed uint64 `json:"idle_closed"` // closed because they were idle
	Busy       uint64 `json:"busy"`        // calls of Acquire that returned ErrBusy
	Waited     uint64 `json:"-"`           // calls of Acquire that had to wait for room, including those
}

// Stats is the state of a Pool at one moment.
type Stats struct {
	Open     int `json:"open"`
	Closing  int `json:"closing"` // not included in Open
	MaxOpen  int `json:"max_open"`
	InUse    int `json:"in_use"`  // open resources with at least one handle
	Watchers int `json:"streams"` // of all names, whether open or not
	Counts
}

// Stats returns the current state.
func (p *Pool[T]) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	stats := Stats{
		Open: p.opened, Closing: p.closing, MaxOpen: p.cfg.Max,
		InUse: p.opened - p.unused.Len() - p.watched.Len(), Counts: p.counts,
	}
	for _, watchers := range p.watchers {
		stats.Watchers += watchers
	}
	return stats
}

// Usage reports whether the resource of a name is open, and the number of its handles and watchers.
func (p *Pool[T]) Usage(name string) (open bool, handles, watchers int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.entries[name]; ok && e.closed == nil {
		open, handles = true, e.refs
	}
	return open, handles, p.watchers[name]
}
