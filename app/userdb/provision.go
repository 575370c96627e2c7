package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sync/errgroup"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// provisionTimeout limits how long a sign-in waits for its database. Provisioning then continues in the
// background.
const provisionTimeout = 20 * time.Second

// Provision returns the database of a user, which it creates if it does not exist and unpacks if it is
// archived. To create a database, it reserves a name in the registry, builds the folder under a scratch
// name, syncs and renames it, and marks the row as ready.
//
// Every step can be repeated, so that the next call or the next start continues after a crash.
// Concurrent calls for one user share one run. Provision returns registry.ErrNotFound for a database
// that is being deleted, registry.ErrElsewhere for one on another server, and ErrPreparing if the work
// takes longer than a sign-in should wait, for example to unpack a large archive. If the disk has no
// space for another database, it returns a *ledger.DiskError and leaves nothing behind. It may also
// return ErrClosed or ctx.Err.
func (s *Service) Provision(ctx context.Context, user *core.Record) (registry.Entry, error) {
	found, err := s.registry.ByUser(ctx, user.Id)
	if err == nil && found.Status == registry.StatusReady {
		return found, nil
	}
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return registry.Entry{}, err
	}

	// The run continues when this caller gives up, because others may be waiting for it.
	result := s.provisioning.DoChan(user.Id, func() (any, error) {
		var entry registry.Entry
		err := s.RunUntilStop(func(ctx context.Context) (err error) {
			began := time.Now()
			entry, err = s.provisionOnce(ctx, user, found)
			if isOutcome(err) {
				s.provisioned(time.Since(began), err)
			}
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

// isOutcome reports whether an error says whether databases can be provisioned, and not only that there was nothing to do,
// that the server was stopping, or that the disk is full, which has a metric of its own.
func isOutcome(err error) bool {
	_, full := errors.AsType[*ledger.DiskError](err)
	return !full && !registry.IsNotHere(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed)
}

// IsProvisioned reports whether a user has a database, whatever its status, on any server.
func (s *Service) IsProvisioned(ctx context.Context, userID string) (bool, error) {
	return registry.HasDatabase(ctx, s.app, userID)
}

// provisionOnce creates the database of a user or completes one that was started. found is the row that
// the caller just read, zero if there was none. It is almost always still current, which saves a query.
func (s *Service) provisionOnce(ctx context.Context, user *core.Record, found registry.Entry) (registry.Entry, error) {
	if err := s.checkSpace(); err != nil {
		return registry.Entry{}, err
	}
	if found.ID == "" {
		entry, err := s.reserveAndBuild(ctx, user)
		if _, full := errors.AsType[*ledger.DiskError](err); err == nil || full {
			return entry, err
		}
		s.logger.WarnContext(ctx, "failed to provision user database; retrying once", "user", user.Id, "error", err)
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
	space, err := s.reserveNewDatabase()
	if err != nil {
		return registry.Entry{}, err
	}
	defer space.Release()
	var entry registry.Entry
	var folder string
	var size int64
	var group errgroup.Group
	group.Go(func() (err error) {
		if entry, err = s.registry.Reserve(ctx, user, s.now(), s.isNameTaken, s.newDataKey); err != nil {
			return err
		}
		// Sync before the folder is installed: a folder that survives a power cut must have a row.
		return s.registry.Sync()
	})
	group.Go(func() (err error) {
		folder, size, err = s.buildFolder(ctx, user)
		return err
	})
	err = group.Wait()
	switch {
	case err == nil:
		err = s.install(folder, entry.Name)
	case folder != "":
		err = errors.Join(err, os.RemoveAll(folder))
	}
	entry.SchemaVersion, entry.Size = schema.Version(), size
	return s.recordResult(ctx, entry, err)
}

// newDatabaseSize is more than a new database needs, in bytes.
const newDatabaseSize = 1 << 20

// reserveNewDatabase reserves disk space for a new database. It returns a *ledger.DiskError if there is none.
func (s *Service) reserveNewDatabase() (*ledger.Reservation, error) {
	space, err := s.ledger.Reserve(s.dir, "user database", newDatabaseSize)
	if err != nil {
		return nil, fmt.Errorf("provision a user database: %w", err)
	}
	return space, nil
}

// isNameTaken reports whether a folder or an archive of the given name exists.
func (s *Service) isNameTaken(name string) (bool, error) {
	folder, err := exists(s.Dir(name))
	if err != nil || folder {
		return folder, err
	}
	return exists(s.archivePath(name))
}

// newDataKey returns a new data key for a database, wrapped.
func (s *Service) newDataKey(name string) (string, error) {
	_, wrapped, err := s.vault.NewDataKey(name)
	return wrapped, err
}

// resumeProvisioning completes a database whose name is reserved. A folder under its final name is
// always complete, because only complete folders are renamed.
func (s *Service) resumeProvisioning(
	ctx context.Context, entry registry.Entry, user *core.Record,
) (registry.Entry, error) {
	if !registry.ValidName(entry.Name) {
		return registry.Entry{}, fmt.Errorf("registry row %s has the invalid name %q", entry.ID, entry.Name)
	}
	if _, err := s.installStaged(entry.Name); err != nil {
		return s.recordResult(ctx, entry, err)
	}
	// An existing folder may be older than this version of the program. An empty schema version has it
	// checked and migrated when it is opened.
	entry.SchemaVersion = ""
	complete, err := hasData(s.Dir(entry.Name))
	if err == nil && !complete {
		entry.SchemaVersion = schema.Version()
		entry.Size, err = s.rebuildFolder(ctx, entry.Name, user)
	}
	return s.recordResult(ctx, entry, err)
}

// rebuildFolder builds and installs the folder of a database whose name is reserved.
func (s *Service) rebuildFolder(ctx context.Context, name string, user *core.Record) (size int64, err error) {
	space, err := s.reserveNewDatabase()
	if err != nil {
		return 0, err
	}
	defer space.Release()
	folder, size, err := s.buildFolder(ctx, user)
	if err != nil {
		return 0, err
	}
	return size, s.install(folder, name)
}

// recordResult records the outcome of provisioning in the row, if there is one. It returns the updated
// entry, or err and any error of its own.
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
	if err := s.writeOwner(entry, false); err != nil { // the next start tries again
		s.logger.WarnContext(ctx, "failed to record the owner of a user database in its folder", "database", entry.Name, "error", err)
	}
	s.logger.InfoContext(ctx, "user database provisioned", "database", entry.Name, "user", entry.UserID)
	return entry, nil
}
