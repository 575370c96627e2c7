package userdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// IsDormant reports whether a user's database is archived, will be deleted or is on another server, so that schedules must not
// open it.
func (s *Service) IsDormant(ctx context.Context, userID string) (bool, error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if errors.Is(err, registry.ErrNotFound) {
		return false, nil
	}
	if errors.Is(err, registry.ErrElsewhere) {
		return true, nil
	}
	return entry.Status == registry.StatusArchived || entry.Status == registry.StatusDeleting, err
}

// AcquireForJob acquires the database of a user, after unpacking it if it is archived, as a sign-in does. In
// addition to the errors of Acquire, it returns ErrDeleting, and ErrPreparing if the caller should try again
// later.
func (s *Service) AcquireForJob(ctx context.Context, userID string) (*Handle, error) {
	entry, err := s.registry.ByUser(ctx, userID)
	if err != nil {
		return nil, err
	}
	switch entry.Status {
	case registry.StatusReady:
	case registry.StatusDeleting:
		return nil, fmt.Errorf("user database %s: %w", entry.Name, ErrDeleting)
	default:
		user, err := s.app.FindRecordById(migrations.Users, userID)
		if err != nil {
			return nil, fmt.Errorf("find user %s: %w", userID, err)
		}
		if entry, err = s.Provision(ctx, user); err != nil {
			return nil, err
		}
	}
	return s.Acquire(ctx, entry.Name)
}
