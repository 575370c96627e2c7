package durable

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// ErrNotRegular is returned for an unexpected link, a socket or a device in a folder or an archive. Skipping it
// would silently lose what it leads to.
var ErrNotRegular = errors.New("neither a regular file nor a folder")

// Pack writes a folder into a tar.zst archive and returns the size of the archive in bytes. An existing
// archive of that name is replaced once the new one has been written, read back and synced. Entries directly in the
// folder that have one of the names in links may be symbolic links: the archive then contains the link, but not what
// it leads to. Pack returns ErrNotRegular if the folder contains anything else than files and folders, or ctx.Err.
func Pack(ctx context.Context, dir, archive string, links ...string) (size int64, err error) {
	err = publish(archive, 0o600, func(file *os.File) error {
		if err := writeArchive(ctx, file, dir, links); err != nil {
			return err
		}
		if size, err = file.Seek(0, io.SeekCurrent); err != nil {
			return err
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := ReadArchive(ctx, file, ignoreContent); err != nil {
			return fmt.Errorf("read the archive back: %w", err)
		}
		return nil
	}, os.Rename)
	if err != nil {
		return 0, fmt.Errorf("pack %s: %w", filepath.Base(dir), err)
	}
	return size, nil
}

func writeArchive(ctx context.Context, to io.Writer, dir string, links []string) error {
	// Recordings, which are most of the data, do not compress any further. The fastest level wastes the
	// least time on them.
	compressor, err := zstd.NewWriter(to, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressor)
	if err := addFolder(ctx, archive, dir, links); err != nil {
		return errors.Join(err, compressor.Close())
	}
	return errors.Join(archive.Close(), compressor.Close())
}

func addFolder(ctx context.Context, archive *tar.Writer, dir string, links []string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		isLink := entry.Type() == fs.ModeSymlink && slices.Contains(links, name)
		if !entry.IsDir() && !entry.Type().IsRegular() && !isLink {
			return fmt.Errorf("%s: %w", name, ErrNotRegular)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		var target string
		if isLink {
			if target, err = os.Readlink(path); err != nil {
				return err
			}
		}
		header, err := tar.FileInfoHeader(info, target)
		if err != nil {
			return err
		}
		header.Name = filepath.ToSlash(name)
		header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
		if err := archive.WriteHeader(header); err != nil || !entry.Type().IsRegular() {
			return err
		}
		return CopyFile(ctx, archive, path)
	})
}

// CheckArchive reads an archive completely and verifies its checksums. It returns an error if the
// archive is missing, damaged or empty, or ctx.Err.
func CheckArchive(ctx context.Context, archive string) error {
	return openArchive(ctx, archive, ignoreContent)
}

// Unpack creates a folder, which must not exist, with the content of an archive, and syncs it. The new
// files are accessible to their owner only. Unpack refuses entries outside the folder, and returns
// ErrNotRegular for devices and for links, except for those that links names, as in Pack: it creates them after all
// files, so that nothing is written through them. It calls allow, unless nil, with the number of bytes that it is
// about to write, and stops with the error of allow. After an error the folder may be incomplete, and the caller must
// remove it.
func Unpack(ctx context.Context, archive, dir string, allow func(bytes int64) error, links ...string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	folders := []string{dir}
	targets := map[string]string{} // of links, by their name
	err = openArchive(ctx, archive, func(header *tar.Header, content io.Reader) error {
		name := filepath.FromSlash(header.Name)
		switch header.Typeflag {
		case tar.TypeDir:
			folders = append(folders, filepath.Join(dir, name))
			return root.MkdirAll(name, 0o700)
		case tar.TypeReg:
			return NewFile(root, name, allowedReader{content, allow})
		}
		if header.Typeflag == tar.TypeSymlink && slices.Contains(links, name) {
			targets[name] = header.Linkname
			return nil
		}
		return fmt.Errorf("%q in the archive: %w", header.Name, ErrNotRegular)
	})
	for name, target := range targets {
		if err == nil {
			err = root.Symlink(target, name)
		}
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(archive), err)
	}
	for _, folder := range folders {
		if err := SyncDir(folder); err != nil {
			return err
		}
	}
	return nil
}

// NewFile creates a file in a folder, accessible to its owner only, and syncs it, but not the folder. After an error the file may
// be incomplete.
func NewFile(root *os.Root, name string, content io.Reader) (err error) {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	return file.Sync()
}

// allowedReader asks allow before it passes bytes on. allow may be nil.
type allowedReader struct {
	io.Reader
	allow func(bytes int64) error
}

func (r allowedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 && r.allow != nil {
		if err := r.allow(int64(n)); err != nil {
			return 0, err
		}
	}
	return n, err
}

func openArchive(ctx context.Context, archive string, visit func(*tar.Header, io.Reader) error) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	return ReadArchive(ctx, file, visit)
}

// ReadArchive calls visit for every entry of a tar.zst archive and verifies all checksums. If visit returns fs.SkipAll, ReadArchive
// returns nil at once. It returns an error if the archive is damaged or empty, the error of visit, or ctx.Err.
func ReadArchive(ctx context.Context, from io.Reader, visit func(*tar.Header, io.Reader) error) error {
	decompressor, err := zstd.NewReader(Reader(ctx, from), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return err
	}
	defer decompressor.Close()
	archive := tar.NewReader(decompressor)
	for entries := 0; ; entries++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			if entries == 0 {
				return errors.New("archive is empty")
			}
			_, err = io.Copy(io.Discard, decompressor) // the checksum follows the last entry
			return err
		}
		if err != nil {
			return err
		}
		if err := visit(header, archive); errors.Is(err, fs.SkipAll) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func ignoreContent(*tar.Header, io.Reader) error { return nil }
