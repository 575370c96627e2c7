package userdb

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// pool keeps user databases open while somebody uses them and for a while
// after. One opening runs per name however many ask; at most max are open; the
// one unused for longest makes room. Safe for concurrent use.
type pool struct {
	max     int
	idle    time.Duration // how long an unused database stays open
	maxWait time.Duration // how long acquire waits when all are in use
	now     func() time.Time
	open    func(ctx context.Context, name string) (*Database, error)
	close   func(*Database)

	mu       sync.Mutex
	entries  map[string]*poolEntry
	unused   *list.List    // of *poolEntry with no references, longest unused first
	released chan struct{} // closed and replaced whenever a place may have come free
	stopped  bool
}

type poolEntry struct {
	name   string
	refs   int
	opened chan struct{} // closed when open returned
	closed chan struct{} // set when closing begins, closed when it ended
	db     *Database
	err    error
	since  time.Time // when refs fell to 0
	unused *list.Element
}

func newPool(max int, idle time.Duration, now func() time.Time) *pool {
	return &pool{
		max: max, idle: idle, maxWait: 5 * time.Second, now: now,
		entries: map[string]*poolEntry{}, unused: list.New(), released: make(chan struct{}),
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
		if entry.closed != nil {
			return nil, entry.closed, nil
		}
		entry.refs++
		if entry.unused != nil {
			p.unused.Remove(entry.unused)
			entry.unused = nil
		}
		return entry, nil, nil
	}
	if len(p.entries) >= p.max {
		if oldest := p.unused.Front(); oldest != nil {
			victim := oldest.Value.(*poolEntry)
			p.startClose(victim)
			return nil, victim.closed, nil
		}
		return nil, p.released, nil
	}
	entry := &poolEntry{name: name, refs: 1, opened: make(chan struct{})}
	p.entries[name] = entry
	go p.openEntry(entry)
	return entry, nil, nil
}

// openEntry runs apart from any caller's context: others may be waiting for the
// same database.
func (p *pool) openEntry(entry *poolEntry) {
	db, err := p.open(context.Background(), entry.name)
	p.mu.Lock()
	defer p.mu.Unlock()
	entry.db, entry.err = db, err
	close(entry.opened)
	if err == nil {
		return
	}
	if entry.unused != nil { // everyone who asked has hung up
		p.unused.Remove(entry.unused)
		entry.unused = nil
	}
	if entry.closed == nil { // else its closing takes it out
		delete(p.entries, entry.name)
		p.signal()
	}
}

func (p *pool) await(ctx context.Context, entry *poolEntry) (*Handle, error) {
	select {
	case <-entry.opened:
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
	entry.unused = p.unused.PushBack(entry)
	p.signal()
}

// startClose begins to close an unused entry. The caller holds the lock.
func (p *pool) startClose(entry *poolEntry) {
	p.unused.Remove(entry.unused)
	entry.unused = nil
	entry.closed = make(chan struct{})
	go func() {
		<-entry.opened
		if entry.db != nil {
			p.close(entry.db)
		}
		p.mu.Lock()
		delete(p.entries, entry.name)
		p.signal()
		p.mu.Unlock()
		close(entry.closed)
	}()
}

// signal wakes everyone who waits for a place. The caller holds the lock.
func (p *pool) signal() {
	close(p.released)
	p.released = make(chan struct{})
}

// closeIdle closes what nobody has used for p.idle.
func (p *pool) closeIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.now().Add(-p.idle)
	for {
		front := p.unused.Front()
		if front == nil || front.Value.(*poolEntry).since.After(limit) {
			return
		}
		p.startClose(front.Value.(*poolEntry))
	}
}

// stop refuses new handles and closes every database as soon as it is released.
// It returns ctx.Err with how many are still in use when the context ends first.
func (p *pool) stop(ctx context.Context) error {
	for {
		p.mu.Lock()
		p.stopped = true
		for front := p.unused.Front(); front != nil; front = p.unused.Front() {
			p.startClose(front.Value.(*poolEntry))
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

// openCount says how many databases are open or on their way.
func (p *pool) openCount() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.entries)
}
