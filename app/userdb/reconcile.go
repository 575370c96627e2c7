package userdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Report says what a reconciliation of folders and registry found.
type Report struct {
	Finished []string `json:"finished,omitempty"` // half-made or half-moved databases that are whole now
	Removed  []string `json:"removed,omitempty"`  // leftovers of interrupted work; their originals are in place
	Missing  []string `json:"missing,omitempty"`  // rows whose folder or archive is not where it was
	Unknown  []string `json:"unknown,omitempty"`  // folders and archives no row speaks of; never deleted
	Failed   []string `json:"failed,omitempty"`   // half-made databases that could not be finished
}

func (r Report) log(logger *slog.Logger) {
	if len(r.Finished)+len(r.Removed) > 0 {
		logger.Info("finished what the last run left half-done", "finished", r.Finished, "removed", r.Removed)
	}
	if len(r.Missing) > 0 {
		logger.Error("folders of user databases are missing; restore them from a backup", "databases", r.Missing)
	}
	if len(r.Unknown) > 0 {
		logger.Warn("folders that no registry row speaks of are left alone", "folders", r.Unknown)
	}
	if len(r.Failed) > 0 {
		logger.Error("user databases could not be made; their users' next sign-in tries again", "databases", r.Failed)
	}
}

// reconcile brings the folders, the archives and the registry together after
// whatever ended the last process. What is deleted is work in progress, and
// copies whose original is where the registry says.
func (s *Service) reconcile(ctx context.Context) (Report, error) {
	var report Report
	entries, err := s.registry.all(ctx)
	if err != nil {
		return report, err
	}
	known := make(map[string]bool, len(entries))
	for _, entry := range entries {
		known[entry.Name] = true
	}
	folders, err := s.sweep(s.dir, known, &report, func(name string) (string, bool) {
		return name, ValidName(name)
	})
	if err != nil {
		return report, err
	}
	archives, err := s.sweep(filepath.Join(s.dir, archiveFolder), known, &report, func(file string) (string, bool) {
		return archivedName(file), archivedName(file) != ""
	})
	if err != nil {
		return report, err
	}
	for _, entry := range entries {
		if err := s.settle(ctx, entry, folders[entry.Name], archives[entry.Name], &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

// sweep lists what is in a folder by the names of databases, and removes work in
// progress.
func (s *Service) sweep(dir string, known map[string]bool, report *Report, nameOf func(file string) (string, bool)) (map[string]bool, error) {
	found := map[string]bool{}
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return found, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list user databases: %w", err)
	}
	for _, file := range files {
		name, isDatabase := nameOf(file.Name())
		switch {
		case strings.HasPrefix(file.Name(), scratchPrefix), strings.HasPrefix(file.Name(), trashPrefix), strings.HasSuffix(file.Name(), archiveExtension+".new"):
			if err := os.RemoveAll(filepath.Join(dir, file.Name())); err != nil {
				return nil, fmt.Errorf("remove what was left half-done: %w", err)
			}
			report.Removed = append(report.Removed, file.Name())
		case isDatabase && known[name]:
			found[name] = true
		case isDatabase:
			report.Unknown = append(report.Unknown, file.Name())
		}
	}
	return found, nil
}

// settle makes one row and what is on the disk agree.
func (s *Service) settle(ctx context.Context, entry Entry, folder, archive bool, report *Report) error {
	switch {
	case entry.Status == StatusProvisioning || entry.Status == StatusFailed:
		if entry.UserID == "" { // deleted before it was finished
			return nil
		}
		if err := s.resume(ctx, entry); err != nil {
			report.Failed = append(report.Failed, entry.Name)
			s.logger.Error("finish a half-made user database", "database", entry.Name, "error", err)
			return nil
		}
		report.Finished = append(report.Finished, entry.Name)

	case entry.Status == StatusReady && folder && archive: // packed or unpacked, and not yet said so
		report.Removed = append(report.Removed, entry.Name+archiveExtension)
		return os.Remove(s.archivePath(entry.Name))
	case entry.Status == StatusArchived && folder && archive:
		report.Removed = append(report.Removed, entry.Name)
		return s.discard(entry.Name)
	case entry.Status == StatusReady && archive, entry.Status == StatusArchived && folder: // the one that is there is whole
		status := StatusReady
		if archive {
			status = StatusArchived
		}
		report.Finished = append(report.Finished, entry.Name)
		return s.registry.change(ctx, entry, map[string]any{"status": status, "archived_at": s.now()})

	case entry.Status != StatusDeleting && !folder && !archive:
		report.Missing = append(report.Missing, entry.Name)
		s.noteError(ctx, entry, errMissing)
	}
	return nil
}

var errMissing = errors.New("its folder is missing: put it back from a backup")

func (s *Service) resume(ctx context.Context, entry Entry) error {
	user, err := s.app.FindRecordById(migrations.Users, entry.UserID)
	if err != nil {
		return errors.Join(fmt.Errorf("find user %q", entry.UserID), err)
	}
	_, err = s.finish(ctx, entry, user)
	return err
}
