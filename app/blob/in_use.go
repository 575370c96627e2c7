package blob

import "sync"

// inUse keeps two callers from writing one upload at the same time, for instance a run that has lost its job but
// hasn't noticed yet, and the run that replaces it. Its zero value is ready for use.
type inUse struct {
	mu  sync.Mutex
	ids map[string]bool
}

// acquire reserves an upload until release is called. If somebody else uses it, the error is ErrBusy.
func (u *inUse) acquire(id string) (release func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids[id] {
		return nil, ErrBusy
	}
	if u.ids == nil {
		u.ids = map[string]bool{}
	}
	u.ids[id] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.ids, id)
	}, nil
}
