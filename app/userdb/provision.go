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

// provisionTimeout limits how long a sign-in waits for its database. Provisioning continues.
const provisionTimeout = 20 * time.Second

// Provision returns the database of a user. If there is none, it is created: its name is reserved in
// the registry, its folder is built under a scratch name, synced and renamed, and its row becomes
// ready. If it is archived, it is unpacked.
//
// Every step can be repeated, so that the next call or the next start continues after a crash.
// Concurrent calls for one user share one run. Provision returns registry.ErrNotFound for a database
// that is being deleted, ErrPreparing when it takes longer than a sign-in should wait, as unpacking
// a large archive may, ErrClosed, or ctx.Err.
func (s *Service) Provision(ctx context.Context, user *core.Record) (registry.Entry, error) {
	found, err := s.registry.ByUser(ctx, user.Id)
	if err == nil && found.Status == registry.StatusReady {
		return found, nil
	}
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return registry.Entry{}, err
	}

	// The run does not end with the caller, because others may be waiting for it.
	result := s.provisioning.DoChan(user.Id, func() (any, error) {
		var entry registry.Entry
		err := s.RunBackground(func(ctx context.Context) (err error) {
			entry, err = s.provisionOnce(ctx, user, found)
			return err
		})
		return entry, err
	})
	timeout := time.NewTimer(provisionTimeout)
	defer timeout.Stop()
	select {
	case <-ctx.Done():
		return registry.Entry{}, ctx.Err()
	case <-timeout.C:
		return registry.Entry{}, fmt.Errorf("user %s: %w", user.Id, ErrPreparing)
	case r := <-result:
		if r.Err != nil {
			return registry.Entry{}, r.Err
		}
		return r.Val.(registry.Entry), nil
	}
}

// ProvisionIfMissing is Provision for a user who was just created. A user who has a database already,
// because both were restored together, keeps it as it is.
func (s *Service) ProvisionIfMissing(ctx context.Context, user *core.Record) error {
	_, err := s.registry.ByUser(ctx, user.Id)
	if errors.Is(err, registry.ErrNotFound) {
		_, err = s.Provision(ctx, user)
	}
	return err
}

// provisionOnce creates the database of a user or continues with what exists of it. found is the row
// of a moment ago, zero if there was none: that is almost always still true, and saves a query.
func (s *Service) provisionOnce(ctx context.Context, user *core.Record, found registry.Entry) (registry.Entry, error) {
	if found.ID == "" {
		entry, err := s.reserveAndBuild(ctx, user)
		if err == nil {
			return entry, nil
		}
		s.logger.Warn("failed to provision user database; retrying once", "user", user.Id, "error", err)
	}
	entry, err := s.registry.ByUser(ctx, user.Id)
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return s.reserveAndBuild(ctx, user)
	case err != nil:
		return registry.Entry{}, err
	}
	switch entry.Status {
	case registry.StatusReady:
		return entry, nil
	case registry.StatusArchived:
		return s.unarchive(ctx, entry)
	case registry.StatusProvisioning, registry.StatusFailed:
		return s.resumeProvisioning(ctx, entry, user)
	default:
		return registry.Entry{}, fmt.Errorf("user database %s is %s: %w", entry.Name, entry.Status, registry.ErrNotFound)
	}
}

// reserveAndBuild reserves a name and builds the folder at the same time.
func (s *Service) reserveAndBuild(ctx context.Context, user *core.Record) (registry.Entry, error) {
	var entry registry.Entry
	var folder string
	var size int64
	var group errgroup.Group
	group.Go(func() (err error) {
		if entry, err = s.registry.Reserve(ctx, user, s.now(), s.isNameTaken, s.wrapDataKey); err != nil {
			return err
		}
		// Before the folder is installed: one that survives a power cut must have a row.
		return s.registry.Sync()
	})
	group.Go(func() (err error) {
		folder, size, err = s.buildFolder(ctx, user)
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
	return s.recordResult(ctx, entry, err)
}

// isNameTaken reports whether a folder or an archive of that name exists.
func (s *Service) isNameTaken(name string) (bool, error) {
	folder, err := exists(s.Dir(name))
	if err != nil || folder {
		return folder, err
	}
	return exists(s.archivePath(name))
}

func (s *Service) wrapDataKey(name string) (string, error) {
	_, wrapped, err := s.vault.NewDataKey(name)
	return wrapped, err
}

// resumeProvisioning completes a database whose name is reserved. A folder under its final name is
// always complete, because it was renamed to it.
func (s *Service) resumeProvisioning(ctx context.Context, entry registry.Entry, user *core.Record) (registry.Entry, error) {
	if !registry.ValidName(entry.Name) {
		return registry.Entry{}, fmt.Errorf("registry row %s has the invalid name %q", entry.ID, entry.Name)
	}
	// An existing folder may be older than this version of the program. Without a schema version it is
	// migrated when it is opened.
	entry.SchemaVersion = ""
	complete, err := hasData(s.Dir(entry.Name))
	if err == nil && !complete {
		entry.SchemaVersion = schema.Version()
		var folder string
		if folder, entry.Size, err = s.buildFolder(ctx, user); err == nil {
			err = s.install(folder, entry.Name)
		}
	}
	return s.recordResult(ctx, entry, err)
}

// recordResult stores how provisioning ended, in the row if there is one.
func (s *Service) recordResult(ctx context.Context, entry registry.Entry, err error) (registry.Entry, error) {
	status := registry.StatusReady
	if err != nil {
		status = registry.StatusFailed
		err = fmt.Errorf("provision user database %s: %w", entry.Name, err)
	}
	if entry.ID == "" { // the name could not be reserved
		return registry.Entry{}, err
	}
	recordErr := s.registry.Change(ctx, entry, registry.Fields{
		"status": status, "schema_version": entry.SchemaVersion, "size": entry.Size, "error": registry.ErrorText(err),
	})
	if err := errors.Join(err, recordErr); err != nil {
		return registry.Entry{}, err
	}
	entry.Status = status
	s.logger.Info("user database provisioned", "database", entry.Name, "user", entry.UserID)
	return entry, nil
}
