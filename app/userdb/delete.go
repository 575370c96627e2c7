package userdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// UserDeleted schedules the database of a user for deletion, in the transaction tx that deletes the
// user, and keeps what Restore needs to recreate the account.
func (s *Service) UserDeleted(ctx context.Context, tx core.App, user *core.Record) error {
	return registry.UserDeleted(ctx, tx, user, s.now().Add(s.retention.DeleteGrace))
}

// Delete schedules the named databases for deletion after the grace period, during which Restore can
// bring them back. If immediately is set, it deletes them permanently instead; so it does with databases
// whose deletion has begun before, because these can't be restored any more. Delete reports the
// outcome for each database, and returns ctx.Err or an error of the registry. It returns an error if
// names is empty.
func (s *Service) Delete(ctx context.Context, names []string, immediately bool, report func(Outcome)) error {
	if len(names) == 0 {
		return errors.New("specify the user databases to delete")
	}
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	grace := s.retention.DeleteGrace
	if immediately {
		grace = 0
	}
	return runBatch(ctx, entries, 1, report, func(ctx context.Context, entry registry.Entry) error {
		if entry.Status == registry.StatusProvisioning { // its folder may appear at any moment
			return fmt.Errorf("user database %s is still being provisioned: try again in a moment", entry.Name)
		}
		if !entry.PurgeStarted.IsZero() { // there is nothing to postpone any more
			return s.purge(ctx, entry)
		}
		if err := s.scheduleDeletion(ctx, &entry, s.now().Add(grace)); err != nil {
			return err
		}
		if immediately {
			return s.purge(ctx, entry)
		}
		return nil
	})
}

// scheduleDeletion records that a database may be deleted from the given time on, and updates entry.
func (s *Service) scheduleDeletion(ctx context.Context, entry *registry.Entry, after time.Time) error {
	err := s.registry.Change(ctx, *entry, registry.Fields{
		"status": registry.StatusDeleting, "delete_after": after, "port": 0,
	})
	if err != nil {
		return err
	}
	entry.Status, entry.DeleteAfter = registry.StatusDeleting, after
	s.logger.InfoContext(ctx, "user database scheduled for deletion",
		"database", entry.Name, "after", after.UTC().Format(time.RFC3339))
	return nil
}

// purge deletes the recordings and files of a database that is due for deletion and then its row. The row comes last,
// so that an interrupted deletion is repeated. Once the first file may be gone, the row says so, and the database
// can't be restored any more. purge returns registry.ErrConflict if the deletion has been cancelled or postponed. It
// records any other error in the row.
func (s *Service) purge(ctx context.Context, entry registry.Entry) error {
	err := s.exclusively(ctx, entry.Name, func() error {
		entry, err := s.registry.ByName(ctx, entry.Name)
		if err != nil {
			return err
		}
		if !s.isPurgeable(entry) {
			return registry.ErrConflict
		}
		if err := s.checkDeletable(ctx, entry); err != nil {
			return err
		}
		if err := s.startPurge(ctx, entry); err != nil {
			return err
		}
		if err := s.deleteRecordings(ctx, entry); err != nil {
			return err
		}
		if err := s.removeFolder(entry.Name); err != nil {
			return err
		}
		if err := s.removeArchive(entry.Name); err != nil {
			return err
		}
		if err := s.removeFormer(entry.Name); err != nil {
			return err
		}
		return s.registry.Remove(ctx, entry)
	})
	if err != nil {
		if !isConflict(err) {
			s.recordError(ctx, entry, err)
		}
		return fmt.Errorf("delete user database %s: %w", entry.Name, err)
	}
	s.logger.InfoContext(ctx, "user database deleted", "database", entry.Name)
	return nil
}

// isPurgeable reports whether the files of a database may be deleted now.
func (s *Service) isPurgeable(entry registry.Entry) bool {
	if entry.Status != registry.StatusDeleting {
		return false
	}
	due := !entry.DeleteAfter.IsZero() && !s.now().Before(entry.DeleteAfter)
	return due || !entry.PurgeStarted.IsZero()
}

// startPurge records that files of a database may be gone from now on. It survives a power cut.
func (s *Service) startPurge(ctx context.Context, entry registry.Entry) error {
	if entry.PurgeStarted.IsZero() {
		if err := s.registry.Change(ctx, entry, registry.Fields{"purge_started": s.now()}); err != nil {
			return err
		}
	}
	return s.registry.Sync()
}
