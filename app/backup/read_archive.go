package backup

import (
	"archive/tar"
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// archiveContent is what the archive of a user database contains.
type archiveContent struct {
	sizes   map[string]int64 // of files, by path with slashes
	storage string           // where the folder of recordings leads that is a link; blank: it is in the archive
}

// readArchive reads an archive completely and writes its data.db to the new file target, after allow has permitted it. It returns
// fs.ErrNotExist if the archive contains none.
func readArchive(ctx context.Context, from io.Reader, target string, allow func(bytes int64) error) (archiveContent, error) {
	found := archiveContent{sizes: map[string]int64{}}
	folder, err := os.OpenRoot(filepath.Dir(target))
	if err != nil {
		return found, err
	}
	defer folder.Close()
	err = durable.ReadArchive(ctx, from, func(header *tar.Header, content io.Reader) error {
		name := path.Clean(header.Name)
		switch {
		case header.Typeflag == tar.TypeSymlink && name == core.LocalStorageDirName:
			found.storage = header.Linkname
		case header.Typeflag != tar.TypeReg:
		default:
			found.sizes[name] = header.Size
		}
		if name != sqlite.DataFile || header.Typeflag != tar.TypeReg {
			return nil
		}
		if err := allow(header.Size); err != nil {
			return err
		}
		return durable.NewFile(folder, filepath.Base(target), content)
	})
	if _, ok := found.sizes[sqlite.DataFile]; err == nil && !ok {
		err = &fs.PathError{Op: "read", Path: sqlite.DataFile, Err: fs.ErrNotExist}
	}
	return found, err
}

// outside returns the recordings in the database of an archive whose files the archive doesn't contain.
func (c archiveContent) outside(ctx context.Context, db *dbx.DB) (outside []recordedFile, err error) {
	recordings, err := readRecordings(ctx, db)
	for _, recorded := range recordings {
		if size, ok := c.sizes[recorded.path]; recorded.Blob != "" || !ok || size != recorded.Size {
			outside = append(outside, recorded)
		}
	}
	return outside, err
}
