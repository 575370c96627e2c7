package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// stagedImport returns the folder of a complete import that waits to become the folder of a database.
func (s *Service) stagedImport(name string) string { return filepath.Join(s.dir, importPrefix+name) }

// importOwner returns the account that gets the database, or a new one that isn't saved yet.
func (s *Service) importOwner(ctx context.Context, request ImportRequest) (*core.Record, error) {
	found, err := account.FindByEmail(ctx, s.app, request.Email)
	switch {
	case errors.Is(err, account.ErrAmbiguous):
		return nil, fmt.Errorf("several accounts have the address %s in upper and lower case: use its exact spelling", request.Email)
	case err != nil && !errors.Is(err, account.ErrNotFound):
		return nil, err
	case err == nil && request.Create:
		return nil, fmt.Errorf("%s has an account already: omit --create to import into it", found.Email())
	case err == nil:
		return found, s.requireNoDatabase(ctx, found)
	case !request.Create:
		return nil, fmt.Errorf("there is no account with the address %q: add --create to create it", request.Email)
	}
	users, err := s.app.FindCachedCollectionByNameOrId(migrations.Users)
	if err != nil {
		return nil, err
	}
	owner := core.NewRecord(users)
	owner.Id = core.GenerateDefaultRandomId()
	owner.SetEmail(request.Email)
	owner.SetPassword(security.RandomString(50)) // nobody knows it
	if err := s.app.ValidateWithContext(ctx, owner); err != nil {
		return nil, fmt.Errorf("create the account: %w", err)
	}
	return owner, nil
}

// requireNoDatabase returns an error if an account has a database, whatever its status.
func (s *Service) requireNoDatabase(ctx context.Context, owner *core.Record) error {
	entry, err := s.registry.ByUser(ctx, owner.Id)
	if errors.Is(err, registry.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s has a database already (%s, %s): to replace it, delete it first with \"userdb delete %[2]s --now --yes\"",
		owner.Email(), entry.Name, entry.Status)
}

// commitImport makes a complete folder the database of an account, and saves the account if it is new. Until the
// transaction ends, the folder has no name that the registry knows. From then on, the import takes place: if the
// process ends, the next start completes it.
func (s *Service) commitImport(ctx context.Context, folder string, owner *core.Record) (registry.Entry, error) {
	err := errors.New("user database is being provisioned: try again in a moment") // unless the function is called
	var entry registry.Entry
	// A sign-in at this moment waits, and then finds the database. Without a database, it would create one.
	_, _, _ = s.provisioning.Do(owner.Id, func() (any, error) {
		if err = ctx.Err(); err == nil {
			err = s.requireNoDatabase(ctx, owner)
		}
		if err == nil {
			entry, err = s.installImport(context.WithoutCancel(ctx), folder, owner)
		}
		return entry, err
	})
	return entry, err
}

func (s *Service) installImport(ctx context.Context, folder string, owner *core.Record) (registry.Entry, error) {
	size, err := folderSize(folder)
	if err != nil {
		return registry.Entry{}, err
	}
	isNew := owner.IsNew()
	staged := ""
	entry, err := s.registry.Reserve(ctx, owner, s.now(), s.isNameTaken, func(name string) (string, error) {
		staged = s.stagedImport(name)
		if err := os.Rename(folder, staged); err != nil {
			return "", err
		}
		if err := durable.SyncDir(s.dir); err != nil {
			return "", err
		}
		return s.newDataKey(name)
	})
	if err != nil {
		return registry.Entry{}, errors.Join(err, removeStaged(staged))
	}
	err = s.registry.Sync() // a folder that survives a power cut must have a row
	if err == nil {
		err = s.install(staged, entry.Name)
	}
	if err != nil {
		if installed, _ := hasData(s.Dir(entry.Name)); installed { // the next start or sign-in marks it as ready
			return registry.Entry{}, err
		}
		return registry.Entry{}, errors.Join(err, s.undoImport(ctx, entry, staged, owner, isNew))
	}
	entry.SchemaVersion, entry.Size = schema.Version(), size
	return s.recordResult(ctx, entry, nil)
}

// undoImport removes everything of an import whose folder couldn't be installed.
func (s *Service) undoImport(
	ctx context.Context, entry registry.Entry, staged string, owner *core.Record, isNew bool,
) error {
	err := errors.Join(removeStaged(staged), s.registry.Remove(ctx, entry))
	if err == nil && isNew {
		err = s.app.DeleteWithContext(ctx, owner)
	}
	if err != nil {
		return fmt.Errorf("undo the import: %w", err)
	}
	return nil
}

func removeStaged(folder string) error {
	if folder == "" {
		return nil
	}
	return os.RemoveAll(folder)
}

// finishImports installs the folders of imports, and of restores from backups, that were interrupted after their rows were saved.
func (s *Service) finishImports(entries []registry.Entry) {
	for _, entry := range entries {
		if !isPending(entry) {
			continue
		}
		if _, err := s.installStaged(entry.Name); err != nil { // the next sign-in tries again
			s.logger.Error("failed to complete the import of a user database", "database", entry.Name, "error", err)
		}
	}
}
