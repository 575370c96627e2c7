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

// removeArchive removes the archive of a database, for good, if there is one.
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

// archivedName is the name of the database in an archive file, or empty.
func archivedName(file string) string {
	name, ok := strings.CutSuffix(file, archiveExtension)
	if !ok || !registry.ValidName(name) {
		return ""
	}
	return name
}

// Archive packs ready databases into one file each and takes their folders away.
// They come back by themselves when their users sign in. It reports each, and
// returns the error of ctx or of the registry.
func (s *Service) Archive(ctx context.Context, names []string, report func(Outcome)) error {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return err
	}
	return outcomes(ctx, entries, 1, report, s.archive)
}

// archive goes in steps that can each be the last: a file under its final name is
// whole; from then on the row may say archived; only then the folder goes.
func (s *Service) archive(ctx context.Context, entry registry.Entry) error {
	err := s.aloneReady(ctx, entry.Name, func(entry registry.Entry) error {
		if err := flatten(ctx, s.Dir(entry.Name)); err != nil {
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
			"status": registry.StatusArchived, "archived_at": s.now(), "size": size, "port": 0})
		if err != nil { // its user was deleted while it was being packed, say
			return errors.Join(err, s.removeArchive(entry.Name))
		}
		// The row before the folder, also after a power cut.
		if err := s.registry.Sync(); err != nil {
			return err
		}
		return s.discard(entry.Name)
	})
	if err != nil {
		return fmt.Errorf("archive user database %s: %w", entry.Name, err)
	}
	s.logger.Info("user database archived", "database", entry.Name)
	return nil
}

// wake brings an archived database back. One that is back by then is as good. It
// returns registry.ErrConflict when it is to be deleted by then.
func (s *Service) wake(ctx context.Context, archived registry.Entry) (registry.Entry, error) {
	var woken registry.Entry
	err := s.alone(ctx, archived.Name, func() error {
		entry, err := s.registry.ByName(ctx, archived.Name)
		if err != nil {
			return err
		}
		switch entry.Status {
		case registry.StatusReady:
			woken = entry
			return nil
		case registry.StatusArchived:
		default:
			return fmt.Errorf("%w: it is %s", registry.ErrConflict, entry.Status)
		}
		scratch := s.scratch(entry.Name)
		if err := os.RemoveAll(scratch); err != nil {
			return err
		}
		if err := durable.Unpack(ctx, s.archivePath(entry.Name), scratch); err != nil {
			return errors.Join(err, os.RemoveAll(scratch))
		}
		// One that is there already is what was packed: the row said archived, so
		// that nobody has opened it since.
		if err := s.discard(entry.Name); err != nil {
			return err
		}
		if err := s.install(scratch, entry.Name); err != nil {
			return err
		}
		size, err := folderSize(s.Dir(entry.Name))
		if err != nil {
			return err
		}
		fields := registry.Fields{"status": registry.StatusReady, "archived_at": "", "size": size, "last_used": s.now(), "error": ""}
		if err := s.registry.Change(ctx, entry, fields); err != nil {
			return err
		}
		if woken, err = s.registry.ByName(ctx, entry.Name); err != nil {
			return err
		}
		// An archive that stays behind is taken away at the next start.
		err = s.registry.Sync()
		if err == nil {
			err = s.removeArchive(entry.Name)
		}
		if err != nil {
			s.logger.Warn("remove an archive that is unpacked", "database", entry.Name, "error", err)
		}
		return nil
	})
	if err != nil {
		if !hasMovedOn(err) {
			s.noteError(ctx, archived, err)
		}
		return registry.Entry{}, fmt.Errorf("bring user database %s back from its archive: %w", archived.Name, err)
	}
	s.logger.Info("user database is back from its archive", "database", woken.Name)
	return woken, nil
}

// flatten writes everything of a closed database into its own files, so that no
// log needs to be packed, and makes sure that there is something to pack.
func flatten(ctx context.Context, dir string) error {
	if there, err := hasData(dir); err != nil || !there {
		return errors.Join(errMissing, err)
	}
	for _, file := range []string{sqlite.DataFile, sqlite.AuxiliaryFile} {
		path := filepath.Join(dir, file)
		there, err := exists(path)
		if err == nil && there {
			err = sqlite.Checkpoint(ctx, path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
