package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// provisionWithin is how long a sign-in waits for its database, whose preparation
// goes on after it.
const provisionWithin = 20 * time.Second

// Provision returns the database of a user and makes it first where there is
// none: the name is reserved in the registry, a folder is built under a scratch
// name, synced and renamed, and the row becomes ready. Every step can be
// repeated, so that a call after a crash, or the next start, finishes what was
// begun. An archived database is brought back. Concurrent calls for one user
// share one run. It returns registry.ErrNotFound for a database that is being deleted and
// ErrPreparing when it takes long, as the unpacking of an archive may.
func (s *Service) Provision(ctx context.Context, user *core.Record) (registry.Entry, error) {
	entry, err := s.registry.ByUser(ctx, user.Id)
	if err == nil && entry.Status == registry.StatusReady {
		return entry, nil
	}
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return registry.Entry{}, err
	}

	// The run outlives a caller who hangs up: others may be waiting for it.
	result := s.provisioning.DoChan(user.Id, func() (any, error) {
		made := registry.Entry{}
		err := s.Work(func(ctx context.Context) (err error) {
			made, err = s.provision(ctx, user, entry.ID == "")
			return err
		})
		return made, err
	})
	patience := time.NewTimer(provisionWithin)
	defer patience.Stop()
	select {
	case <-ctx.Done():
		return registry.Entry{}, ctx.Err()
	case <-patience.C:
		return registry.Entry{}, fmt.Errorf("user %s: %w", user.Id, ErrPreparing)
	case r := <-result:
		if r.Err != nil {
			return registry.Entry{}, r.Err
		}
		return r.Val.(registry.Entry), nil
	}
}

// ProvisionNew is Provision for a user who has just been added, unless they bring
// a database along, as one does who was restored with it.
func (s *Service) ProvisionNew(ctx context.Context, user *core.Record) error {
	_, err := s.registry.ByUser(ctx, user.Id)
	if errors.Is(err, registry.ErrNotFound) {
		_, err = s.Provision(ctx, user)
	}
	return err
}

// provision makes a database, or goes on with what there is of it. A moment ago
// there may have been none, which is mostly still so.
func (s *Service) provision(ctx context.Context, user *core.Record, none bool) (registry.Entry, error) {
	if none {
		entry, err := s.create(ctx, user)
		if err == nil {
			return entry, nil
		}
		s.logger.Warn("make a user database; trying once more", "user", user.Id, "error", err)
	}
	entry, err := s.registry.ByUser(ctx, user.Id)
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return s.create(ctx, user)
	case err != nil:
		return registry.Entry{}, err
	}
	switch entry.Status {
	case registry.StatusReady:
		return entry, nil
	case registry.StatusArchived:
		return s.wake(ctx, entry)
	case registry.StatusProvisioning, registry.StatusFailed:
		return s.finish(ctx, entry, user)
	default:
		return registry.Entry{}, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, registry.ErrNotFound)
	}
}

// create reserves a name and builds the folder, both at once.
func (s *Service) create(ctx context.Context, user *core.Record) (registry.Entry, error) {
	var entry registry.Entry
	var folder string
	var size int64
	var group errgroup.Group
	group.Go(func() (err error) {
		if entry, err = s.registry.Reserve(ctx, user, s.now(), s.taken, s.wrapDataKey); err != nil {
			return err
		}
		// The row first: a folder that outlives a power cut must have one.
		return s.registry.Sync()
	})
	group.Go(func() (err error) {
		folder, size, err = s.build(ctx, user)
		return err
	})
	err := group.Wait()
	switch {
	case err == nil:
		err = s.install(folder, entry.Name)
	case folder != "":
		err = errors.Join(err, os.RemoveAll(folder))
	}
	entry.SchemaVersion, entry.Size = schema.Version(), size
	return s.conclude(ctx, entry, err)
}

func (s *Service) wrapDataKey(name string) (string, error) {
	_, wrapped, err := s.vault.NewDataKey(name)
	return wrapped, err
}

// finish makes what is missing of a reserved database. A folder under its final
// name is always whole, because it got there by rename.
func (s *Service) finish(ctx context.Context, entry registry.Entry, user *core.Record) (registry.Entry, error) {
	if !registry.ValidName(entry.Name) {
		return registry.Entry{}, fmt.Errorf("registry row %s has the invalid name %q", entry.ID, entry.Name)
	}
	// One that is there already may be from before an upgrade: without a schema
	// version it is migrated when it is opened.
	entry.SchemaVersion = ""
	there, err := hasData(s.Dir(entry.Name))
	if err == nil && !there {
		entry.SchemaVersion = schema.Version()
		var folder string
		if folder, entry.Size, err = s.build(ctx, user); err == nil {
			err = s.install(folder, entry.Name)
		}
	}
	return s.conclude(ctx, entry, err)
}

// conclude records how the making of a database ended.
func (s *Service) conclude(ctx context.Context, entry registry.Entry, err error) (registry.Entry, error) {
	status := registry.StatusReady
	if err != nil {
		err = fmt.Errorf("provision user database %s: %w", entry.Name, err)
		status = registry.StatusFailed
	}
	if entry.ID == "" { // not even a row
		return registry.Entry{}, err
	}
	if err := errors.Join(err, s.recordStatus(ctx, &entry, status, err)); err != nil {
		return registry.Entry{}, err
	}
	s.logger.Info("user database provisioned", "database", entry.Name, "user", entry.UserID)
	return entry, nil
}

// recordStatus records a new status, and the cause if there is one.
func (s *Service) recordStatus(ctx context.Context, entry *registry.Entry, status registry.Status, cause error) error {
	err := s.registry.Change(ctx, *entry, registry.Fields{
		"status": status, "schema_version": entry.SchemaVersion, "size": entry.Size, "error": registry.ErrorText(cause),
	})
	if err == nil {
		entry.Status = status
	}
	return err
}

// taken reports whether there is a folder or an archive of that name.
func (s *Service) taken(name string) (bool, error) {
	folder, err := exists(s.Dir(name))
	if err != nil || folder {
		return folder, err
	}
	return exists(s.archivePath(name))
}
