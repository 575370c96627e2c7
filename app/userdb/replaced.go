package userdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// errReplaced means that somebody removed or replaced the files of an open database, which is still in use.
var errReplaced = errors.New("its files were removed or replaced while it was open")

// pin opens a database, if necessary, and keeps it open. SQLite would go on writing to files that somebody has removed or
// replaced, and nobody would ever see that data again. Such a database is closed and opened again, which fails if its files are
// missing.
func (s *Service) pin(ctx context.Context, name string) (*pool.Handle[*Database], error) {
	if !registry.ValidName(name) {
		return nil, registry.ErrNotFound
	}
	for first := true; ; first = false {
		pin, err := s.pool.Acquire(ctx, name)
		if err != nil {
			return nil, translatePoolError(err)
		}
		if !first || !pin.Value.isReplaced() {
			return pin, nil
		}
		if !pin.Value.replaced.Swap(true) {
			s.logger.ErrorContext(ctx, "files of an open user database were removed or replaced: closing it", "database", name)
		}
		pin.Release()
		switch err := s.exclusively(ctx, name, func() error { return nil }); {
		case errors.Is(err, ErrInUse):
			return nil, fmt.Errorf("open user database %s: %w", name, errReplaced)
		case err != nil:
			return nil, err
		}
	}
}

// isReplaced reports whether another file, or none, is where the file of an open database was.
func (d *Database) isReplaced() bool {
	now, err := os.Stat(filepath.Join(d.App.DataDir(), sqlite.DataFile))
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return !os.SameFile(d.file, now)
}
