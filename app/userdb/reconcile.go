package userdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// findings lists what a reconciliation found, by name.
type findings struct {
	finished []string // databases whose interrupted operation was completed
	removed  []string // files and folders that interrupted operations left behind
	missing  []string // databases without a folder or an archive
	damaged  []string // databases with both, one of which is incomplete
	logs     []string // copies of write-ahead logs that are damaged
	adopted  []string // databases whose rows were added, because their files name the owner
	unknown  []string // folders and archives without a row; never deleted
}

func (f findings) log(logger *slog.Logger) {
	if len(f.finished)+len(f.removed) > 0 {
		logger.Info("completed the unfinished work of an earlier process", "finished", f.finished, "removed", f.removed)
	}
	if len(f.missing) > 0 {
		logger.Error("folders of user databases are missing; restore them from a backup", "databases", f.missing)
	}
	if len(f.unknown) > 0 {
		logger.Warn("found folders without a registry row; leaving them as they are", "folders", f.unknown)
	}
	if len(f.damaged) > 0 {
		logger.Error("user databases are unusable until one of their two copies is removed", "databases", f.damaged,
			"hint", "fathom-to-loom userdb show NAME")
	}
	if len(f.logs) > 0 {
		logger.Error("write-ahead logs of user databases are damaged: what was saved after the damage is lost, unless a backup has it", "kept", f.logs)
	}
}

// reconcile makes the folders, the archives and the registry agree, however the last process ended. It
// deletes only unfinished work, and second copies of databases that are complete where the registry
// says.
func (s *Service) reconcile(ctx context.Context) (findings, error) {
	var found findings
	all, err := registry.Everywhere(ctx, s.app.ConcurrentDB())
	if err != nil {
		return found, err
	}
	known := make(map[string]bool, len(all)) // also those on other servers, whose folders here belong to nobody else
	for _, entry := range all {
		known[entry.Name] = true
		if isPending(entry) { // its staged folder isn't unfinished work
			known[importPrefix+entry.Name] = true
		}
	}
	entries := slices.DeleteFunc(all, registry.Entry.IsElsewhere)
	s.finishImports(entries) // before their folders would be removed as unfinished work
	folders, err := s.scan(s.dir, known, &found, func(file string) string {
		if registry.ValidName(file) {
			return file
		}
		return ""
	})
	if err != nil {
		return found, err
	}
	archives, err := s.scan(filepath.Join(s.dir, archiveFolder), known, &found, archivedName)
	if err != nil {
		return found, err
	}
	for _, entry := range entries {
		err := s.reconcileEntry(ctx, entry, folders[entry.Name], archives[entry.Name], &found)
		if err != nil { // one bad entry must not stop the rest
			s.logger.ErrorContext(ctx, "failed to reconcile user database with its registry row", "database", entry.Name, "error", err)
		}
		if folders[entry.Name] {
			s.checkLog(ctx, entry.Name, &found)
		}
	}
	s.adoptUnknown(ctx, &found)
	return found, ctx.Err()
}

// scan returns the known databases in a folder and removes unfinished work from it. nameOf returns the
// name of the database that a file or folder contains, or "".
func (s *Service) scan(
	dir string, known map[string]bool, found *findings, nameOf func(file string) string,
) (map[string]bool, error) {
	names := map[string]bool{}
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list user databases: %w", fileperm.Explain(dir, err))
	}
	for _, file := range files {
		name := nameOf(file.Name())
		switch {
		case known[name]:
			names[name] = true
		case name != "":
			found.unknown = append(found.unknown, file.Name())
		case isUnfinished(file.Name()) && !known[file.Name()]:
			if err := os.RemoveAll(filepath.Join(dir, file.Name())); err != nil {
				s.logger.Error("failed to remove unfinished work", "name", file.Name(), "error", err)
				continue
			}
			found.removed = append(found.removed, file.Name())
		}
	}
	return names, nil
}

