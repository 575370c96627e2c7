// Package pool keeps resources that are expensive to open, such as databases, open while they are
// used and for a while afterwards.
//
// The package must not know what the resources are: the owner of a Pool supplies the functions that
// open and close one.
package pool

import (
	"cmp"
	"container/list"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultMaxWait          = 5 * time.Second
	defaultMaxExclusiveWait = 30 * time.Second
	defaultMaxClosing       = 16
)

// Config of a Pool. Max, Idle, Open and Close are required.
type Config[T any] struct {
	Max        int              // resources open at once
	Idle       time.Duration    // how long an unused resource stays open
	MaxWait    time.Duration    // how long Acquire waits while every resource is in use; 0 means 5s
	MaxClosing int              // resources being closed in addition to Max; 0 means 16
	Now        func() time.Time // nil means time.Now

	// MaxExclusiveWait is how long Exclusive waits for handles to be released; 0 means 30s.
	MaxExclusiveWait time.Duration

	// Open opens the resource of a name. Its context does not end when the caller that triggered the
	// opening gives up, because others may be waiting for the same resource.
	Open func(ctx context.Context, name string) (T, error)
	// Close closes a resource that nobody uses.
	Close func(T)
}

// Pool holds open resources by name and counts the references to each of them.
//
// Acquire opens a resource unless it is open and returns a Handle. The resource stays open at least
// until the Handle is released. Concurrent calls for one name share one opening. A failed opening is
// not remembered: the next call tries again. When Max resources are open, Acquire closes the one that
// has been unused longest; when all of them are in use, it waits for up to MaxWait.
//
// Watch marks a name as watched, whether the resource is open or not. A watched resource is not
// closed for being idle, and it is closed to make room for another one only if no unwatched resource
// can be.
//
// Exclusive runs a function while the resource is closed and cannot be opened.
//
// The owner must call CloseIdle periodically, and Stop at the end.
//
// A Pool must be created with New. It is safe for concurrent use. It holds no lock while a resource is
// opened or closed, so that a slow resource does not delay the others.
type Pool[T any] struct {
	cfg Config[T]

	mu       sync.Mutex
	entries  map[string]*entry[T]
	opened   int            // entries that count towards Max
	closing  int            // entries being closed
	unused   *list.List     // entries without references or watchers, longest unused first
	watched  *list.List     // entries without references whose name is watched, in the same order
	watchers map[string]int // by name
	released chan struct{}  // closed and replaced whenever capacity may have become free
	stopped  bool
	counts   Counts
}

// entry is the state of one name. It is guarded by the lock of the Pool.
type entry[T any] struct {
	name  string
	refs  int
	value T             // set before ready is closed
	err   error         // set before ready is closed
	ready chan struct{} // closed once Open has returned

	closed    chan struct{} // non-nil once the entry is unavailable; closed when the entry is removed
	successor *entry[T]     // takes over the name then, for exclusive access; may be nil
	draining  chan struct{} // non-nil while a caller waits for exclusive access; closed when it stops waiting

	unusedSince time.Time     // when refs dropped to 0
	element     *list.Element // position in list; nil while the entry is in use
	list        *list.List    // unused or watched
}

// New returns an empty Pool.
func New[T any](cfg Config[T]) *Pool[T] {
	cfg.MaxWait = cmp.Or(cfg.MaxWait, defaultMaxWait)
	cfg.MaxExclusiveWait = cmp.Or(cfg.MaxExclusiveWait, defaultMaxExclusiveWait)
	cfg.MaxClosing = cmp.Or(cfg.MaxClosing, defaultMaxClosing)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Pool[T]{
		cfg: cfg, entries: map[string]*entry[T]{}, unused: list.New(), watched: list.New(),
		watchers: map[string]int{}, released: make(chan struct{}),
	}
}

// Handle is a reference to an open resource.
type Handle[T any] struct {
	Value T

	pool     *Pool[T]
	entry    *entry[T]
	released atomic.Bool
}

