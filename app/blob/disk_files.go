package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Stat implements Store.
func (d *Disk) Stat(ctx context.Context, key string) (info Info, err error) {
	err = d.withFile(ctx, key, func(folder *os.Root, file string) error {
		found, err := statFile(folder, file)
		if err == nil {
			info = Info{Key: key, Size: found.Size(), Modified: found.ModTime()}
		}
		return err
	})
	return info, err
}

// Open implements Store. The reader is an *os.File.
func (d *Disk) Open(ctx context.Context, key string) (reader io.ReadSeekCloser, err error) {
	err = d.withFile(ctx, key, func(folder *os.Root, file string) error {
		if _, err := statFile(folder, file); err != nil { // a pipe would block
			return err
		}
		opened, err := folder.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			return ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("open recording file: %w", err)
		}
		reader = opened
		return nil
	})
	return reader, err
}

// Link implements Store: it returns ErrNoLinks.
func (d *Disk) Link(context.Context, string, Headers, time.Duration) (string, error) {
	return "", ErrNoLinks
}

// Delete implements Store. It also removes the folder of the record, if nothing else is in it.
func (d *Disk) Delete(ctx context.Context, key string) error {
	err := d.withFile(ctx, key, func(folder *os.Root, file string) error {
		if err := removeFile(folder, file); err != nil {
			return err
		}
		_ = folder.Remove(path.Dir(file)) // succeeds only if nothing is left in it
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// withFile calls use with the open storage folder and the path of a key in it. Without the folder, the error is
// ErrNotFound.
func (d *Disk) withFile(ctx context.Context, key string, use func(folder *os.Root, file string) error) error {
	database, file, err := splitDiskKey(key)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	return use(folder, file)
}

// DeleteAll implements Store. It empties the storage folder, also of files that aren't recordings. The folder itself,
// or the link that an operator created in its place, remains.
func (d *Disk) DeleteAll(ctx context.Context, database string) error {
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return nil
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	names, err := readNames(folder, ".")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := folder.RemoveAll(name); err != nil { // doesn't follow links
			return fmt.Errorf("empty storage folder: %w", err)
		}
	}
	if err := os.RemoveAll(d.partialsPath(database, partialFolder)); err != nil {
		return fmt.Errorf("remove partial files: %w", err)
	}
	return durable.SyncDir(folder.Name())
}

// List implements Store. Files that users uploaded to other collections aren't recordings.
func (d *Disk) List(ctx context.Context, database string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		folder, err := d.openStorage(database)
		if errors.Is(err, errNoFolder) {
			return
		}
		if err != nil {
			yield(Info{}, err)
			return
		}
		defer folder.Close()
		err = fs.WalkDir(folder.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // removed in the meantime
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if entry.IsDir() && file == PartialFolder {
				return fs.SkipDir
			}
			key := path.Join(database, storageFolder, file)
			if _, _, err := splitDiskKey(key); err != nil || !entry.Type().IsRegular() {
				return nil
			}
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if !yield(Info{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Info{}, fmt.Errorf("list recording files: %w", err))
		}
	}
}

// errStopped ends a walk whose caller needs no more files.
var errStopped = errors.New("stopped")

func readNames(folder *os.Root, dir string) ([]string, error) {
	opened, err := folder.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	names, err := opened.Readdirnames(-1)
	if err := errors.Join(err, opened.Close()); err != nil {
		return nil, fmt.Errorf("list folder: %w", err)
	}
	return names, nil
}
