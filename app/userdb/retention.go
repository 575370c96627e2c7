package userdb

import (
	"context"
	"errors"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Retention says what becomes of databases that nobody uses. Zero leaves them as
// they are.
type Retention struct {
	ArchiveAfter        time.Duration // unused for so long: archived
	DeleteArchivesAfter time.Duration // archived for so long: deleted, though the user is still there
	DeleteGrace         time.Duration // how long the database of a deleted user is kept
}

// ApplyRetention archives, marks and deletes what is due. What fails is logged
// and due again the next time.
func (s *Service) ApplyRetention(ctx context.Context) error {
	s.recordUses(ctx)
	entries, err := s.registry.All(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !s.due(entry) {
			continue
		}
		err := s.retain(ctx, entry.Name)
		switch {
		case err == nil, hasMovedOn(err):
		case errors.Is(err, ErrInUse) && entry.Status == registry.StatusReady: // it is used again
		default:
			s.logger.Error("apply the retention policy", "database", entry.Name, "status", entry.Status, "error", err)
		}
	}
	return nil
}

// due reports whether something is to become of a database now.
func (s *Service) due(entry registry.Entry) bool {
	past := func(since time.Time, after time.Duration) bool { return after > 0 && !s.now().Before(since.Add(after)) }
	switch entry.Status {
	case registry.StatusReady:
		open, _, streams := s.pool.Usage(entry.Name)
		return !open && streams == 0 && past(entry.UnusedSince(), s.retention.ArchiveAfter)
	case registry.StatusArchived:
		return past(entry.ArchivedAt, s.retention.DeleteArchivesAfter)
	case registry.StatusDeleting:
		return !entry.DeleteAfter.IsZero() && !s.now().Before(entry.DeleteAfter)
	default:
		return false
	}
}

// retain looks again, because what came before it in the list may have taken an
// hour, and then does what is due.
func (s *Service) retain(ctx context.Context, name string) error {
	s.recordUses(ctx)
	entry, err := s.registry.ByName(ctx, name)
	if err != nil || !s.due(entry) {
		return err
	}
	switch entry.Status {
	case registry.StatusReady:
		return s.archive(ctx, entry)
	case registry.StatusArchived:
		if err := s.condemn(ctx, &entry, s.now()); err != nil {
			return err
		}
	}
	return s.purge(ctx, entry)
}
