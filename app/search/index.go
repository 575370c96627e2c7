package search

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// index is the search index of an open user database. Its file is opened when it is needed, and closed with the database
// or earlier. Safe for concurrent use.
type index struct {
	db     *userdb.Database
	path   string
	ctx    context.Context // ends when the database is closed
	cancel context.CancelFunc
	turn   chan struct{} // holds a value while somebody indexes

	mu       sync.Mutex
	left     *sync.Cond // signalled when the last user has left a store
	open     *store     // nil if the file isn't open
	using    int        // users of the database, of this store and of earlier ones that aren't closed yet
	closed   bool
	checked  bool // the file has been checked since the database was opened
	lastUsed time.Time
}

func newIndex(db *userdb.Database) *index {
	x := &index{db: db, path: filepath.Join(db.App.DataDir(), sqlite.SearchFile), turn: make(chan struct{}, 1)}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	x.left = sync.NewCond(&x.mu)
	return x
}

func (x *index) data() data {
	return data{reads: x.db.App.ConcurrentDB(), writes: x.db.App.NonconcurrentDB()}
}

// use opens the file, if necessary, and keeps it open until leave is called with the result.
func (x *index) use(ctx context.Context) (*store, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, userdb.ErrClosed
	}
	if x.open == nil {
		opened, err := openStore(ctx, x.path, x.data())
		if err != nil {
			return nil, err
		}
		x.open = opened
	}
	x.open.users++
	x.using++
	return x.open, nil
}

// enter keeps the database open until leave is called. ok is false if it is being closed.
func (x *index) enter() (leave func(), ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || x.ctx.Err() != nil {
		return nil, false
	}
	x.using++
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.userLeft()
	}, true
}

// userLeft lets close go on after the last user. The caller must hold the lock.
func (x *index) userLeft() {
	if x.using--; x.using == 0 {
		x.left.Broadcast()
	}
}

// leave ends the use of a store, whose file is closed if it was discarded.
func (x *index) leave(s *store, now time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.lastUsed = now
	s.users--
	x.userLeft()
	if s.detached && s.users == 0 {
		return s.close()
	}
	return nil
}

// detach makes the next use open the file again. With remove, that builds a new one. The caller must be using the store.
func (x *index) detach(s *store, remove bool) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open != s { // somebody else has
		return nil
	}
	x.open, s.detached = nil, true
	if remove {
		return removeFiles(x.path)
	}
	return nil
}

// unusedSince returns when the file was last used. ok is false unless it is open and nobody uses it.
func (x *index) unusedSince() (at time.Time, ok bool) {
	if !x.mu.TryLock() { // somebody is opening it
		return time.Time{}, false
	}
	defer x.mu.Unlock()
	return x.lastUsed, x.open != nil && x.open.users == 0
}

// closeUnused closes the file unless somebody uses it.
func (x *index) closeUnused() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open == nil || x.open.users > 0 {
		return nil
	}
	opened := x.open
	x.open = nil
	return opened.close()
}

// close interrupts whoever uses the file, waits for them and closes it for good.
func (x *index) close() error {
	x.cancel()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	for x.using > 0 {
		x.left.Wait()
	}
	if x.open == nil {
		return nil
	}
	opened := x.open
	x.open = nil
	return opened.close()
}

// takeTurn waits until nobody else indexes. The caller must call the returned function unless there is an error.
func (x *index) takeTurn(ctx context.Context) (end func(), err error) {
	select {
	case x.turn <- struct{}{}:
		return func() { <-x.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// step indexes some recordings. It reports whether there is more to do.
func (x *index) step(ctx context.Context, now func() time.Time) (more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(x.ctx, cancel)()
	end, err := x.takeTurn(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	s, err := x.use(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, x.leave(s, now())) }()
	more, err = s.step(ctx, x.data())
	if err == nil {
		return more, nil
	}
	// data.db may not know of the last change. Opening the file again finds out.
	return errors.Is(err, errDamaged), errors.Join(err, x.detach(s, errors.Is(err, errDamaged)))
}

// check removes the file if it is damaged, and reports whether it was.
func (x *index) check(ctx context.Context, now func() time.Time) (damaged bool, err error) {
	if !x.needsCheck() {
		return false, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(x.ctx, cancel)()
	end, err := x.takeTurn(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	s, err := x.use(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, x.leave(s, now())) }()
	err = s.check(ctx)
	if errors.Is(err, errDamaged) {
		return true, errors.Join(err, x.detach(s, true))
	}
	if err == nil {
		x.mu.Lock()
		x.checked = true
		x.mu.Unlock()
	}
	return false, err
}

// needsCheck reports whether the file is open and hasn't been checked.
func (x *index) needsCheck() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.checked && x.open != nil
}
