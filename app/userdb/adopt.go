package userdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// adoptUnknown gives folders and archives without a row back to their owners, if the files say who that is and nothing
// contradicts it. Then the global database is older than they are: it was restored from a backup. The accounts that are missing are
// created without a password that anybody knows.
func (s *Service) adoptUnknown(ctx context.Context, found *findings) {
	found.unknown = slices.DeleteFunc(found.unknown, func(file string) bool {
		entry, err := s.adopt(ctx, file)
		if err != nil {
			s.logger.WarnContext(ctx, "failed to give a folder without a registry row back to its owner", "folder", file, "error", err)
			return false
		}
		s.logger.InfoContext(ctx, "gave a folder without a registry row back to its owner", "database", entry.Name, "user", entry.UserID)
		found.adopted = append(found.adopted, entry.Name)
		return true
	})
}

// adopt adds the row of a folder or archive.
func (s *Service) adopt(ctx context.Context, file string) (registry.Entry, error) {
	name := archivedName(file)
	archived := name != ""
	path := s.archivePath(name)
	if !archived {
		name, path = file, s.Dir(file)
		if err := requireData(path); err != nil {
			return registry.Entry{}, err
		}
	}
	owner, err := s.findOwner(ctx, name, path, archived)
	if err != nil {
		return registry.Entry{}, err
	}
	if owner.Database != name || owner.User == "" {
		return registry.Entry{}, fmt.Errorf("%s names another database: %q", OwnerFile, owner.Database)
	}
	if _, err := s.vault.Unwrap(name, owner.DataKey); err != nil {
		return registry.Entry{}, err
	}
	if err := s.checkAdoption(ctx, owner, archived); err != nil {
		return registry.Entry{}, err
	}
	err = s.app.RunInTransaction(func(tx core.App) error {
		if err := ensureAccount(ctx, tx, owner); err != nil {
			return err
		}
		row := dbx.NullStringMap{}
		for column, value := range map[string]string{
			"name": name, "date": name[:10], "seq": strings.Split(name, "-")[3], "data_key": owner.DataKey,
		} {
			row[column] = sql.NullString{String: value, Valid: true}
		}
		user := dbx.NullStringMap{"id": {String: owner.User, Valid: true}}
		archivedAt := time.Time{}
		if archived {
			archivedAt = s.now()
		}
		return registry.ReserveNamed(ctx, tx, registry.Owned{User: user, Database: row}, archivedAt)
	})
	s.registry.Forget(owner.User, name)
	if err != nil {
		return registry.Entry{}, err
	}
	if owner.isNewKey {
		s.logger.WarnContext(ctx, "lost the key of a database with its registry row: its owner must save stored credentials again", "database", name, "user", owner.User)
	}
	entry, err := s.registry.ByName(ctx, name)
	if err != nil || archived {
		return entry, err
	}
	if entry.Size, err = folderSize(path); err != nil {
		return registry.Entry{}, err
	}
	return s.recordResult(ctx, entry, nil)
}

// findOwner returns the owner of a folder or archive as its owner file says. Earlier versions wrote none: then the database says who it
// is, but its data key is lost with the registry. With a new one, everything but stored credentials can be read.
func (s *Service) findOwner(ctx context.Context, name, path string, archived bool) (owner, error) {
	found, err := readOwner(ctx, path, archived)
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	file := filepath.Join(path, sqlite.DataFile)
	if archived {
		scratch := s.scratchDir("adopt-" + name)
		if err := errors.Join(os.RemoveAll(scratch), os.Mkdir(scratch, 0o700)); err != nil {
			return owner{}, err
		}
		defer func() { _ = os.RemoveAll(scratch) }() // the next start removes it
		file = filepath.Join(scratch, sqlite.DataFile)
		space := s.ledger.Writer(s.dir, "user database")
		defer space.Release()
		if err := durable.UnpackFile(ctx, path, sqlite.DataFile, file, space.Allow); err != nil {
			return owner{}, err
		}
	}
	owners, err := readOwnerRecords(ctx, file)
	if err != nil {
		return owner{}, err
	}
	if len(owners) != 1 {
		return owner{}, fmt.Errorf("it contains no %s, and %d owner records", OwnerFile, len(owners))
	}
	found = owners[0]
	found.Database = name
	found.isNewKey = true
	found.DataKey, err = s.newDataKey(name)
	return found, err
}

func readOwnerRecords(ctx context.Context, file string) (owners []owner, err error) {
	db, err := sqlite.OpenReadOnly(file)
	if err != nil {
		return nil, err
	}
	var records []struct {
		ID    string `db:"id"`
		Email string `db:"email"`
	}
	err = db.Select("id", "email").From(schema.Users).Limit(2).WithContext(ctx).All(&records)
	for _, record := range records {
		owners = append(owners, owner{User: record.ID, Email: record.Email})
	}
	return owners, errors.Join(err, db.Close())
}

// checkAdoption returns an error if the owner has a database, or can't have this one.
func (s *Service) checkAdoption(ctx context.Context, owner owner, archived bool) error {
	switch present, err := s.registry.ByUser(ctx, owner.User); {
	case err == nil:
		return fmt.Errorf("its owner has another database: %s", present.Name)
	case !errors.Is(err, registry.ErrNotFound):
		return err
	}
	if former, err := registry.FormerOwner(ctx, s.app, owner.User); err != nil || former != "" {
		return errors.Join(err, fmt.Errorf("the account of its owner was deleted, and database %s is kept for it", former))
	}
	if archived {
		return nil
	}
	db, err := sqlite.OpenReadOnly(filepath.Join(s.Dir(owner.Database), sqlite.DataFile))
	if err != nil {
		return err
	}
	var ids []string
	err = db.Select("id").From(schema.Users).WithContext(ctx).Column(&ids)
	if err == nil && !slices.Equal(ids, []string{owner.User}) {
		err = fmt.Errorf("its owner records are %v instead of %s", ids, owner.User)
	}
	return errors.Join(err, db.Close())
}

// ensureAccount creates the account of an owner, if it doesn't exist.
func ensureAccount(ctx context.Context, tx core.App, owner owner) error {
	_, err := tx.FindRecordById(migrations.Users, owner.User)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	switch other, err := account.FindByEmail(ctx, tx, owner.Email); {
	case err == nil:
		return fmt.Errorf("the e-mail address of its owner belongs to another account: %s", other.Id)
	case !errors.Is(err, account.ErrNotFound):
		return err
	}
	users, err := tx.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.Id = owner.User
	user.SetEmail(owner.Email)
	user.SetPassword(security.RandomString(50)) // nobody knows it
	// Fields that the operator has added to users, and requires, are unknown.
	if err := tx.SaveNoValidateWithContext(ctx, user); err != nil {
		return fmt.Errorf("create the account of its owner: %w", err)
	}
	return nil
}
