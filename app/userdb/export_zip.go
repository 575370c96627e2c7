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

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// addStorage adds the stored files to an archive, except those that are deleted in the meantime.
func addStorage(ctx context.Context, archive *zip.Writer, dir string) error {
	storage := filepath.Join(dir, core.LocalStorageDirName)
	return filepath.WalkDir(storage, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s: %w", name, durable.ErrNotRegular)
		}
		err = addFile(ctx, archive, path, filepath.ToSlash(name), zip.Store) // recordings do not compress
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
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