// Release gives up the reference. The caller must not use the resource any more. Further calls have
// no effect.
func (h *Handle[T]) Release() {
	if !h.released.Swap(true) {
		h.pool.release(h.entry)
	}
}

// Acquire returns a Handle to the resource of a name and opens it first if necessary. It returns
// ErrBusy when no capacity became free in time, ErrClosed after Stop, ctx.Err, or the error of Open.
func (p *Pool[T]) Acquire(ctx context.Context, name string) (*Handle[T], error) {
	var timeout <-chan time.Time
	for {
		e, wait, err := p.tryAcquire(name)
		switch {
		case err != nil:
			return nil, err
		case e != nil:
			return p.awaitOpen(ctx, e)
		}
		if timeout == nil {
			timer := time.NewTimer(p.cfg.MaxWait)
			defer timer.Stop()
			timeout = timer.C
			p.mu.Lock()
			p.counts.Waited++
			p.mu.Unlock()
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timeout:
			p.mu.Lock()
			p.counts.Busy++
			p.mu.Unlock()
			return nil, ErrBusy
		}
	}
}

// tryAcquire adds a reference to the entry of a name. If that is not possible now, it returns a channel
// that is closed when the caller should try again.
func (p *Pool[T]) tryAcquire(name string) (*entry[T], <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return nil, nil, ErrClosed
	}
	if e, ok := p.entries[name]; ok {
		switch {
		case e.closed != nil:
			return nil, e.closed, nil
		case e.draining != nil:
			return nil, e.draining, nil
		}
		e.refs++
		p.unlist(e)
		return e, nil, nil
	}
	if p.opened >= p.cfg.Max {
		victim := p.victim()
		if victim == nil || p.closing >= p.cfg.MaxClosing {
			return nil, p.released, nil
		}
		p.counts.Evicted++
		p.startClose(victim) // the new resource is opened meanwhile; MaxClosing limits the overlap
	}
	e := &entry[T]{name: name, refs: 1, ready: make(chan struct{})}
	p.entries[name] = e
	p.opened++
	go p.open(e)
	return e, nil, nil
}

func (p *Pool[T]) open(e *entry[T]) {
	value, err := p.cfg.Open(context.Background(), e.name)
	p.mu.Lock()
	defer p.mu.Unlock()
	e.value, e.err = value, err
	close(e.ready)
	if err == nil {
		p.counts.Opened++
		return
	}
	p.counts.OpenFailed++
	p.unlist(e)          // the entry is in a list if every caller has given up
	if e.closed != nil { // startClose will remove the entry
		return
	}
	delete(p.entries, e.name)
	p.opened--
	p.endDraining(e)
	p.signal()
}

// awaitOpen turns a reference into a Handle once the resource is open.
func (p *Pool[T]) awaitOpen(ctx context.Context, e *entry[T]) (*Handle[T], error) {
	select {
	case <-e.ready:
	case <-ctx.Done():
		p.release(e)
		return nil, ctx.Err()
	}
	if e.err != nil {
		return nil, e.err
	}
	return &Handle[T]{Value: e.value, pool: p, entry: e}, nil
}

func (p *Pool[T]) release(e *entry[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.refs--
	if e.refs > 0 || e.err != nil {
		return
	}
	e.unusedSince = p.cfg.Now()
	p.enlist(e)
	p.signal()
}

// enlist appends an entry without references to its list. The caller must hold the lock.
func (p *Pool[T]) enlist(e *entry[T]) {
	e.list = p.unused
	if p.watchers[e.name] > 0 {
		e.list = p.watched
	}
	e.element = e.list.PushBack(e)
}

// unlist removes an entry from its list, if it is in one. The caller must hold the lock.
func (p *Pool[T]) unlist(e *entry[T]) {
	if e.element != nil {
		e.list.Remove(e.element)
		e.element = nil
	}
}

// signal wakes all callers that wait for capacity. The caller must hold the lock.
func (p *Pool[T]) signal() {
	close(p.released)
	p.released = make(chan struct{})
}
