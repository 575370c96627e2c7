package loomupload

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// turns lets the calls of an account run one after the other, and remembers how long Atlassian wants it to wait. The
// zero value is ready once now is set.
type turns struct {
	now func() time.Time

	mu     sync.Mutex
	byName map[string]*turn
}

type turn struct {
	slot      chan struct{} // contains a value during a call
	users     int           // that have or wait for the turn
	notBefore time.Time     // Atlassian has asked not to call before
}

// maxPostponed is the longest time for which a service may ask to wait. A longer one would stop a connection for a day
// because of one mistaken answer; asking four times in an hour is polite enough.
const maxPostponed = 15 * time.Minute

// maxIdleTurns is how many turns nobody uses may be kept, because their notBefore has not come yet.
const maxIdleTurns = 1000

// begin waits for the turn of a key. The caller calls end afterwards. wait is how long Atlassian wants no call. A blank
// key needs no turn.
func (t *turns) begin(ctx context.Context, key string) (end func(), wait time.Duration, err error) {
	if key == "" {
		return func() {}, 0, nil
	}
	own := t.join(key)
	select {
	case own.slot <- struct{}{}:
	case <-ctx.Done():
		t.leave(key, own)
		return nil, 0, fmt.Errorf("wait for another call to atlassian: %w", ctx.Err())
	}
	t.mu.Lock()
	wait = max(own.notBefore.Sub(t.now()), 0)
	t.mu.Unlock()
	return sync.OnceFunc(func() {
		<-own.slot
		t.leave(key, own)
	}), wait, nil
}

// postpone makes later calls of a key wait, within maxPostponed.
func (t *turns) postpone(key string, wait time.Duration) {
	if key == "" || wait <= 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if own := t.byName[key]; own != nil {
		own.notBefore = t.now().Add(min(wait, maxPostponed))
	}
}

func (t *turns) join(key string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byName == nil {
		t.byName = map[string]*turn{}
	}
	own := t.byName[key]
	if own == nil {
		own = &turn{slot: make(chan struct{}, 1)}
		t.byName[key] = own
	}
	own.users++
	return own
}

func (t *turns) leave(key string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own.users--
	if own.users == 0 && (!own.notBefore.After(t.now()) || len(t.byName) > maxIdleTurns) {
		delete(t.byName, key)
	}
}
