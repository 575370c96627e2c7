package userdb

import (
	"context"
	"errors"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Retention determines when unused databases are archived and deleted. A field that is 0 turns that
// step off, except that DeleteGrace 0 means no grace period.
type Retention struct {
	ArchiveAfter        time.Duration // since the last use of a ready database
	DeleteArchivesAfter time.Duration // since the database was archived, while its user exists
	DeleteGrace         time.Duration // since the deletion of the user
}

// ApplyRetention archives and deletes the databases that are due. A failure is logged, and the next
// call tries again. Once S3 has failed, it deletes no further databases. ApplyRetention returns ctx.Err or an error of
// the registry.
func (s *Service) ApplyRetention(ctx context.Context) error {
	s.recordUsage(ctx)
	if err := s.removeFormer(""); err != nil {
		s.logger.ErrorContext(ctx, "failed to apply the retention policy", "error", err)
	}
	entries, err := s.registry.All(ctx)
	if err != nil {
		return err
	}
	postponed := 0 // databases that wait for S3
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !s.isDue(entry) {
			continue
		}
		if postponed > 0 && entry.Status != registry.StatusReady {
			postponed++
			continue
		}
		err := s.applyRetention(ctx, entry.Name)
		switch {
		case err == nil, isConflict(err):
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrInUse) && entry.Status == registry.StatusReady: // it is used again
		default:
			if _, failed := errors.AsType[*blob.Error](err); failed {
				postponed++
			}
			s.logger.ErrorContext(ctx, "failed to apply the retention policy to user database",
				"database", entry.Name, "status", entry.Status, "error", err)
		}
	}
	if postponed > 1 {
		s.logger.WarnContext(ctx, "postponed the deletion of user databases because S3 has failed", "databases", postponed)
	}
	return nil
}

// isDue reports whether a database must be archived or deleted now.
func (s *Service) isDue(entry registry.Entry) bool {
	elapsed := func(since time.Time, limit time.Duration) bool {
		return limit > 0 && !s.now().Before(since.Add(limit))
	}
	switch entry.Status {
	case registry.StatusReady:
		// It may be open, because strangers watch a shared recording or a job has run; those who use it have a use recorded.
		_, handles, streams := s.pool.Usage(entry.Name)
		return handles == 0 && streams == 0 && elapsed(entry.UnusedSince(), s.retention.ArchiveAfter)
	case registry.StatusArchived:
		return elapsed(entry.ArchivedAt, s.retention.DeleteArchivesAfter)
	case registry.StatusDeleting:
		return s.isPurgeable(entry)
	default:
		return false
	}
}

// applyRetention archives or deletes a database if it is still due. It reads the row again, because
// processing the databases before it may have taken an hour.
func (s *Service) applyRetention(ctx context.Context, name string) error {
	s.recordUsage(ctx)
	entry, err := s.registry.ByName(ctx, name)
	if err != nil || !s.isDue(entry) {
		return err
	}
	switch entry.Status {
	case registry.StatusReady:
		return s.archive(ctx, entry)
	case registry.StatusArchived:
		if err := s.scheduleDeletion(ctx, &entry, s.now()); err != nil {
			return err
		}
	}
	return s.purge(ctx, entry)
}
