package userdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Report says what a reconciliation of folders and registry found.
type Report struct {
	Finished []string // half-made databases that are ready now
	Removed  []string // scratch folders of an interrupted provisioning
	Missing  []string // ready rows without a folder: data that is not where it was
	Unknown  []string // folders no row speaks of; never deleted
	Failed   []string // half-made databases that could not be finished
}

// reconcile brings the folders and the registry together after whatever ended
// the last process. Only scratch folders are ever deleted.
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

	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return report, fmt.Errorf("list user database folders: %w", err)
	}
	present := make(map[string]bool, len(folders))
	for _, folder := range folders {
		name := folder.Name()
		switch {
		case strings.HasPrefix(name, scratchPrefix):
			if err := os.RemoveAll(filepath.Join(s.dir, name)); err != nil {
				return report, fmt.Errorf("remove scratch folder: %w", err)
			}
			report.Removed = append(report.Removed, name)
		case folder.IsDir() && validName(name):
			present[name] = true
			if !known[name] {
				report.Unknown = append(report.Unknown, name)
			}
		}
	}

	for _, entry := range entries {
		switch entry.Status {
		case StatusReady:
			if !present[entry.Name] {
				report.Missing = append(report.Missing, entry.Name)
			}
		case StatusProvisioning, StatusFailed:
			if entry.UserID == "" { // deleted before it was finished
				continue
			}
			if err := s.resume(ctx, entry); err != nil {
				report.Failed = append(report.Failed, entry.Name)
				s.logger.Error("finish a half-made user database", "database", entry.Name, "error", err)
				continue
			}
			report.Finished = append(report.Finished, entry.Name)
		}
	}
	return report, nil
}

func (s *Service) resume(ctx context.Context, entry Entry) error {
	user, err := s.app.FindRecordById(migrations.Users, entry.UserID)
	if err != nil {
		return errors.Join(fmt.Errorf("find user %q", entry.UserID), err)
	}
	_, err = s.finish(ctx, entry, user)
	return err
}

func (s *Service) logReport(report Report) {
	if len(report.Finished)+len(report.Removed) > 0 {
		s.logger.Info("finished what the last run left half-made", "finished", report.Finished, "removed", report.Removed)
	}
	if len(report.Missing) > 0 {
		s.logger.Error("folders of user databases are missing; restore them from a backup", "databases", report.Missing)
	}
	if len(report.Unknown) > 0 {
		s.logger.Warn("folders that no registry row speaks of are left alone", "folders", report.Unknown)
	}
}
