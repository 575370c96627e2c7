package userdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// Restore unpacks archived databases. It cancels the deletion of databases that are scheduled for it, unless
// the deletion of their files has begun, and recreates the account if the user was deleted. It reports the
// outcome for each database, and returns ctx.Err or an error of the registry. It returns an error if names is
// empty.
func (s *Service) Restore(ctx context.Context, names []string, report func(Outcome)) error {
	if len(names) == 0 {
		return errors.New("specify the user databases to restore")
	}
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	return runBatch(ctx, entries, 1, report, s.restore)
}

func (s *Service) restore(ctx context.Context, entry registry.Entry) error {
	switch entry.Status {
	case registry.StatusArchived:
		_, err := s.unarchive(ctx, entry)
		return err
	case registry.StatusDeleting:
		if err := s.undelete(ctx, entry); err != nil {
			return fmt.Errorf("restore user database %s: %w", entry.Name, err)
		}
		s.logger.InfoContext(ctx, "user database restored", "database", entry.Name)
		return nil
	default:
		return fmt.Errorf("user database %s is %s: nothing to restore", entry.Name, entry.Status)
	}
}

// undelete cancels the deletion of a database, which becomes ready or archived again, depending on its
// files.
func (s *Service) undelete(ctx context.Context, entry registry.Entry) error {
	return s.exclusively(ctx, entry.Name, func() error {
		entry, err := s.registry.ByName(ctx, entry.Name)
		if err != nil {
			return err
		}
		if !entry.PurgeStarted.IsZero() {
			return fmt.Errorf("%w (on %s): the next hourly run continues it", errPurgeStarted,
				entry.PurgeStarted.UTC().Format(time.DateTime+" UTC"))
		}
		// If both exist, the folder is at least as recent as the archive.
		folder, err := hasData(s.Dir(entry.Name))
		if err != nil {
			return err
		}
		archive, err := exists(s.archivePath(entry.Name))
		if err != nil {
			return err
		}
		fields := registry.Fields{"status": registry.StatusReady, "archived_at": "", "error": ""}
		switch {
		case folder:
		case archive:
			fields = registry.Fields{"status": registry.StatusArchived, "archived_at": s.now(), "error": ""}
		default:
			return ErrMissing
		}
		if err := s.registry.Undelete(ctx, entry, fields); err != nil {
			return err
		}
		if err := s.registry.Sync(); err != nil || !folder {
			return err
		}
		return s.removeArchive(entry.Name)
	})
}
