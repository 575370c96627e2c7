package blob

import (
	"context"
	"sync"
)

// inUse keeps two callers from writing one upload at the same time, for instance a run that has lost its job but
// hasn't noticed yet, and the run that replaces it. Its zero value is ready for use.
type inUse struct {
	mu  sync.Mutex
	ids map[string]chan struct{} // closed on release
}

// acquire reserves an upload until release is called. If somebody else uses it, the error is ErrBusy.
func (u *inUse) acquire(id string) (release func(), err error) {
	release, _ = u.tryAcquire(id)
	if release == nil {
		return nil, ErrBusy
	}
	return release, nil
}

// wait is acquire, except that it waits until nobody else uses the upload, or returns the error of ctx.
func (u *inUse) wait(ctx context.Context, id string) (release func(), err error) {
	for {
		release, released := u.tryAcquire(id)
		if release != nil {
			return release, nil
		}
		select {
		case <-released:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryAcquire returns either release or, if somebody else uses the upload, a channel that is closed afterwards.
func (u *inUse) tryAcquire(id string) (release func(), released <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if used, busy := u.ids[id]; busy {
		return nil, used
	}
	if u.ids == nil {
		u.ids = map[string]chan struct{}{}
	}
	used := make(chan struct{})
	u.ids[id] = used
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.ids, id)
		close(used)
	}, nil
}
