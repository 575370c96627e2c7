package durable

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// UnpackFile writes a file in an archive to the new file target, after allow has permitted its size. It reads only the
// part of the archive before the end of that file, and returns fs.ErrNotExist if there is no such file. After an error,
// target may be incomplete.
func UnpackFile(ctx context.Context, archive, name, target string, allow func(bytes int64) error) error {
	root, err := os.OpenRoot(filepath.Dir(target))
	if err != nil {
		return err
	}
	defer root.Close()
	return requireEntry(ctx, archive, name, func(header *tar.Header, content io.Reader) error {
		if err := allow(header.Size); err != nil {
			return err
		}
		return NewFile(root, filepath.Base(target), content)
	})
}

// ReadEntry returns the content of a file in an archive. It reads only the part of the archive before the end of that
// file. It returns fs.ErrNotExist if there is no such file, and an error if it is larger than limit.
func ReadEntry(ctx context.Context, archive, name string, limit int64) (content []byte, err error) {
	err = requireEntry(ctx, archive, name, func(header *tar.Header, from io.Reader) error {
		if header.Size > limit {
			return fmt.Errorf("%d bytes are more than %d", header.Size, limit)
		}
		content, err = io.ReadAll(from)
		return err
	})
	return content, err
}

// LinkTarget returns where a link in an archive leads, or "" if the archive contains no link of that name. It reads
// only the part of the archive before the entry of that name.
func LinkTarget(ctx context.Context, archive, name string) (target string, err error) {
	err = findEntry(ctx, archive, name, func(header *tar.Header, _ io.Reader) error {
		if header.Typeflag == tar.TypeSymlink {
			target = header.Linkname
		}
		return nil
	})
	return target, err
}

// requireEntry calls visit for the file of a name. It returns fs.ErrNotExist if there is none.
func requireEntry(ctx context.Context, archive, name string, visit func(*tar.Header, io.Reader) error) error {
	isFile := false
	err := findEntry(ctx, archive, name, func(header *tar.Header, content io.Reader) error {
		if isFile = header.Typeflag == tar.TypeReg; !isFile {
			return nil
		}
		return visit(header, content)
	})
	if err == nil && !isFile {
		return &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return err
}

// findEntry calls visit for the first entry of a name, if there is one.
func findEntry(ctx context.Context, archive, name string, visit func(*tar.Header, io.Reader) error) error {
	err := openArchive(ctx, archive, func(header *tar.Header, content io.Reader) error {
		if path.Clean(header.Name) != name {
			return nil
		}
		if err := visit(header, content); err != nil {
			return err
		}
		return fs.SkipAll
	})
	if err != nil {
		return fmt.Errorf("read %s in %s: %w", name, filepath.Base(archive), err)
	}
	return nil
}
