package userdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Folders beside those of the databases. No name of a database starts with a dot.
const (
	scratchPrefix = ".new-"   // work in progress: nothing in one is needed after a crash
	trashPrefix   = ".trash-" // on its way out: the registry says already that it is gone
	archiveFolder = ".archives"
)

// Dir returns the folder of a database, without looking whether it exists.
func (s *Service) Dir(name string) string { return filepath.Join(s.dir, name) }

func (s *Service) scratch(name string) string { return filepath.Join(s.dir, scratchPrefix+name) }

// install puts a finished folder under its name, for good, or removes it.
func (s *Service) install(scratch, name string) error {
	err := durable.SyncDir(scratch)
	if err == nil {
		err = os.Rename(scratch, s.Dir(name))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(scratch))
	}
	return durable.SyncDir(s.dir)
}

// discard removes the folder of a database: out of sight at once, and what is
// left of it after a crash is removed at the next start.
func (s *Service) discard(name string) error {
	trash := filepath.Join(s.dir, trashPrefix+name)
	if err := os.RemoveAll(trash); err != nil {
		return fmt.Errorf("remove an older folder on its way out: %w", err)
	}
	err := os.Rename(s.Dir(name), trash)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := durable.SyncDir(s.dir); err != nil {
		return err
	}
	return os.RemoveAll(trash)
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// hasData reports whether there is a database in a folder. PocketBase would make
// an empty one in place of a file that is missing or has nothing in it, which a
// full disk leaves behind.
func hasData(dir string) (bool, error) {
	info, err := os.Stat(filepath.Join(dir, sqlite.DataFile))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() > 0, err
}

// folderSize is the size of all files in a folder that may change meanwhile, 0
// where there is none.
func folderSize(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
