package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

// Disk is a store in a folder.
type Disk struct {
	dir    string
	ledger *ledger.Ledger
}

var _ Store = (*Disk)(nil)

// NewDisk returns the store in a folder, which Put creates. It leaves the reserve of the ledger free.
func NewDisk(dir string, space *ledger.Ledger) *Disk { return &Disk{dir: dir, ledger: space} }

// Put implements Store.
func (d *Disk) Put(ctx context.Context, name Name, write func(io.Writer) error) (string, error) {
	key, err := name.newKey()
	if err != nil {
		return "", err
	}
	path := d.path(key)
	if err := d.makeFolder(filepath.Dir(path)); err != nil {
		return "", err
	}
	space := d.ledger.Writer(d.dir, "backup")
	defer space.Release()
	err = durable.CreateFile(path, 0o600, func(file io.Writer) error {
		return write(limitedWriter{ctx, file, space})
	})
	if err != nil {
		return "", err
	}
	return key, nil
}

// makeFolder creates a folder below the store's, so that it survives a power cut.
func (d *Disk) makeFolder(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("create folder for backups: %w", err)
	}
	return errors.Join(durable.SyncDir(filepath.Dir(path)), durable.SyncDir(filepath.Dir(filepath.Dir(path))))
}

// limitedWriter fails when the context ends or the disk has no space to spare.
type limitedWriter struct {
	ctx   context.Context
	file  io.Writer
	space *ledger.Writer
}

func (w limitedWriter) Write(p []byte) (int, error) {
	err := w.ctx.Err()
	if err == nil {
		err = w.space.Allow(int64(len(p)))
	}
	if err != nil {
		return 0, err
	}
	return w.file.Write(p)
}

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string) (io.ReadCloser, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	file, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// List implements Store.
func (d *Disk) List(ctx context.Context, folder string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		err := d.walk(ctx, folder, func(key string, info fs.FileInfo) error {
			if CheckKey(key) == nil && !yield(Info{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Info{}, fmt.Errorf("list backups: %w", err))
		}
	}
}

// Delete implements Store.
func (d *Disk) Delete(_ context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := os.Remove(d.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Sweep implements Store.
func (d *Disk) Sweep(ctx context.Context, folder string, before time.Time, isNamed func(string) bool) (removed int, err error) {
	isSpared := sparing(isNamed)
	err = d.walk(ctx, folder, func(key string, info fs.FileInfo) error {
		unfinished := durable.IsTemporary(key)
		if unfinished {
			complete, _, _ := strings.Cut(key, ".") // keys contain no dots
			unfinished = CheckKey(complete) == nil
		}
		if !info.ModTime().Before(before) || !unfinished && isSpared(key) {
			return nil
		}
		err := os.Remove(d.path(key))
		if err == nil && !unfinished {
			removed++
		}
		return err
	})
	if err != nil {
		return removed, fmt.Errorf("remove old files of backups: %w", err)
	}
	return removed, nil
}

// walk calls visit for the regular files in a folder. It skips what disappears in the meantime.
func (d *Disk) walk(ctx context.Context, folder string, visit func(key string, info fs.FileInfo) error) error {
	return filepath.WalkDir(filepath.Join(d.dir, folder), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		key, err := filepath.Rel(d.dir, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(key), info)
	})
}

// Location implements Store.
func (d *Disk) Location() string {
	if path, err := filepath.Abs(d.dir); err == nil {
		return path
	}
	return d.dir
}

func (d *Disk) path(key string) string { return filepath.Join(d.dir, filepath.FromSlash(key)) }
