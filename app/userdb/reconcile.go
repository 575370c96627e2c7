package userdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// findings are what a reconciliation of folders and registry met.
type findings struct {
	finished []string // half-made or half-moved databases that are whole now
	removed  []string // leftovers of interrupted work; their originals are in place
	missing  []string // rows whose folder or archive is not where it was
	damaged  []string // rows with a folder and an archive, of which one is not whole
	unknown  []string // folders and archives no row speaks of; never deleted
}

func (f findings) log(logger *slog.Logger) {
	if len(f.finished)+len(f.removed) > 0 {
		logger.Info("finished what the last run left half-done", "finished", f.finished, "removed", f.removed)
	}
	if len(f.missing) > 0 {
		logger.Error("folders of user databases are missing; restore them from a backup", "databases", f.missing)
	}
	if len(f.unknown) > 0 {
		logger.Warn("folders that no registry row speaks of are left alone", "folders", f.unknown)
	}
	if len(f.damaged) > 0 {
		logger.Error("user databases can't be used until one of their two copies is removed", "databases", f.damaged,
			"hint", "fathom-to-loom userdb show NAME")
	}
}

// reconcile brings the folders, the archives and the registry together after
// whatever ended the last process. What is deleted is work in progress, and
// copies whose original is where the registry says.
func (s *Service) reconcile(ctx context.Context) (findings, error) {
	var found findings
	entries, err := s.registry.All(ctx)
	if err != nil {
		return found, err
	}
	known := make(map[string]bool, len(entries))
	for _, entry := range entries {
		known[entry.Name] = true
	}
	folders, err := s.sweep(s.dir, known, &found, func(name string) (string, bool) {
		return name, registry.ValidName(name)
	})
	if err != nil {
		return found, err
	}
	archives, err := s.sweep(filepath.Join(s.dir, archiveFolder), known, &found, func(file string) (string, bool) {
		return archivedName(file), archivedName(file) != ""
	})
	if err != nil {
		return found, err
	}
	for _, entry := range entries {
		if err := s.settle(ctx, entry, folders[entry.Name], archives[entry.Name], &found); err != nil { // the others are not to suffer from it
			s.logger.Error("bring a user database and its registry row together", "database", entry.Name, "error", err)
		}
	}
	return found, ctx.Err()
}

// sweep lists what is in a folder by the names of databases, and removes work in
// progress.
func (s *Service) sweep(dir string, known map[string]bool, found *findings, nameOf func(file string) (string, bool)) (map[string]bool, error) {
	names := map[string]bool{}
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	for _, file := range files {
		name, isDatabase := nameOf(file.Name())
		switch {
		case isDatabase && known[name]:
			names[name] = true
		case isDatabase:
			found.unknown = append(found.unknown, file.Name())
		case isLeftover(file.Name()):
			if err := os.RemoveAll(filepath.Join(dir, file.Name())); err != nil {
				s.logger.Error("remove what was left half-done", "name", file.Name(), "error", err)
				continue
			}
			found.removed = append(found.removed, file.Name())
		}
	}
	return names, nil
}

// isLeftover reports whether a file beside the databases or their archives is unfinished work.
// Versions before the package durable gave unfinished archives a name that ends in ".new".
func isLeftover(file string) bool {
	return strings.HasPrefix(file, scratchPrefix) || strings.HasPrefix(file, trashPrefix) ||
		strings.Contains(file, archiveExtension) && (durable.IsTemporary(file) || strings.HasSuffix(file, ".new"))
}

// settle makes one row and what is on the disk agree.
func (s *Service) settle(ctx context.Context, entry registry.Entry, folder, archive bool, found *findings) error {
	switch {
	case entry.Status == registry.StatusProvisioning || entry.Status == registry.StatusFailed:
		if entry.UserID == "" { // deleted before it was finished
			return nil
		}
		if err := s.resume(ctx, entry); err != nil {
			s.logger.Error("finish a half-made user database; its user's next sign-in tries again", "database", entry.Name, "error", err)
			return nil
		}
		found.finished = append(found.finished, entry.Name)

	case entry.Status == registry.StatusReady && folder && archive: // packed or unpacked, and not yet said so
		there, err := hasData(s.Dir(entry.Name))
		if err != nil {
			return err
		}
		if !there {
			s.damaged(ctx, entry, errNoDataFile, found)
			return nil
		}
		found.removed = append(found.removed, entry.Name+archiveExtension)
		return s.removeArchive(entry.Name)
	case entry.Status == registry.StatusArchived && folder && archive:
		if err := durable.CheckArchive(ctx, s.archivePath(entry.Name)); err != nil {
			s.damaged(ctx, entry, fmt.Errorf("%w: %w", errDamagedArchive, err), found)
			return ctx.Err()
		}
		found.removed = append(found.removed, entry.Name)
		return s.discard(entry.Name)
	case entry.Status == registry.StatusReady && archive: // the one that is there is whole
		found.finished = append(found.finished, entry.Name)
		return s.registry.Change(ctx, entry, registry.Fields{"status": registry.StatusArchived, "archived_at": s.now()})
	case entry.Status == registry.StatusArchived && folder:
		found.finished = append(found.finished, entry.Name)
		return s.registry.Change(ctx, entry, registry.Fields{"status": registry.StatusReady, "archived_at": ""})

	case entry.Status != registry.StatusDeleting && !folder && !archive:
		found.missing = append(found.missing, entry.Name)
		s.noteError(ctx, entry, errMissing)
	}
	return nil
}

var (
	errNoDataFile     = errors.New("an archive stands beside its folder, which has no data.db: remove the folder to use the archive")
	errDamagedArchive = errors.New("its archive is damaged and a folder stands beside it: remove the archive to use the folder")
)

// damaged writes down that a database has two copies of which only the operator
// can say which is to go.
func (s *Service) damaged(ctx context.Context, entry registry.Entry, cause error, found *findings) {
	found.damaged = append(found.damaged, entry.Name)
	s.noteError(ctx, entry, cause)
}

func (s *Service) resume(ctx context.Context, entry registry.Entry) error {
	user, err := s.app.FindRecordById(migrations.Users, entry.UserID)
	if err != nil {
		return errors.Join(fmt.Errorf("find user %q", entry.UserID), err)
	}
	_, err = s.finish(ctx, entry, user)
	return err
}
