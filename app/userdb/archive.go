package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const archiveExtension = ".tar.zst"

func (s *Service) archivePath(name string) string {
	return filepath.Join(s.dir, archiveFolder, name+archiveExtension)
}

// removeArchive removes the archive of a database, if it exists, and syncs that.
func (s *Service) removeArchive(name string) error {
	err := os.Remove(s.archivePath(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return durable.SyncDir(filepath.Join(s.dir, archiveFolder))
}

// archivedName returns the name of the database in an archive file, or "" if the file is no archive.
func archivedName(file string) string {
	name, ok := strings.CutSuffix(file, archiveExtension)
	if !ok || !registry.ValidName(name) {
		return ""
	}
	return name
}

// Archive packs each of the named databases, or all, into one file and removes its folder. They are
// unpacked when their users sign in. Archive reports each database, and returns ctx.Err or the error
// of the registry.
func (s *Service) Archive(ctx context.Context, names []string, report func(Outcome)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	return runBatch(ctx, entries, 1, report, s.archive)
}

// archive works in steps, after each of which a crash does no harm: an archive under its final name is
// complete; once it exists, the row may say so; once the row says so, the folder may go.
func (s *Service) archive(ctx context.Context, entry registry.Entry) error {
	err := s.exclusivelyReady(ctx, entry.Name, func(entry registry.Entry) error {
		if err := checkpoint(ctx, s.Dir(entry.Name)); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(s.dir, archiveFolder), 0o700); err != nil {
			return err
		}
		size, err := durable.Pack(ctx, s.Dir(entry.Name), s.archivePath(entry.Name))
		if err != nil {
			return err
		}
		err = s.registry.Change(ctx, entry, registry.Fields{
			"status": registry.StatusArchived, "archived_at": s.now(), "size": size, "port": 0,
		})
		if err != nil { // for example, the user was deleted in the meantime
			return errors.Join(err, s.removeArchive(entry.Name))
		}
		// After a power cut, too, the row must say archived before the folder is gone.
		if err := s.registry.Sync(); err != nil {
			return err
		}
		return s.removeFolder(entry.Name)
	})
	if err != nil {
		return fmt.Errorf("archive user database %s: %w", entry.Name, err)
	}
	s.logger.Info("user database archived", "database", entry.Name)
	return nil
}

// unarchive unpacks an archived database. It also succeeds if the database is ready by the time it has
// exclusive access, and returns registry.ErrConflict if it has any other status.
func (s *Service) unarchive(ctx context.Context, archived registry.Entry) (registry.Entry, error) {
	var ready registry.Entry
	err := s.exclusively(ctx, archived.Name, func() error {
		entry, err := s.registry.ByName(ctx, archived.Name)
		if err != nil {
			return err
		}
		switch entry.Status {
		case registry.StatusReady:
			ready = entry
			return nil
		case registry.StatusArchived:
			ready, err = s.unpack(ctx, entry)
			return err
		default:
			return fmt.Errorf("%w: status is %s", registry.ErrConflict, entry.Status)
		}
	})
	if err != nil {
		if !isConflict(err) {
			s.recordError(ctx, archived, err)
		}
		return registry.Entry{}, fmt.Errorf("unarchive user database %s: %w", archived.Name, err)
	}
	s.logger.Info("user database unarchived", "database", ready.Name)
	return ready, nil
}

// unpack restores the folder of an archived database, marks the database as ready and removes the
// archive. The caller has exclusive access.
func (s *Service) unpack(ctx context.Context, entry registry.Entry) (registry.Entry, error) {
	scratch := s.scratchDir(entry.Name)
	if err := os.RemoveAll(scratch); err != nil {
		return registry.Entry{}, err
	}
	if err := durable.Unpack(ctx, s.archivePath(entry.Name), scratch); err != nil {
		return registry.Entry{}, errors.Join(err, os.RemoveAll(scratch))
	}
	// A folder that still exists has the same content as the archive: the row says archived, so
	// nobody has opened it since.
	if err := s.removeFolder(entry.Name); err != nil {
		return registry.Entry{}, err
	}
	if err := s.install(scratch, entry.Name); err != nil {
		return registry.Entry{}, err
	}
	size, err := folderSize(s.Dir(entry.Name))
	if err != nil {
		return registry.Entry{}, err
	}
	err = s.registry.Change(ctx, entry, registry.Fields{
		"status": registry.StatusReady, "archived_at": "", "size": size, "last_used": s.now(), "error": "",
	})
	if err != nil {
		return registry.Entry{}, err
	}
	ready, err := s.registry.ByName(ctx, entry.Name)
	if err != nil {
		return registry.Entry{}, err
	}
	err = s.registry.Sync()
	if err == nil {
		err = s.removeArchive(entry.Name)
	}
	if err != nil { // the next start removes it
		s.logger.Warn("failed to remove an unpacked archive", "database", entry.Name, "error", err)
	}
	return ready, nil
}

// checkpoint prepares the folder of a closed database for packing: it writes the logs of SQLite into
// the database files and removes leftovers. It returns errMissing if there is no database.
func checkpoint(ctx context.Context, dir string) error {
	if err := requireData(dir); err != nil {
		return err
	}
	for _, file := range []string{sqlite.DataFile, sqlite.AuxiliaryFile} {
		path := filepath.Join(dir, file)
		found, err := exists(path)
		if err == nil && found {
			err = sqlite.Checkpoint(ctx, path)
		}
		if err != nil {
			return err
		}
	}
	return removeLeftovers(dir)
}
