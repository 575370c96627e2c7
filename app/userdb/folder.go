package userdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Names that are used next to the database folders. A database name never starts with a dot.
const (
	scratchPrefix = ".new-" // unfinished work, which may be removed after a crash
	sparePrefix   = scratchPrefix + "spare-"
	trashPrefix   = ".trash-" // folders being removed, which the registry no longer needs
	archiveFolder = ".archives"
)

// Dir returns the folder of a database, whether it exists or not.
func (s *Service) Dir(name string) string { return filepath.Join(s.dir, name) }

func (s *Service) scratchDir(name string) string { return filepath.Join(s.dir, scratchPrefix+name) }

// install renames a complete scratch folder to its final name and syncs the change. If it fails before
// the rename, it removes the scratch folder.
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

// removeFolder removes the folder of a database, if it exists. It renames the folder first, so that a
// crash never leaves an incomplete folder under the database's name. The next start removes what is
// left. Of a storage folder that is a link, it removes only the link. It returns an error and removes nothing if a
// file system is mounted in the folder.
func (s *Service) removeFolder(name string) error {
	if err := s.requireNoMount(s.Dir(name)); err != nil {
		return err
	}
	trash := filepath.Join(s.dir, trashPrefix+name)
	if err := os.RemoveAll(trash); err != nil {
		return fmt.Errorf("remove the remains of an earlier folder: %w", err)
	}
	err := os.Rename(s.Dir(name), trash)
	if errors.Is(err, fs.ErrNotExist) {
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
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// hasData reports whether a folder contains a database. An empty data.db, which a full disk may leave
// behind, does not count: PocketBase would silently create a new database in its place.
func hasData(dir string) (bool, error) {
	path := filepath.Join(dir, sqlite.DataFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() > 0, fileperm.Explain(path, err)
}

// requireData returns an error unless a folder contains a database that this process can read and write. It
// returns ErrMissing if the folder doesn't exist, and only then.
func requireData(dir string) error {
	switch err := fileperm.RequireFolder(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrMissing
	case err != nil:
		return err
	}
	switch found, err := hasData(dir); {
	case err != nil:
		return err
	case !found:
		return errNoData
	}
	return fileperm.RequireFile(filepath.Join(dir, sqlite.DataFile))
}

// folderSize returns the total size of the files in the folder of a database, in bytes, including those in a storage
// folder that is a link. Files that disappear in the meantime do not count, and a missing folder has the size 0.
func folderSize(dir string) (int64, error) {
	var bytes int64
	err := walkFiles(dir, func(_ string, entry fs.DirEntry) error {
		size, err := sizeOf(entry)
		bytes += size
		return err
	})
	return bytes, err
}

// packedSize returns the total size of the files that an archive of a folder contains, in bytes.
func packedSize(dir string) (int64, error) {
	var bytes int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		size, err := sizeOf(entry)
		bytes += size
		return err
	})
	return bytes, err
}

// sizeOf returns the size of a file in bytes, 0 if it has disappeared.
func sizeOf(entry fs.DirEntry) (int64, error) {
	info, err := entry.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// walkFiles calls visit for everything in the folder of a database that isn't a folder, also in a storage folder that
// is a link: a path that ends in a separator makes WalkDir follow it. It skips what disappears in the meantime.
func walkFiles(dir string, visit func(path string, entry fs.DirEntry) error) error {
	storage := filepath.Join(dir, core.LocalStorageDirName)
	var walk fs.WalkDirFunc
	walk = func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || entry.IsDir():
			return err
		case path == storage && entry.Type() == fs.ModeSymlink:
			return filepath.WalkDir(path+string(filepath.Separator), walk)
		}
		return visit(path, entry)
	}
	return filepath.WalkDir(dir+string(filepath.Separator), walk)
}

// deviceOf identifies the file system of a folder.
func deviceOf(dir string) (uint64, error) {
	usage, err := disk.UsageOf(dir)
	return usage.Device, err
}

// removeLeftovers removes the temporary files that a crash left in the folder of a closed database.
func removeLeftovers(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		// Earlier versions of this program wrote auxiliary.db.new and then renamed it.
		if !entry.Type().IsRegular() || !durable.IsTemporary(entry.Name()) && entry.Name() != sqlite.AuxiliaryFile+".new" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
