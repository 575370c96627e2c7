package userdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Usage is what a database uses, on disk and in S3, in bytes.
type Usage struct {
	Bytes    int64 `json:"bytes"`
	Reserved int64 `json:"reserved"` // for what is being written; not part of Bytes
	Quota    int64 `json:"quota"`    // 0 means no limit
}

// Usage measures an open database. Free pages inside its files don't count, because SQLite uses them before
// the files grow.
func (s *Service) Usage(db *Database) (Usage, error) {
	usage, err := db.Space.Usage()
	if err != nil {
		return Usage{}, fmt.Errorf("measure user database %s: %w", db.Name, err)
	}
	return Usage{Bytes: usage.Used, Reserved: usage.Reserved, Quota: s.quota}, nil
}

// StorageChanged must be called after a file was added to the database or removed from it, on disk or in S3, unless a
// ledger.File reported it.
func (d *Database) StorageChanged() { d.Space.Changed() }

// newAccount returns the account of a database that is being opened.
func (s *Service) newAccount(db *Database) *ledger.Account {
	dir := s.Dir(db.Name)
	return s.ledger.Account(ledger.AccountConfig{
		Dir: dir, Quota: s.quota, Now: s.now,
		Stored:  func(skip func(string) bool) (int64, error) { return storedSize(dir, db.App, skip) },
		Growing: func() (int64, error) { return rowsSize(dir, db.App) },
		Shrink:  func() { s.shrinkLog(dir) },
	})
}

var sqliteFiles = []string{
	sqlite.DataFile, sqlite.DataFile + "-wal", sqlite.DataFile + "-shm",
	sqlite.AuxiliaryFile, sqlite.AuxiliaryFile + "-wal", sqlite.AuxiliaryFile + "-shm",
}

// sqliteSize returns the size of SQLite's files in a folder, in bytes.
func sqliteSize(dir string) (int64, error) {
	var bytes int64
	for _, file := range sqliteFiles {
		info, err := os.Stat(filepath.Join(dir, file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		bytes += info.Size()
	}
	return bytes, nil
}

// freeSpaceSQL returns the size of the free pages in bytes.
const freeSpaceSQL = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"

// rowsSize returns the size of SQLite's files of an open database without the free pages, in bytes.
func rowsSize(dir string, app core.App) (int64, error) {
	bytes, err := sqliteSize(dir)
	if err != nil {
		return 0, err
	}
	free, err := freeSpace(app)
	return max(bytes-free, 0), err
}

// freeSpace returns the size of the free pages in data.db, in bytes.
func freeSpace(app core.App) (free int64, err error) {
	if err := app.ConcurrentDB().NewQuery(freeSpaceSQL).Row(&free); err != nil {
		return 0, fmt.Errorf("read the number of free pages: %w", err)
	}
	return free, nil
}

// storedSize returns the size of the stored files of an open database in bytes, on disk and in S3, without those of
// SQLite. A recording that is being moved counts once, or its owner might lack the space for another one. skip is
// called with paths and keys.
func storedSize(dir string, app core.App, skip func(name string) bool) (int64, error) {
	copies, err := copiesToDisk(context.Background(), app.ConcurrentDB(), filepath.Dir(dir))
	if err != nil {
		return 0, err
	}
	var bytes int64
	err = walkFiles(dir, func(path string, entry fs.DirEntry) error {
		if filepath.Dir(path) == dir || copies[path] || skip(path) {
			return nil
		}
		size, err := sizeOf(entry)
		bytes += size
		return err
	})
	if err != nil {
		return 0, err
	}
	remote, err := sizeInS3(context.Background(), app.ConcurrentDB(), skip)
	return bytes + remote, err
}
