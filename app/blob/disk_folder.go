package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// errNoFolder means that a user database has no storage folder, so that it has no files either.
var errNoFolder = errors.New("storage folder doesn't exist")

func (d *Disk) storagePath(database string) string {
	return filepath.Join(d.root, database, storageFolder)
}

// openStorage opens the storage folder of a user database, or returns errNoFolder. The folder itself may be a symbolic
// link to anywhere; only an operator can create one. If its destination is missing, the files aren't gone: a volume
// isn't mounted.
func (d *Disk) openStorage(database string) (*os.Root, error) {
	if err := checkName("user database", database); err != nil {
		return nil, err
	}
	folder, err := os.OpenRoot(d.storagePath(database))
	if err == nil {
		return folder, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open storage folder: %w", err)
	}
	if _, linkErr := os.Lstat(d.storagePath(database)); linkErr == nil {
		return nil, fmt.Errorf("open storage folder, which links to a folder that doesn't exist: %w", err)
	}
	return nil, errNoFolder
}

// createStorage creates the storage folder of a user database, but not the folder of the database.
func (d *Disk) createStorage(database string) error {
	err := os.Mkdir(d.storagePath(database), 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create storage folder: %w", err)
	}
	return durable.SyncDir(filepath.Join(d.root, database))
}

// uploadFiles are the two files of an upload, in folders that are open.
type uploadFiles struct {
	storage  *os.Root
	file     string // in storage
	partials *os.Root
	partial  string // in partials
}

// openUpload opens the folders of an upload. Without them, the error is ErrUploadLost.
func (d *Disk) openUpload(upload Upload) (f uploadFiles, err error) {
	if upload.Engine != EngineDisk {
		return f, fmt.Errorf("continue an upload to %q on the disk: %w", upload.Engine, fs.ErrInvalid)
	}
	database, folder, partial, err := splitPartial(upload.ID)
	if err != nil {
		return f, err
	}
	owner, file, err := splitDiskKey(upload.Key)
	if err != nil {
		return f, err
	}
	if owner != database {
		return f, fmt.Errorf("move a recording to another user database: %w", fs.ErrInvalid)
	}
	f.file, f.partial = file, partial
	if f.storage, err = d.openStorage(database); err != nil {
		return f, asUploadLost(err)
	}
	if f.partials, err = d.openPartials(database, folder); err != nil {
		return f, errors.Join(asUploadLost(err), f.storage.Close())
	}
	return f, nil
}

func asUploadLost(err error) error {
	if errors.Is(err, errNoFolder) {
		return ErrUploadLost
	}
	return err
}

func (f uploadFiles) close() {
	f.storage.Close()
	f.partials.Close()
}

// statFile describes a regular file, or returns ErrNotFound.
func statFile(folder *os.Root, file string) (fs.FileInfo, error) {
	info, err := folder.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("stat recording file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotFound
	}
	return info, nil
}

// hasSize reports whether a file exists and has a size in bytes.
func hasSize(folder *os.Root, file string, size int64) (bool, error) {
	info, err := statFile(folder, file)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && info.Size() == size, err
}

// removeFile removes a file, which may be missing.
func removeFile(folder *os.Root, file string) error {
	if err := folder.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove recording file: %w", err)
	}
	return nil
}
