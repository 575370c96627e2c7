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

	mu     sync.Mutex
	left   *sync.Cond // signalled when the last user has left a store
	open   *store     // nil if the file isn't open
	using  int        // users of the database, of this store and of earlier ones that aren't closed yet
	closed bool
	// discarded is how many stores are still open that somebody has detached.
	discarded int
	damaged   bool // the file is to be built again
	checked   bool // the file has been checked since the database was opened
	lastUsed  time.Time
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
		if err := x.awaitDiscarded(ctx); err != nil {
			return nil, err
		}
	}
	if x.open == nil { // nobody has opened it meanwhile
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

// awaitDiscarded waits until a discarded store is closed, because SQLite mustn't have a file open that is replaced: see
// https://sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use. Then it removes the file, if it
// is damaged. The caller must hold the lock.
func (x *index) awaitDiscarded(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.left.Broadcast()
	})()
	for x.discarded > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		x.left.Wait()
	}
	if x.closed {
		return userdb.ErrClosed
	}
	return x.removeDamaged()
}

// removeDamaged removes the file if it is damaged and closed. The caller must hold the lock.
func (x *index) removeDamaged() error {
	if !x.damaged || x.open != nil {
		return nil
	}
	if err := removeFiles(x.path); err != nil {
		return err
	}
	x.damaged = false
	return nil
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
	if !s.detached || s.users > 0 {
		return nil
	}
	err := s.close()
	x.discarded--
	x.left.Broadcast()
	return err
}

// detach makes the next use open the file again, once nobody uses the store any more. With remove, that builds a new file. The
// caller must be using the store.
func (x *index) detach(s *store, remove bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open != s { // somebody else has
		return
	}
	x.open, s.detached = nil, true
	x.discarded++
	x.damaged = x.damaged || remove
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
	var err error
	if x.open != nil {
		err = x.open.close()
		x.open = nil
	}
	return errors.Join(err, x.removeDamaged())
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
	isDamaged := errors.Is(err, errDamaged)
	x.detach(s, isDamaged)
	return isDamaged, err
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
		x.detach(s, true)
		return true, err
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
