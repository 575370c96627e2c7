package userdb

// use says how the named database is used at this moment: whether it is open, by
// how many handles, watched by how many streams.
func (p *pool) use(name string) (open bool, handles, streams int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry, ok := p.entries[name]; ok && entry.gone == nil {
		open, handles = true, entry.refs
	}
	return open, handles, p.watchers[name]
}

// PoolStats is the state of the pool at one moment.
type PoolStats struct {
	Open    int `json:"open"`
	Closing int `json:"closing"` // beside those that are open
	MaxOpen int `json:"max_open"`
	InUse   int `json:"in_use"`  // by requests and jobs
	Streams int `json:"streams"` // to any database, open or not
	PoolCounts
}

func (p *pool) stats() PoolStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	stats := PoolStats{Open: p.opened, Closing: p.closing, MaxOpen: p.max, InUse: p.opened - p.unused.Len() - p.watched.Len(), PoolCounts: p.counts}
	for _, streams := range p.watchers {
		stats.Streams += streams
	}
	return stats
}
