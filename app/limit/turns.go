package limit

import (
	"context"
	"sync"
)

// Turns lets each caller do a few things at the same time and makes further ones wait, in the order in which
// they asked. It is safe for concurrent use. The number of those that wait must be limited elsewhere.
type Turns struct {
	perCaller int

	mu       sync.Mutex
	byCaller map[Caller]*turnQueue
}

type turnQueue struct {
	turns chan struct{} // has an element for each turn in use
	users int           // callers of Wait that have or wait for a turn; protected by the lock of Turns
}

// NewTurns returns a Turns that gives each caller perCaller turns.
func NewTurns(perCaller int) *Turns {
	return &Turns{perCaller: perCaller, byCaller: map[Caller]*turnQueue{}}
}

// Wait waits for a turn, which ends when end is called. Calling end again has no effect. If ctx ends first,
// Wait returns ctx.Err, and end is nil.
func (t *Turns) Wait(ctx context.Context, caller Caller) (end func(), err error) {
	q := t.join(caller)
	select {
	case q.turns <- struct{}{}:
		return t.end(caller, q), nil
	case <-ctx.Done():
		t.leave(caller, q)
		return nil, ctx.Err()
	}
}

// Try is Wait for a caller who doesn't want to wait: ok is false, and end nil, if no turn is free.
func (t *Turns) Try(caller Caller) (end func(), ok bool) {
	q := t.join(caller)
	select {
	case q.turns <- struct{}{}:
		return t.end(caller, q), true
	default:
		t.leave(caller, q)
		return nil, false
	}
}

func (t *Turns) join(caller Caller) *turnQueue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.byCaller[caller]
	if q == nil {
		q = &turnQueue{turns: make(chan struct{}, t.perCaller)}
		t.byCaller[caller] = q
	}
	q.users++
	return q
}

func (t *Turns) end(caller Caller, q *turnQueue) func() {
	return sync.OnceFunc(func() {
		<-q.turns
		t.leave(caller, q)
	})
}

func (t *Turns) leave(caller Caller, q *turnQueue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.byCaller, caller)
	}
}
