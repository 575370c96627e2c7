package userdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// formerPrefix starts the names of the folders that keep what a restore from a backup has replaced: the folder of the database, its
// archive, or both, under their names. Its name and the time follow.
const formerPrefix = ".former-"

const formerLayout = "20060102T150405.000Z"

// isPending reports whether a database waits for its folder, which an import or a restore may have staged.
func isPending(entry registry.Entry) bool {
	return (entry.Status == registry.StatusProvisioning || entry.Status == registry.StatusFailed) && registry.ValidName(entry.Name)
}

// installStaged makes the staged folder of a pending database its folder, keeps what is there, and returns the folder that keeps it, or
// "". It does nothing if nothing is staged. Interrupted at any point, the next call continues, and no files are lost.
func (s *Service) installStaged(name string) (former string, err error) {
	staged := s.stagedImport(name)
	complete, err := hasData(staged)
	if err != nil || !complete {
		return "", err
	}
	if former, err = s.setAside(name); err != nil {
		return "", fmt.Errorf("keep the former database: %w", err)
	}
	return former, errors.Join(durable.SyncDir(staged), os.Rename(staged, s.Dir(name)), durable.SyncDir(s.dir))
}

// setAside moves the folder and the archive of a database into a new folder, whose path it returns, or "" if there are none.
func (s *Service) setAside(name string) (former string, err error) {
	if taken, err := s.isNameTaken(name); err != nil || !taken {
		return "", err
	}
	if err := s.requireNoMount(s.Dir(name)); err != nil {
		return "", err
	}
	former = filepath.Join(s.dir, formerPrefix+name+"-"+s.now().UTC().Format(formerLayout))
	if err := os.Mkdir(former, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	archives := filepath.Dir(s.archivePath(name))
	for _, path := range []string{s.Dir(name), s.archivePath(name)} {
		err := os.Rename(path, filepath.Join(former, filepath.Base(path)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := durable.SyncDir(archives); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return former, errors.Join(durable.SyncDir(former), durable.SyncDir(s.dir))
}

// removeFormer removes what restores from backups have replaced: that of the named database, or all that is older than the grace
// period if the name is blank.
func (s *Service) removeFormer(name string) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		rest, isFormer := strings.CutPrefix(entry.Name(), formerPrefix)
		at := strings.LastIndexByte(rest, '-')
		if !isFormer || at < 0 {
			continue
		}
		since, timeErr := time.Parse(formerLayout, rest[at+1:])
		if timeErr != nil || name != "" && rest[:at] != name || name == "" && s.now().Before(since.Add(s.retention.DeleteGrace)) {
			continue
		}
		if removeErr := os.RemoveAll(filepath.Join(s.dir, entry.Name())); removeErr != nil {
			err = errors.Join(err, removeErr)
			continue
		}
		s.logger.Info("removed what a restore had replaced", "database", rest[:at], "replaced", since.Format(time.RFC3339))
	}
	if err != nil {
		return fmt.Errorf("remove what a restore had replaced: %w", err)
	}
	return nil
}
