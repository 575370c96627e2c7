package userdb

import (
	"context"
	"errors"
	"time"
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
	entries, err := s.registry.all(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.retain(ctx, entry); err != nil && !errors.Is(err, ErrInUse) {
			s.logger.Error("apply the retention policy", "database", entry.Name, "error", err)
		}
	}
	return nil
}

func (s *Service) retain(ctx context.Context, entry Entry) error {
	now := s.now()
	due := func(since time.Time, after time.Duration) bool { return after > 0 && !now.Before(since.Add(after)) }
	switch entry.Status {
	case StatusReady:
		open, _, streams := s.pool.use(entry.Name)
		if open || streams > 0 || !due(entry.UnusedSince(), s.retention.ArchiveAfter) {
			return nil
		}
		return s.archive(ctx, entry)
	case StatusArchived:
		if !due(entry.ArchivedAt, s.retention.DeleteArchivesAfter) {
			return nil
		}
		if err := s.condemn(ctx, entry, now); err != nil {
			return err
		}
		return s.purge(ctx, entry)
	case StatusDeleting:
		if entry.DeleteAfter.IsZero() || now.Before(entry.DeleteAfter) {
			return nil
		}
		return s.purge(ctx, entry)
	}
	return nil
}
