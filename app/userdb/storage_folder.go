package userdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// The storage folder of a database may be a link that an operator created to a folder on a larger disk. Everything
// that reads, measures or deletes the files of a database then follows the link, but nothing replaces it: archives
// contain the link, and the files stay where they are.

// storageDir returns the storage folder of a database, whether it exists or not.
func (s *Service) storageDir(name string) string {
	return filepath.Join(s.Dir(name), core.LocalStorageDirName)
}

// isLink reports whether a path is a symbolic link. A missing file is none.
func isLink(path string) (bool, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Mode().Type() == fs.ModeSymlink, err
}

// requireStorage returns an error if the storage folder in the folder of a database is a link that leads nowhere:
// the files aren't gone, but their disk isn't mounted.
func requireStorage(dir string) error {
	path := filepath.Join(dir, core.LocalStorageDirName)
	_, err := os.Stat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	target, err := os.Readlink(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("the storage folder is a link to %s, which doesn't exist: mount its disk, or create the folder",
		target)
}

// requireNoMount returns an error if a folder in the folder of a database is on another file system. Renaming the
// folder would move the mount point, and removing it would fail after everything on that file system was deleted.
func (s *Service) requireNoMount(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	own, err := s.fileSystem(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		device, err := s.fileSystem(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		if device != own {
			return fmt.Errorf("the folder %s is a mount point: unmount it, or replace it with a link to a folder on "+
				"that file system", entry.Name())
		}
	}
	return nil
}

// requireOwnStorage returns an error if the storage folder of a database is a link to a folder that contains anything
// else than the files of this database, as far as the registry knows. Nothing in it may then be deleted.
func (s *Service) requireOwnStorage(ctx context.Context, name string) error {
	linked, err := isLink(s.storageDir(name))
	if err != nil || !linked {
		return err
	}
	own, err := filepath.EvalSymlinks(s.storageDir(name))
	if err != nil {
		return err
	}
	root, err := filepath.EvalSymlinks(s.dir)
	if err != nil {
		return err
	}
	if own, err = filepath.Abs(own); err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return err
	}
	if contains(own, root) {
		return fmt.Errorf("the storage folder is a link to %s, which contains all user databases: "+
			"link to a folder of its own", own)
	}
	entries, err := registry.Everywhere(ctx, s.app.ConcurrentDB()) // files of a database on another server may still be here
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name == name {
			continue
		}
		other, err := filepath.EvalSymlinks(s.storageDir(entry.Name))
		if err == nil {
			other, err = filepath.Abs(other)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if contains(own, other) || contains(other, own) {
			return fmt.Errorf("the storage folder is a link to %s, which user database %s also uses: "+
				"give each a folder of its own", own, entry.Name)
		}
	}
	return nil
}

// contains reports whether a path is a folder or is in it. Both must be absolute.
func contains(folder, path string) bool {
	relative, err := filepath.Rel(folder, path)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}
