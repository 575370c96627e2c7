package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// The folders of partial files, in the folder of the user database. The second is used if the storage folder lies on
// another file system, because no rename leads from one file system to another.
const (
	partialFolder  = "partial"
	partialStorage = storageFolder + "/" + PartialFolder
)

// PartialFolder is the name of the folder of partial files in a storage folder. Exports leave it out.
const PartialFolder = ".partial"

var partialFolders = []string{partialFolder, partialStorage}

// PartialPath returns the path of the file that holds the bytes of an unfinished upload to the disk.
func (d *Disk) PartialPath(upload Upload) string {
	return filepath.Join(d.root, filepath.FromSlash(upload.ID))
}

// splitPartial returns the parts of an upload's ID: its database, the folder of its partial file and the file's name.
func splitPartial(id string) (database, folder, name string, err error) {
	dir, name := path.Split(id)
	database, folder, _ = strings.Cut(path.Clean(dir), "/")
	if !slices.Contains(partialFolders, folder) || !strings.HasSuffix(name, partialSuffix) ||
		id != path.Join(database, folder, name) {
		return "", "", "", fmt.Errorf("use %q as the ID of an upload: %w", id, fs.ErrInvalid)
	}
	if err := errors.Join(checkName("user database", database), checkName("partial file", name)); err != nil {
		return "", "", "", err
	}
	return database, folder, name, nil
}

// createPartialFolder creates the folder for new partial files of a user database and returns its name.
func (d *Disk) createPartialFolder(database string) (string, error) {
	own, err := disk.UsageOf(filepath.Join(d.root, database))
	if err != nil {
		return "", fmt.Errorf("find the file system of user database: %w", err)
	}
	storage, err := disk.UsageOf(d.storagePath(database))
	if err != nil {
		return "", fmt.Errorf("find the file system of storage folder: %w", err)
	}
	folder := partialFolder
	if own.Device != storage.Device {
		folder = partialStorage
	}
	err = os.Mkdir(d.partialsPath(database, folder), 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("create the folder of partial files: %w", err)
	}
	return folder, nil
}

func (d *Disk) partialsPath(database, folder string) string {
	return filepath.Join(d.root, database, filepath.FromSlash(folder))
}

// openPartials opens a folder of partial files, or returns errNoFolder.
func (d *Disk) openPartials(database, folder string) (*os.Root, error) {
	if folder == partialStorage {
		storage, err := d.openStorage(database) // which tells a missing folder from a volume that isn't mounted
		if err != nil {
			return nil, err
		}
		defer storage.Close()
		return openSubfolder(storage, PartialFolder)
	}
	opened, err := os.OpenRoot(d.partialsPath(database, folder))
	return opened, asNoFolder(err)
}

func openSubfolder(storage *os.Root, name string) (*os.Root, error) {
	opened, err := storage.OpenRoot(name)
	return opened, asNoFolder(err)
}

func asNoFolder(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errNoFolder
	}
	if err != nil {
		return fmt.Errorf("open the folder of partial files: %w", err)
	}
	return nil
}

// DeleteUploads implements Store.
func (d *Disk) DeleteUploads(ctx context.Context, database, recording string) error {
	if err := checkName("recording", recording); err != nil {
		return err
	}
	return d.eachPartial(ctx, database, func(partials *os.Root, _, name string) error {
		if !strings.HasPrefix(name, recording+"-") {
			return nil
		}
		return removeFile(partials, name)
	})
}

// sweepPartials removes partial files that no upload names, except for those that have a Writer.
func (d *Disk) sweepPartials(
	ctx context.Context, database string, before time.Time, isNamed func(string) bool,
) (removed int, err error) {
	err = d.eachPartial(ctx, database, func(partials *os.Root, id, name string) error {
		if isNamed(id) {
			return nil
		}
		release, err := d.inUse.acquire(id)
		if errors.Is(err, ErrBusy) {
			return nil
		}
		defer release()
		info, err := statFile(partials, name)
		if errors.Is(err, ErrNotFound) || (err == nil && !info.ModTime().Before(before)) {
			return nil
		}
		if err == nil {
			err = removeFile(partials, name)
		}
		if err == nil {
			removed++
		}
		return err
	})
	return removed, err
}

type visitPartial func(partials *os.Root, id, name string) error

// eachPartial calls visit with the folder, the ID and the name of each partial file of a user database.
func (d *Disk) eachPartial(ctx context.Context, database string, visit visitPartial) error {
	for _, folder := range partialFolders {
		if err := d.eachPartialIn(ctx, database, folder, visit); err != nil {
			return err
		}
	}
	return nil
}

func (d *Disk) eachPartialIn(ctx context.Context, database, folder string, visit visitPartial) error {
	if err := checkName("user database", database); err != nil {
		return err
	}
	partials, err := d.openPartials(database, folder)
	if errors.Is(err, errNoFolder) {
		return nil
	}
	if err != nil {
		return err
	}
	defer partials.Close()
	names, err := readNames(partials, ".")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(partials, path.Join(database, folder, name), name); err != nil {
			return err
		}
	}
	return nil
}
