package loomaccount

import (
	"context"
	"fmt"
	"sync"
)

// renewals lets the renewals of each connection run one after the other.
type renewals struct {
	mu    sync.Mutex
	byKey map[string]*renewal
}

// renewal is the state of a connection's renewals. The goroutine whose turn it is may use unsaved and id.
type renewal struct {
	slot  chan struct{} // contains a value during a turn
	users int           // that have or wait for the turn; guarded by renewals.mu

	unsaved *grant // that could not be stored
	id      string // of that grant
}

func newRenewals() *renewals { return &renewals{byKey: map[string]*renewal{}} }

// begin waits for the turn of a connection. The caller calls end afterwards.
func (r *renewals) begin(ctx context.Context, key string) (own *renewal, end func(), err error) {
	r.mu.Lock()
	own = r.byKey[key]
	if own == nil {
		own = &renewal{slot: make(chan struct{}, 1)}
		r.byKey[key] = own
	}
	own.users++
	r.mu.Unlock()
	select {
	case own.slot <- struct{}{}:
		return own, func() { r.leave(key, own, true) }, nil
	case <-ctx.Done():
		r.leave(key, own, false)
		return nil, nil, fmt.Errorf("wait for the renewal of a token: %w", ctx.Err())
	}
}

// leave ends a turn or the wait for one.
func (r *renewals) leave(key string, own *renewal, hadTurn bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own.users--; own.users == 0 && own.unsaved == nil {
		delete(r.byKey, key)
	}
	if hadTurn {
		<-own.slot
	}
}
