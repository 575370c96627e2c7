package userdb

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// pack writes a folder into a compressed archive and returns its size. The
// archive appears under its name when it is whole, read back and on the disk.
func pack(ctx context.Context, dir, target string) (size int64, err error) {
	temporary := target + unfinished
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("pack %s: %w", filepath.Base(dir), err), ignoreMissing(os.Remove(temporary)))
		}
	}()
	if size, err = writeArchive(ctx, dir, temporary); err != nil {
		return 0, err
	}
	if err := readArchive(ctx, temporary, ignoreContent); err != nil {
		return 0, fmt.Errorf("read the archive back: %w", err)
	}
	if err := os.Rename(temporary, target); err != nil {
		return 0, err
	}
	return size, SyncPath(filepath.Dir(target))
}

func writeArchive(ctx context.Context, dir, path string) (size int64, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// Recordings, which are most of it, can't be compressed any further: the
	// fastest level finds that out at the least cost.
	compressor, err := zstd.NewWriter(file, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return 0, err
	}
	archive := tar.NewWriter(compressor)
	if err := addFolder(ctx, archive, dir); err != nil {
		return 0, errors.Join(err, compressor.Close())
	}
	if err := errors.Join(archive.Close(), compressor.Close(), file.Sync()); err != nil {
		return 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func addFolder(ctx context.Context, archive *tar.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		if !entry.IsDir() && !entry.Type().IsRegular() {
			return notAFile(path)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		header, err := tar.FileInfoHeader(info, "")
		if err != nil {
			return err
		}
		header.Name = filepath.ToSlash(name)
		header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
		if err := archive.WriteHeader(header); err != nil || entry.IsDir() {
			return err
		}
		return copyFile(ctx, archive, path)
	})
}

// notAFile is the error for a link, say to where there is more room: what it leads
// to would be missing from an archive that looks whole.
func notAFile(path string) error {
	return fmt.Errorf("%s is neither a file nor a folder", filepath.Base(path))
}

func copyFile(ctx context.Context, to io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, contextReader{ctx, file})
	return errors.Join(err, file.Close())
}

func ignoreContent(*tar.Header, io.Reader) error { return nil }

// readArchive calls fn with everything in an archive and checks the checksums of
// all of it.
func readArchive(ctx context.Context, path string, fn func(*tar.Header, io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	decompressor, err := zstd.NewReader(contextReader{ctx, file}, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer decompressor.Close()
	archive := tar.NewReader(decompressor)
	for entries := 0; ; entries++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			if entries == 0 {
				return errors.New("the archive is empty")
			}
			_, err = io.Copy(io.Discard, decompressor) // up to the checksum
			return err
		}
		if err != nil {
			return err
		}
		if err := fn(header, archive); err != nil {
			return err
		}
	}
}

// unpack makes the folder of an archive, for good. It takes files and folders
// inside of it and nothing else.
func unpack(ctx context.Context, path, dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	folders := []string{dir}
	err = readArchive(ctx, path, func(header *tar.Header, content io.Reader) error {
		switch header.Typeflag {
		case tar.TypeDir:
			folders = append(folders, filepath.Join(dir, filepath.FromSlash(header.Name)))
			return root.MkdirAll(filepath.FromSlash(header.Name), 0o700)
		case tar.TypeReg:
			return unpackFile(root, header, content)
		default:
			return fmt.Errorf("%q in the archive is neither a file nor a folder", header.Name)
		}
	})
	if err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(path), err)
	}
	for _, folder := range folders {
		if err := SyncPath(folder); err != nil {
			return err
		}
	}
	return nil
}

func unpackFile(root *os.Root, header *tar.Header, content io.Reader) (err error) {
	file, err := root.OpenFile(filepath.FromSlash(header.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	return file.Sync()
}

// contextReader ends a long copy with its context.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
