package userdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/pocketbase/pocketbase/core"
)

// UserDeleted marks the database of a user for deletion, in the transaction tx
// that deletes them, and keeps what brings the account back until then.
func (s *Service) UserDeleted(ctx context.Context, tx core.App, user *core.Record) error {
	return registry.UserDeleted(ctx, tx, user, s.now().Add(s.retention.DeleteGrace))
}

// Delete marks databases for deletion after the grace period, or deletes them for
// good at once. Until then Restore brings them back. It reports each, and returns
// the error of ctx or of the registry.
func (s *Service) Delete(ctx context.Context, names []string, atOnce bool, report func(Outcome)) error {
	if len(names) == 0 {
		return errors.New("say which user databases to delete")
	}
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	grace := s.retention.DeleteGrace
	if atOnce {
		grace = 0
	}
	return outcomes(ctx, entries, 1, report, func(ctx context.Context, entry registry.Entry) error {
		if entry.Status == registry.StatusProvisioning { // its folder may appear at any moment
			return errors.New("it is being made: try again in a moment")
		}
		if err := s.condemn(ctx, &entry, s.now().Add(grace)); err != nil {
			return err
		}
		if atOnce {
			return s.purge(ctx, entry)
		}
		return nil
	})
}

// condemn records that a database is to be deleted, and when.
func (s *Service) condemn(ctx context.Context, entry *registry.Entry, at time.Time) error {
	err := s.registry.Change(ctx, *entry, registry.Fields{"status": registry.StatusDeleting, "delete_after": at, "port": 0})
	if err != nil {
		return err
	}
	entry.Status, entry.DeleteAfter = registry.StatusDeleting, at
	s.logger.Info("user database will be deleted", "database", entry.Name, "after", at.UTC().Format(time.RFC3339))
	return nil
}

// purge deletes what is on the disk of a database that is marked for deletion,
// and then its row, so that a crash in between is taken up again.
func (s *Service) purge(ctx context.Context, entry registry.Entry) error {
	err := s.alone(ctx, entry.Name, func() error {
		entry, err := s.registry.ByName(ctx, entry.Name)
		if err != nil {
			return err
		}
		if entry.Status != registry.StatusDeleting || entry.DeleteAfter.After(s.now()) {
			return registry.ErrConflict
		}
		// Whatever a power cut takes back, it must not be the word that this is to go.
		if err := s.registry.Sync(); err != nil {
			return err
		}
		if err := s.discard(entry.Name); err != nil {
			return err
		}
		if err := s.removeArchive(entry.Name); err != nil {
			return err
		}
		return s.registry.Remove(ctx, entry)
	})
	if err != nil {
		return fmt.Errorf("delete user database %s: %w", entry.Name, err)
	}
	s.logger.Info("user database deleted", "database", entry.Name)
	return nil
}

// Restore brings databases back: archived ones from their archives, and those
// marked for deletion together with their users' accounts. It reports each, and
// returns the error of ctx or of the registry.
func (s *Service) Restore(ctx context.Context, names []string, report func(Outcome)) error {
	if len(names) == 0 {
		return errors.New("say which user databases to restore")
	}
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	return outcomes(ctx, entries, 1, report, s.restore)
}

func (s *Service) restore(ctx context.Context, entry registry.Entry) error {
	switch entry.Status {
	case registry.StatusArchived:
		_, err := s.wake(ctx, entry)
		return err
	case registry.StatusDeleting:
		if err := s.reprieve(ctx, entry); err != nil {
			return fmt.Errorf("restore user database %s: %w", entry.Name, err)
		}
		s.logger.Info("user database restored", "database", entry.Name)
		return nil
	default:
		return fmt.Errorf("user database %s is %s: there is nothing to restore", entry.Name, entry.Status)
	}
}

// reprieve takes a database off the way to its deletion.
func (s *Service) reprieve(ctx context.Context, entry registry.Entry) error {
	return s.alone(ctx, entry.Name, func() error {
		// A folder beside an archive is never the older of the two.
		folder, err := hasData(s.Dir(entry.Name))
		if err != nil {
			return err
		}
		archive, err := exists(s.archivePath(entry.Name))
		if err != nil {
			return err
		}
		fields := registry.Fields{"status": registry.StatusReady, "archived_at": ""}
		switch {
		case folder:
		case archive:
			fields = registry.Fields{"status": registry.StatusArchived, "archived_at": s.now()}
		default:
			return errMissing
		}
		err = s.registry.Undelete(ctx, entry, fields)
		if err != nil {
			return err
		}
		if err := s.registry.Sync(); err != nil || !folder {
			return err
		}
		return s.removeArchive(entry.Name)
	})
}
