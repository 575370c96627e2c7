package userdb

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// pool keeps user databases open while somebody uses them and for a while
// after. One opening runs per name however many ask; at most max are open; the
// one unused for longest makes room. Safe for concurrent use.
//
// A database is used by its handles and watched by streams. A handle is a pin: a
// database is never closed under one. A watched database stays open as long as
// there is room, and gives way only when no unwatched one can: nothing happens
// in a closed database, so that a stream loses nothing while it waits for the
// next opening.
type pool struct {
	max        int
	maxClosing int           // how many may be on their way out beside: nobody waits for a place to be cleared
	idle       time.Duration // how long an unused database stays open
	maxWait    time.Duration // how long acquire waits when all are in use
	now        func() time.Time
	open       func(ctx context.Context, name string) (*Database, error)
	close      func(*Database)

	mu       sync.Mutex
	entries  map[string]*poolEntry
	opened   int            // entries that take a place
	closing  int            // entries on their way out
	unused   *list.List     // of *poolEntry without references, longest unused first
	watched  *list.List     // the same, of those with streams
	watchers map[string]int // streams by name, whether it is open or not
	released chan struct{}  // closed and replaced whenever a place may have come free
	stopped  bool
	counts   PoolCounts
}

// PoolCounts is what a pool has done since it was made.
type PoolCounts struct {
	Opened     uint64 `json:"opened"`      // openings that succeeded
	OpenFailed uint64 `json:"open_failed"` // openings that failed
	Evicted    uint64 `json:"evicted"`     // closed to make room
	IdleClosed uint64 `json:"idle_closed"` // closed because nobody used it
	Busy       uint64 `json:"busy"`        // refused because all were in use for too long
}

type poolEntry struct {
	name   string
	refs   int
	ready  chan struct{} // closed when open returned
	gone   chan struct{} // set when nobody may have it any more, closed when the name is free or its heir's
	heir   *poolEntry    // takes the name over from an entry that goes
	drain  chan struct{} // set while somebody waits to have it alone, closed when they gave up or got it
	db     *Database
	err    error
	since  time.Time // when refs fell to 0
	unused *list.Element
	in     *list.List // the list unused is in
}

func newPool(max int, idle time.Duration, now func() time.Time) *pool {
	return &pool{
		max: max, maxClosing: 16, idle: idle, maxWait: 5 * time.Second, now: now,
		entries: map[string]*poolEntry{}, unused: list.New(), watched: list.New(), watchers: map[string]int{},
		released: make(chan struct{}),
	}
}

// Handle pins an open user database. Release it exactly once; the database
// stays open at least until then.
type Handle struct {
	*Database
	release func()
}

// Release unpins the database. Further calls do nothing.
func (h *Handle) Release() { h.release() }

// acquire returns a handle on the named database and opens it first where
// needed. It returns ErrBusy when no place came free in time, ErrClosed after
// stop, ctx.Err, or what open returned.
func (p *pool) acquire(ctx context.Context, name string) (*Handle, error) {
	deadline := time.NewTimer(p.maxWait)
	defer deadline.Stop()
	for {
		entry, wait, err := p.take(name)
		switch {
		case err != nil:
			return nil, err
		case entry != nil:
			return p.await(ctx, entry)
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-deadline.C:
			p.mu.Lock()
			p.counts.Busy++
			p.mu.Unlock()
			return nil, ErrBusy
		}
	}
}

// take adds a reference to an entry, or says what to wait for before trying
// again.
func (p *pool) take(name string) (*poolEntry, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return nil, nil, ErrClosed
	}
	if entry, ok := p.entries[name]; ok {
		switch {
		case entry.gone != nil:
			return nil, entry.gone, nil
		case entry.drain != nil:
			return nil, entry.drain, nil
		}
		entry.refs++
		p.unlist(entry)
		return entry, nil, nil
	}
	if p.opened >= p.max {
		victim := p.victim()
		if victim == nil || p.closing >= p.maxClosing {
			return nil, p.released, nil
		}
		p.counts.Evicted++
		p.startClose(victim)
	}
	entry := &poolEntry{name: name, refs: 1, ready: make(chan struct{})}
	p.entries[name] = entry
	p.opened++
	go p.openEntry(entry)
	return entry, nil, nil
}

// victim is the entry that makes room, or nil. The caller holds the lock.
func (p *pool) victim() *poolEntry {
	for _, candidates := range []*list.List{p.unused, p.watched} {
		if oldest := candidates.Front(); oldest != nil {
			return oldest.Value.(*poolEntry)
		}
	}
	return nil
}

// openEntry runs apart from any caller's context: others may be waiting for the
// same database.
func (p *pool) openEntry(entry *poolEntry) {
	db, err := p.open(context.Background(), entry.name)
	p.mu.Lock()
	defer p.mu.Unlock()
	entry.db, entry.err = db, err
	close(entry.ready)
	if err == nil {
		p.counts.Opened++
		return
	}
	p.counts.OpenFailed++
	p.unlist(entry) // it is listed when everyone who asked has hung up
	if entry.gone == nil {
		delete(p.entries, entry.name)
		p.opened--
		p.endDrain(entry)
		p.signal()
	} // else its closing takes it out
}

func (p *pool) await(ctx context.Context, entry *poolEntry) (*Handle, error) {
	select {
	case <-entry.ready:
	case <-ctx.Done():
		p.release(entry)
		return nil, ctx.Err()
	}
	if entry.err != nil {
		return nil, entry.err
	}
	return &Handle{Database: entry.db, release: sync.OnceFunc(func() { p.release(entry) })}, nil
}

func (p *pool) release(entry *poolEntry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry.refs--
	if entry.refs > 0 || entry.err != nil {
		return
	}
	entry.since = p.now()
	p.list(entry)
	p.signal()
}

// list puts an entry without references at the end of its list. The caller holds
// the lock.
func (p *pool) list(entry *poolEntry) {
	entry.in = p.unused
	if p.watchers[entry.name] > 0 {
		entry.in = p.watched
	}
	entry.unused = entry.in.PushBack(entry)
}

func (p *pool) unlist(entry *poolEntry) {
	if entry.unused != nil {
		entry.in.Remove(entry.unused)
		entry.unused = nil
	}
}

// watch counts a stream to the named database until the returned function is
// called.
func (p *pool) watch(name string) (unwatch func()) {
	p.changeWatchers(name, 1)
	return sync.OnceFunc(func() { p.changeWatchers(name, -1) })
}

func (p *pool) changeWatchers(name string, by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.watchers[name]
	if p.watchers[name] = before + by; before+by == 0 {
		delete(p.watchers, name)
	}
	entry := p.entries[name]
	if entry == nil || entry.unused == nil || (before > 0) == (before+by > 0) {
		return
	}
	p.unlist(entry)
	entry.since = p.now()
	p.list(entry)
}