// isUnfinished reports whether a file next to the databases or the archives is unfinished work. The
// caller must exclude the names of databases and archives first. Earlier versions of this program gave
// unfinished archives a name that ends in ".new".
func isUnfinished(file string) bool {
	return strings.HasPrefix(file, scratchPrefix) || strings.HasPrefix(file, trashPrefix) ||
		strings.Contains(file, archiveExtension) &&
			(durable.IsTemporary(file) || strings.HasSuffix(file, archiveExtension+".new"))
}

// reconcileEntry makes one row agree with the existing files.
func (s *Service) reconcileEntry(
	ctx context.Context, entry registry.Entry, folder, archive bool, found *findings,
) error {
	switch {
	case entry.Status == registry.StatusProvisioning || entry.Status == registry.StatusFailed:
		return s.reconcileProvisioning(ctx, entry, found)

	case entry.Status == registry.StatusReady && folder && archive: // interrupted after packing or unpacking
		complete, err := hasData(s.Dir(entry.Name))
		if err != nil {
			return err
		}
		if !complete {
			s.recordDamage(ctx, entry, errNoDataFile, found)
			return nil
		}
		found.removed = append(found.removed, entry.Name+archiveExtension)
		return s.removeArchive(entry.Name)
	case entry.Status == registry.StatusArchived && folder && archive:
		if err := durable.CheckArchive(ctx, s.archivePath(entry.Name)); err != nil {
			s.recordDamage(ctx, entry, fmt.Errorf("%w: %w", errDamagedArchive, err), found)
			return ctx.Err()
		}
		found.removed = append(found.removed, entry.Name)
		return s.removeFolder(entry.Name)
	case entry.Status == registry.StatusReady && archive: // the folder is removed only once the archive is complete
		found.finished = append(found.finished, entry.Name)
		return s.registry.Change(ctx, entry, registry.Fields{"status": registry.StatusArchived, "archived_at": s.now()})
	case entry.Status == registry.StatusArchived && folder:
		found.finished = append(found.finished, entry.Name)
		return s.registry.Change(ctx, entry, registry.Fields{"status": registry.StatusReady, "archived_at": ""})

	case entry.Status != registry.StatusDeleting && !folder && !archive:
		found.missing = append(found.missing, entry.Name)
		s.recordError(ctx, entry, ErrMissing)
	}
	return nil
}

// checkLog looks for damage in the write-ahead log of a database before anybody opens it.
func (s *Service) checkLog(ctx context.Context, name string, found *findings) {
	aside, err := sqlite.SetDamagedLogAside(ctx, filepath.Join(s.Dir(name), sqlite.DataFile))
	if err != nil {
		s.logger.ErrorContext(ctx, "failed to check the write-ahead log of a user database", "database", name, "error", err)
	}
	if aside != "" {
		found.logs = append(found.logs, aside)
	}
}

func (s *Service) reconcileProvisioning(ctx context.Context, entry registry.Entry, found *findings) error {
	if entry.UserID == "" { // the user was deleted before provisioning ended
		return nil
	}
	user, err := s.app.FindRecordById(migrations.Users, entry.UserID)
	if err != nil {
		err = fmt.Errorf("find user %q: %w", entry.UserID, err)
	} else {
		_, err = s.resumeProvisioning(ctx, entry, user)
	}
	if err != nil {
		s.logger.ErrorContext(ctx, "failed to provision user database; will retry when its user signs in",
			"database", entry.Name, "error", err)
		return nil
	}
	found.finished = append(found.finished, entry.Name)
	return nil
}

var (
	errNoDataFile     = errors.New("folder has no data.db, but an archive exists: remove the folder to use the archive")
	errDamagedArchive = errors.New("archive is damaged, but a folder exists: remove the archive to use the folder")
)

// recordDamage records that a database has two copies and the expected one is incomplete. Only the
// operator can decide which of them to remove.
func (s *Service) recordDamage(ctx context.Context, entry registry.Entry, cause error, found *findings) {
	found.damaged = append(found.damaged, entry.Name)
	s.recordError(ctx, entry, cause)
}
