package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Reinstatement is the database of a user as it was in a backup.
type Reinstatement struct {
	Folder  string         // complete and synced, in the folder of user databases
	Owned   registry.Owned // what the global database of the backup says about the user
	Replace bool           // a present database of the user is replaced
	// Complete adds to Folder what isn't where its records say any more. It is called while nobody else changes files of the
	// database, neither on disk nor in S3, and may be nil.
	Complete func(ctx context.Context) error
}

// Reinstated is the outcome of Reinstate.
type Reinstated struct {
	Entry          registry.Entry
	CreatedAccount bool   // the account was gone
	Replaced       string // the name of another database of the user, which is deleted after the grace period
	Former         string // the folder with what the database was before, which is deleted after the grace period; blank if there was nothing
}

func (r Reinstatement) name() string { return r.Owned.Database["name"].String }

// CheckReinstatement returns an error if Reinstate would refuse a database because of what the user has now.
func (s *Service) CheckReinstatement(ctx context.Context, owned registry.Owned, replace bool) error {
	userID, email, name := owned.UserID(), owned.Email(), owned.Database["name"].String
	switch present, err := s.registry.ByUser(ctx, userID); {
	case err == nil && !replace:
		return fmt.Errorf("%s has a database (%s, %s): add --replace to replace it", email, present.Name, present.Status)
	case err != nil && !errors.Is(err, registry.ErrNotFound):
		return err
	}
	switch present, err := s.registry.ByName(ctx, name); {
	case err == nil && present.UserID != "" && present.UserID != userID:
		return fmt.Errorf("database %s belongs to another account (%s) now: it can't be restored", name, present.Email)
	case err != nil && !errors.Is(err, registry.ErrNotFound):
		return err
	}
	if taken, err := s.isNameTaken(name); err != nil || taken && !replace {
		return errors.Join(err, fmt.Errorf("files of database %s exist: add --replace to replace them", name))
	}
	_, err := s.app.FindRecordById(migrations.Users, userID)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	switch other, err := account.FindByEmail(ctx, s.app, email); {
	case err == nil:
		return fmt.Errorf("%s has another account (%s): delete that account first", email, other.Id)
	case !errors.Is(err, account.ErrNotFound):
		return err
	}
	return nil
}

// Reinstate makes a folder from a backup the database of its user, and recreates the account if it is gone. Its password is that
// of the backup, but sessions from before stay invalid. The account's related rows are added if the account is recreated.
//
// From the transaction on, which changes the rows, the replacement takes place: the registry says that the database is being
// provisioned, and the next sign-in or start completes what a failure or a crash has interrupted. The former files are kept for the
// grace period. Reinstate takes the folder over. It returns the errors of CheckReinstatement and Complete, ErrInUse, ErrClosed or
// ctx.Err.
func (s *Service) Reinstate(ctx context.Context, r Reinstatement) (result Reinstated, err error) {
	name := r.name()
	if !registry.ValidName(name) {
		return Reinstated{}, fmt.Errorf("backup contains the invalid name %q", name)
	}
	wrapped, _, err := s.vault.Rewrap(name, r.Owned.Database["data_key"].String)
	if err != nil {
		return Reinstated{}, fmt.Errorf("use the data key in the backup: %w: set AES_MASTER_KEY_PREVIOUS to the master key of that time", err)
	}
	r.Owned.Database["data_key"] = sql.NullString{String: wrapped, Valid: true}
	// A sweep that has read the names of files before would remove those that only the backup names.
	release, err := s.withoutSweeps(ctx)
	if err != nil {
		return Reinstated{}, err
	}
	defer release()
	err = errors.New("user database is being provisioned: try again in a moment") // unless the function is called
	// A sign-in at this moment waits, and then finds the database.
	_, _, _ = s.provisioning.Do(r.Owned.UserID(), func() (any, error) {
		err = s.exclusively(ctx, name, func() error {
			if err := s.prepareReinstatement(ctx, r); err != nil {
				return err
			}
			result, err = s.reinstate(context.WithoutCancel(ctx), r)
			return err
		})
		return nil, err
	})
	if err != nil {
		return Reinstated{}, err
	}
	s.audit.Record(ctx, audit.Event{Owner: r.Owned.UserID(), Kind: audit.DatabaseRestored, Detail: "backup", Database: name})
	s.logger.InfoContext(ctx, "user database restored from a backup", "database", name, "user", r.Owned.UserID())
	return result, nil
}

// prepareReinstatement does everything that may fail before anything changes.
func (s *Service) prepareReinstatement(ctx context.Context, r Reinstatement) error {
	if err := s.CheckReinstatement(ctx, r.Owned, r.Replace); err != nil {
		return err
	}
	if err := s.requireNoMount(s.Dir(r.name())); err != nil {
		return err
	}
	if r.Complete == nil {
		return nil
	}
	return r.Complete(ctx)
}

func (s *Service) reinstate(ctx context.Context, r Reinstatement) (result Reinstated, err error) {
	name := r.name()
	staged := s.stagedImport(name)
	if err := errors.Join(os.RemoveAll(staged), os.Rename(r.Folder, staged), durable.SyncDir(s.dir)); err != nil {
		return Reinstated{}, err
	}
	err = s.app.RunInTransaction(func(tx core.App) (err error) {
		result, err = s.reinstateRows(ctx, tx, r)
		return err
	})
	s.registry.Forget(r.Owned.UserID(), name)
	if err != nil {
		return Reinstated{}, errors.Join(fmt.Errorf("restore the account: %w", err), os.RemoveAll(staged))
	}
	entry, err := s.registry.ByName(ctx, name)
	if err == nil {
		err = s.registry.Sync()
	}
	if err == nil {
		result.Former, err = s.installStaged(name)
	}
	if err == nil {
		entry.Size, err = folderSize(s.Dir(name))
	}
	if err != nil {
		return Reinstated{}, fmt.Errorf("replace the folder (the user's next sign-in or the next start completes it): %w", err)
	}
	result.Entry, err = s.recordResult(ctx, entry, nil)
	return result, err
}
