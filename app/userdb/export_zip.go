package userdb

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// addStorage adds the files in the storage folder to an archive, except those that it contains already, unfinished
// ones, and those that are deleted in the meantime.
func addStorage(ctx context.Context, archive *zip.Writer, dir string, added map[string]bool) error {
	storage := filepath.Join(dir, core.LocalStorageDirName)
	root := storage + string(filepath.Separator) // also if it is a link
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path == filepath.Join(storage, blob.PartialFolder) {
				return fs.SkipDir
			}
			return nil
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		if added[name] {
			return nil
		}
		err = addStoredFile(ctx, archive, path, name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// addStoredFile adds a file of the storage folder. It returns durable.ErrNotRegular for a link, which could lead
// anywhere, and fs.ErrNotExist as addFile does.
func addStoredFile(ctx context.Context, archive *zip.Writer, path, name string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", name, durable.ErrNotRegular)
	}
	return addFile(ctx, archive, path, name, zip.Store) // recordings do not compress
}

// addFile adds a file to an archive under the given name. If the file does not exist, it returns
// fs.ErrNotExist and adds nothing.
func addFile(ctx context.Context, archive *zip.Writer, path, name string, method uint16) error {
	file, err := os.Open(path) // before the header is written, so that a missing file leaves no entry
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: info.ModTime()})
	if err != nil {
		return err
	}
	return durable.Copy(ctx, to, file)
}

func addBytes(archive *zip.Writer, name string, content []byte, modified time.Time) error {
	to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified})
	if err == nil {
		_, err = to.Write(content)
	}
	return err
}
