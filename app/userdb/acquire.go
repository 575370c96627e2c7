package userdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Handle pins an open user database, which stays open at least until Release.
type Handle struct {
	*Database
	pin *pool.Handle[*Database]
}

// Release unpins the database. Further calls have no effect.
func (h *Handle) Release() { h.pin.Release() }

// Acquire opens a database, unless it is open, and pins it until the Handle is released. Among
// others it returns registry.ErrNotFound, ErrBusy, ErrClosed, ErrNewerSchema and ctx.Err.
func (s *Service) Acquire(ctx context.Context, name string) (*Handle, error) {
	if !registry.ValidName(name) {
		return nil, registry.ErrNotFound
	}
	pin, err := s.pool.Acquire(ctx, name)
	if err != nil {
		return nil, fromPool(err)
	}
	return &Handle{pin.Value, pin}, nil
}

// AcquireForUser is Acquire for the database of a user. It returns registry.ErrNotFound when that
// database is not ready.
func (s *Service) AcquireForUser(ctx context.Context, userID string) (*Handle, error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	if entry.Status != registry.StatusReady {
		return nil, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, registry.ErrNotFound)
	}
	return s.Acquire(ctx, entry.Name)
}

// Lookup finds a ready database by name without opening it. It returns registry.ErrNotFound if there
// is none.
func (s *Service) Lookup(ctx context.Context, name string) (registry.ActiveEntry, error) {
	return s.registry.Lookup(ctx, name)
}

// Watch counts a realtime stream to a database until the returned function is called. It opens
// nothing. A database with streams is not closed for being idle; it makes room for another one only
// if no database without streams can. Its streams miss nothing then, because nothing happens in a
// closed database.
func (s *Service) Watch(name string) (unwatch func()) { return s.pool.Watch(name) }

// exclusiveTimeout limits how long exclusive access waits for handles to be released.
const exclusiveTimeout = 30 * time.Second

// exclusively runs fn while the database is closed and cannot be opened. It returns ErrInUse when
// handles are not released in time.
func (s *Service) exclusively(ctx context.Context, name string, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, exclusiveTimeout)
	defer cancel()
	return fromPool(s.pool.Exclusive(ctx, name, fn))
}

// exclusivelyReady is exclusively for a ready database. It reads the row again, because the wait may
// have been long, and returns errNotReady if the database is not ready any more.
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

// isConflict reports whether a database changed its status or disappeared in the meantime, so that
// there is nothing left to do.
func isConflict(err error) bool {
	return errors.Is(err, registry.ErrConflict) || errors.Is(err, errNotReady) || errors.Is(err, registry.ErrNotFound)
}

// fromPool translates an error of the pool, which does not know what its resources are.
func fromPool(err error) error {
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
