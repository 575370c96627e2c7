package userdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Usage is what a database takes on the disk, in bytes.
type Usage struct {
	Bytes int64 `json:"bytes"`
	Quota int64 `json:"quota"` // 0 for no bound
}

// storageSize remembers for a moment what a database's stored files take: looking
// at each for every request would cost more than the request. Whoever changes them
// calls StorageChanged.
type storageSize struct {
	mu    sync.Mutex
	at    time.Time
	bytes int64
}

const storageSizeHolds = 10 * time.Second

// StorageChanged must be called after a file was put into the database's folder
// or taken from it.
func (d *Database) StorageChanged() {
	d.storage.mu.Lock()
	defer d.storage.mu.Unlock()
	d.storage.at = time.Time{}
}

// Usage measures an open database.
func (s *Service) Usage(db *Database) (Usage, error) {
	usage := Usage{Quota: s.quota}
	for _, file := range sqliteFiles {
		info, err := os.Stat(filepath.Join(s.Dir(db.Name), file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Usage{}, fmt.Errorf("measure user database %s: %w", db.Name, err)
		}
		usage.Bytes += info.Size()
	}
	stored, err := s.stored(db)
	usage.Bytes += stored
	return usage, err
}

var sqliteFiles = []string{
	sqlite.DataFile, sqlite.DataFile + "-wal", sqlite.DataFile + "-shm",
	sqlite.AuxiliaryFile, sqlite.AuxiliaryFile + "-wal", sqlite.AuxiliaryFile + "-shm",
}

// stored is the size of everything in a database's folder but the SQLite files.
func (s *Service) stored(db *Database) (int64, error) {
	db.storage.mu.Lock()
	defer db.storage.mu.Unlock()
	if age := time.Since(db.storage.at); age < storageSizeHolds {
		return db.storage.bytes, nil
	}
	entries, err := os.ReadDir(s.Dir(db.Name))
	if err != nil {
		return 0, fmt.Errorf("measure user database %s: %w", db.Name, err)
	}
	db.storage.bytes = 0
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		size, err := folderSize(filepath.Join(s.Dir(db.Name), entry.Name()))
		if err != nil {
			return 0, fmt.Errorf("measure user database %s: %w", db.Name, err)
		}
		db.storage.bytes += size
	}
	db.storage.at = time.Now()
	return db.storage.bytes, nil
}

// RoomFor returns ErrFull when so many more bytes are not within the quota.
func (s *Service) RoomFor(db *Database, bytes int64) error {
	if s.quota == 0 {
		return nil
	}
	usage, err := s.Usage(db)
	if err != nil {
		return err
	}
	if usage.Bytes+bytes > usage.Quota {
		return fmt.Errorf("%s are used of %s: %w", FormatBytes(usage.Bytes), FormatBytes(usage.Quota), ErrFull)
	}
	return nil
}

// FormatBytes gives 1.5 GB for 1500000000.
func FormatBytes(bytes int64) string {
	const unit = 1000
	if bytes < unit {
		return fmt.Sprintf("%d bytes", bytes)
	}
	value, suffix := float64(bytes), ""
	for _, suffix = range []string{"kB", "MB", "GB", "TB"} {
		if value /= unit; value < unit {
			break
		}
	}
	return fmt.Sprintf("%.1f %s", value, suffix)
}
