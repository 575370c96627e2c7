package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const archiveExtension = ".tar.zst"

func (s *Service) archivePath(name string) string {
	return filepath.Join(s.dir, archiveFolder, name+archiveExtension)
}

// removeArchive removes the archive of a database, if it exists, and syncs the removal.
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

// archivedName returns the name of the database in an archive file, or "" if the file is not an
// archive.
func archivedName(file string) string {
	name, ok := strings.CutSuffix(file, archiveExtension)
	if !ok || !registry.ValidName(name) {
		return ""
	}
	return name
}

// Archive packs each of the named databases, or all of them if names is empty, into an archive file and
// removes its folder. Recordings in S3, and those in a storage folder that is a link, stay where they are. An
// archived database is unpacked when its user signs in. Archive reports the outcome for each database, and returns
// ctx.Err or an error of the registry.
func (s *Service) Archive(ctx context.Context, names []string, report func(Outcome)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	return runBatch(ctx, entries, 1, report, s.archive)
}

// archive may be interrupted at any point. An archive under its final name is always complete, the row
// changes only after the archive exists, and the folder is removed only after the row has changed.
func (s *Service) archive(ctx context.Context, entry registry.Entry) error {
	err := s.exclusivelyReady(ctx, entry.Name, func(entry registry.Entry) error {
		dir := s.Dir(entry.Name)
		if err := prepareForPacking(ctx, dir); err != nil {
			return err
		}
		if err := s.writeOwner(entry, false); err != nil {
			return err
		}
		if err := s.requireNoMount(dir); err != nil {
			return err
		}
		inS3, err := folderSizeInS3(ctx, dir)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(s.dir, archiveFolder), 0o700); err != nil {
			return err
		}
		size, err := s.pack(ctx, entry.Name)
		if err != nil {
			return err
		}
		err = s.registry.Change(ctx, entry, registry.Fields{
			"status": registry.StatusArchived, "archived_at": s.now(), "size": size, "size_s3": inS3, "port": 0,
		})
		if err != nil { // for example, the user was deleted in the meantime
			return errors.Join(err, s.removeArchive(entry.Name))
		}
		// Sync the registry first: if the folder is gone after a power cut, the row must say archived.
		if err := s.registry.Sync(); err != nil {
			return err
		}
		return s.removeFolder(entry.Name)
	})
	if err != nil {
		return fmt.Errorf("archive user database %s: %w", entry.Name, err)
	}
	s.logger.InfoContext(ctx, "user database archived", "database", entry.Name)
	return nil
}

// pack writes the archive of a closed database and returns its size in bytes. It returns a *ledger.DiskError if
// the archive might not fit beside the folder.
func (s *Service) pack(ctx context.Context, name string) (size int64, err error) {
	unpacked, err := packedSize(s.Dir(name))
	if err != nil {
		return 0, err
	}
	space, err := s.ledger.Reserve(filepath.Join(s.dir, archiveFolder), "archive", unpacked)
	if err != nil {
		return 0, err
	}
	defer space.Release()
	return durable.Pack(ctx, s.Dir(name), s.archivePath(name), core.LocalStorageDirName)
}

// unarchive unpacks an archived database and returns its new row. If another caller has unpacked the
// database in the meantime, unarchive returns the row as it is. If the database has any status other
// than archived or ready, it returns registry.ErrConflict. If there is too little disk space, it returns a
// *ledger.DiskError and keeps the archive.
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
	s.logger.InfoContext(ctx, "user database unarchived", "database", ready.Name)
	return ready, nil
}

// unpack restores the folder of an archived database, marks the database as ready and removes the
// archive. The caller must have exclusive access.
func (s *Service) unpack(ctx context.Context, entry registry.Entry) (registry.Entry, error) {
	scratch := s.scratchDir(entry.Name)
	if err := os.RemoveAll(scratch); err != nil {
		return registry.Entry{}, err
	}
	space := s.ledger.Writer(s.dir, "user database")
	defer space.Release()
	if err := durable.Unpack(ctx, s.archivePath(entry.Name), scratch, space.Allow, core.LocalStorageDirName); err != nil {
		return registry.Entry{}, errors.Join(fileperm.Explain(s.archivePath(entry.Name), err), os.RemoveAll(scratch))
	}
	// A folder that still exists has the same content as the archive, because a database whose row says
	// archived is never opened.
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
	if err != nil { // the database is ready; the next start removes the archive
		s.logger.WarnContext(ctx, "failed to remove the archive of an unpacked user database", "database", entry.Name, "error", err)
	}
	return ready, nil
}

// prepareForPacking moves the content of SQLite's write-ahead logs into the database files and removes the search index and
// temporary files. The database must be closed. It returns the errors of requireData.
func prepareForPacking(ctx context.Context, dir string) error {
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
	if err := removeSearchIndex(dir); err != nil {
		return err
	}
	return removeLeftovers(dir)
}

// removeSearchIndex removes the search index from the folder of a closed database. It is built again when it is needed.
func removeSearchIndex(dir string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, sqlite.SearchFile+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
