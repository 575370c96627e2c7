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

// Usage is the disk space that a database uses, in bytes.
type Usage struct {
	Bytes int64 `json:"bytes"`
	Quota int64 `json:"quota"` // 0 means no limit
}

// Usage measures an open database. The size of its stored files may be up to 10 seconds old, unless
// StorageChanged has been called since.
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
	stored, err := s.storageSize(db)
	if err != nil {
		return Usage{}, fmt.Errorf("measure user database %s: %w", db.Name, err)
	}
	usage.Bytes += stored
	return usage, nil
}

var sqliteFiles = []string{
	sqlite.DataFile, sqlite.DataFile + "-wal", sqlite.DataFile + "-shm",
	sqlite.AuxiliaryFile, sqlite.AuxiliaryFile + "-wal", sqlite.AuxiliaryFile + "-shm",
}

// storageSizeTTL is how long the size of the stored files is cached. Measuring them for every request
// would cost more than the request.
const storageSizeTTL = 10 * time.Second

// cachedSize is the size of a database's stored files, which excludes those of SQLite.
type cachedSize struct {
	mu       sync.Mutex
	measured time.Time // zero when it must be measured again
	bytes    int64
}

// StorageChanged must be called after a file was added to the folder of the database or removed from
// it.
func (d *Database) StorageChanged() {
	d.storage.mu.Lock()
	defer d.storage.mu.Unlock()
	d.storage.measured = time.Time{}
}

// storageSize returns the size of a database's stored files in bytes, from the cache if it is recent.
func (s *Service) storageSize(db *Database) (int64, error) {
	cached := &db.storage
	cached.mu.Lock()
	defer cached.mu.Unlock()
	now := s.now()
	if now.Sub(cached.measured) < storageSizeTTL {
		return cached.bytes, nil
	}
	entries, err := os.ReadDir(s.Dir(db.Name))
	if err != nil {
		return 0, err
	}
	var bytes int64
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		size, err := folderSize(filepath.Join(s.Dir(db.Name), entry.Name()))
		if err != nil {
			return 0, err
		}
		bytes += size
	}
	cached.bytes, cached.measured = bytes, now
	return bytes, nil
}
