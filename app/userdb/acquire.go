package userdb

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Handle pins an open user database, which stays open at least until Release.
type Handle struct {
	*Database
	pin      *pool.Handle[*Database]
	service  *Service // of a request's handle; otherwise nil
	released atomic.Bool
}

// Release unpins the database. Further calls have no effect.
func (h *Handle) Release() {
	if h.released.Swap(true) {
		return
	}
	if h.service == nil || !h.service.resumeBeforeRelease(h) {
		h.pin.Release()
	}
}

// Acquire opens a database if it is not open yet, resumes its unfinished work, and pins it until the Handle is released.
// Its errors include registry.ErrNotFound and ErrElsewhere, ErrBusy, ErrClosed, ErrNewerSchema and ctx.Err.
func (s *Service) Acquire(ctx context.Context, name string) (*Handle, error) {
	pin, err := s.pin(ctx, name)
	if err != nil {
		return nil, err
	}
	s.resumeOnce(pin.Value)
	return &Handle{Database: pin.Value, pin: pin}, nil
}

// AcquireForRequest is the same as Acquire, but leaves unfinished work until the Handle is released, so that nobody waits
// for it.
func (s *Service) AcquireForRequest(ctx context.Context, name string) (*Handle, error) {
	pin, err := s.pin(ctx, name)
	if err != nil {
		return nil, err
	}
	return &Handle{Database: pin.Value, pin: pin, service: s}, nil
}

// AcquireForUser acquires the database of a user. In addition to the errors of Acquire, it returns
// registry.ErrNotFound if the database exists but is not ready.
func (s *Service) AcquireForUser(ctx context.Context, userID string) (*Handle, error) {
	entry, err := s.ReadyOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	return s.Acquire(ctx, entry.Name)
}

// ReadyOf finds the database of a user without opening it. It returns registry.ErrNotFound if the user has none, or one
// that is not ready, and registry.ErrElsewhere if it is on another server.
func (s *Service) ReadyOf(ctx context.Context, userID string) (registry.Entry, error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err == nil && entry.Status != registry.StatusReady {
		err = fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, registry.ErrNotFound)
	}
	return entry, err
}

// Lookup finds a ready database by name without opening it. It returns registry.ErrNotFound if there
// is none. With registry.ErrElsewhere, the entry says whose it is.
func (s *Service) Lookup(ctx context.Context, name string) (registry.ActiveEntry, error) {
	return s.registry.Lookup(ctx, name)
}

// Watch registers a realtime stream to a database until the returned function is called. It does not
// open the database. A database with streams is not closed for being idle, and it is closed to make
// room for another one only if no database without streams can be. Its streams miss nothing while it
// is closed, because a closed database does not change.
func (s *Service) Watch(name string) (unwatch func()) {
	end := s.pool.Watch(name)
	return func() {
		s.lastUsed.set(name, s.now()) // the stream was a use, even if the database was closed meanwhile
		end()
	}
}

// exclusiveTimeout limits how long exclusive access waits for handles to be released.
const exclusiveTimeout = 30 * time.Second

// exclusively runs fn while the database is closed and cannot be opened. It returns ErrInUse if the
// handles to the database are not released within exclusiveTimeout, and ctx.Err if ctx ends before
// that.
func (s *Service) exclusively(ctx context.Context, name string, fn func() error) error {
	return translatePoolError(s.pool.Exclusive(ctx, name, fn))
}

// exclusivelyReady runs fn with exclusive access to a ready database. It reads the row again, because
// the wait may have been long, and returns errNotReady if the database is no longer ready.
func (s *Service) exclusivelyReady(ctx context.Context, name string, fn func(registry.Entry) error) error {
	return s.exclusively(ctx, name, func() error {
		entry, err := s.registry.ByName(ctx, name)
		if err != nil {
			return err
		}
		if entry.Status != registry.StatusReady {
			return fmt.Errorf("%w: status is %s", errNotReady, entry.Status)
		}
		return fn(entry)
	})
}

// isConflict reports whether an operation failed because the database disappeared, changed its
// status or moved to another server in the meantime, which leaves the operation nothing to do.
func isConflict(err error) bool {
	return errors.Is(err, registry.ErrConflict) || errors.Is(err, errNotReady) || registry.IsNotHere(err)
}

// translatePoolError replaces the pool's errors, which speak of resources, by those of this package.
func translatePoolError(err error) error {
	switch {
	case errors.Is(err, pool.ErrBusy):
		return ErrBusy
	case errors.Is(err, pool.ErrInUse):
		return ErrInUse
	case errors.Is(err, pool.ErrClosed):
		return ErrClosed
	default:
		return err
	}
}
