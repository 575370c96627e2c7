package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// UserDeleted marks the database of a user for deletion, in the transaction tx
// that deletes them, and keeps what brings the account back until then.
func (s *Service) UserDeleted(ctx context.Context, tx core.App, user *core.Record) error {
	record, err := tx.FindFirstRecordByData(migrations.UserDatabases, "user", user.Id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the database of user %s: %w", user.Id, err)
	}
	record.Set("status", StatusDeleting)
	record.Set("delete_after", s.now().Add(s.retention.DeleteGrace))
	record.Set("port", 0)
	record.Set("owner", account{
		ID: user.Id, Email: user.Email(), Name: user.GetString("name"), Verified: user.Verified(), Password: user.GetString("password:hash"),
	})
	if err := tx.SaveWithContext(ctx, record); err != nil {
		return fmt.Errorf("mark the database of user %s for deletion: %w", user.Id, err)
	}
	return nil
}

// Delete marks databases for deletion after the grace period, or deletes them for
// good at once. Until then Restore brings them back. It reports each, and returns
// the error of ctx or of the registry.
func (s *Service) Delete(ctx context.Context, names []string, atOnce bool, report func(Outcome)) error {
	if len(names) == 0 {
		return errors.New("say which user databases to delete")
	}
	entries, err := s.registry.find(ctx, names)
	if err != nil {
		return err
	}
	grace := s.retention.DeleteGrace
	if atOnce {
		grace = 0
	}
	return outcomes(ctx, entries, 1, report, func(ctx context.Context, entry Entry) error {
		if entry.Status == StatusProvisioning { // its folder may appear at any moment
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
func (s *Service) condemn(ctx context.Context, entry *Entry, at time.Time) error {
	err := s.registry.change(ctx, *entry, map[string]any{"status": StatusDeleting, "delete_after": at, "port": 0})
	if err != nil {
		return err
	}
	entry.Status, entry.DeleteAfter = StatusDeleting, at
	s.logger.Info("user database will be deleted", "database", entry.Name, "after", at.UTC().Format(time.RFC3339))
	return nil
}

// purge deletes what is on the disk of a database that is marked for deletion,
// and then its row, so that a crash in between is taken up again.
func (s *Service) purge(ctx context.Context, entry Entry) error {
	err := s.alone(ctx, entry.Name, func() error {
		entry, err := s.registry.named(ctx, entry.Name)
		if err != nil {
			return err
		}
		if entry.Status != StatusDeleting || entry.DeleteAfter.After(s.now()) {
			return errMovedOn
		}
		// Whatever a power cut takes back, it must not be the word that this is to go.
		if err := s.syncRegistry(); err != nil {
			return err
		}
		if err := s.discard(entry.Name); err != nil {
			return err
		}
		if err := s.removeArchive(entry.Name); err != nil {
			return err
		}
		return s.registry.remove(ctx, entry)
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
	entries, err := s.registry.find(ctx, names)
	if err != nil {
		return err
	}
	return outcomes(ctx, entries, 1, report, s.restore)
}

func (s *Service) restore(ctx context.Context, entry Entry) error {
	switch entry.Status {
	case StatusArchived:
		_, err := s.wake(ctx, entry)
		return err
	case StatusDeleting:
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
func (s *Service) reprieve(ctx context.Context, entry Entry) error {
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
		fields := map[string]any{"status": StatusReady, "archived_at": ""}
		switch {
		case folder:
		case archive:
			fields = map[string]any{"status": StatusArchived, "archived_at": s.now()}
		default:
			return errMissing
		}
		err = s.app.RunInTransaction(func(tx core.App) error {
			row, err := tx.FindRecordById(migrations.UserDatabases, entry.ID)
			if err != nil {
				return err
			}
			if row.GetString("status") != StatusDeleting {
				return errMovedOn
			}
			if row.GetString("user") == "" {
				if err := s.recreate(ctx, tx, entry.owner); err != nil {
					return err
				}
				row.Set("user", entry.owner.ID)
			}
			for name, value := range fields {
				row.Set(name, value)
			}
			row.Set("owner", nil)
			row.Set("delete_after", "")
			return tx.SaveWithContext(ctx, row)
		})
		if err != nil {
			return err
		}
		if err := s.syncRegistry(); err != nil || !folder {
			return err
		}
		return s.removeArchive(entry.Name)
	})
}

// recreate makes the account of a deleted user anew, with its password. Sessions
// from before stay dead.
func (s *Service) recreate(ctx context.Context, tx core.App, owner *account) error {
	if owner == nil {
		return errors.New("nothing is known of its user")
	}
	if other, err := tx.FindAuthRecordByEmail(migrations.Users, owner.Email); err == nil {
		return fmt.Errorf("%s has another account by now (%s): delete that one first", owner.Email, other.Id)
	}
	collection, err := tx.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	user := core.NewRecord(collection)
	user.Id = owner.ID
	user.SetEmail(owner.Email)
	user.SetVerified(owner.Verified)
	user.Set("name", owner.Name)
	user.SetRaw("password", &core.PasswordFieldValue{Hash: owner.Password})
	user.RefreshTokenKey()
	if err := tx.SaveWithContext(ctx, user); err != nil {
		return fmt.Errorf("make the account of %s anew: %w", owner.Email, err)
	}
	return nil
}
