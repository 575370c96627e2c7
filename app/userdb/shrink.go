package userdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const (
	// minShrinkable is the size in bytes below which emptying a write-ahead log is not worth the work.
	minShrinkable = 256 << 10

	// A file is compacted if its free pages have at least minFree bytes and make up a quarter of it. Compacting
	// takes as much memory as the other pages, of at most maxCompacted bytes.
	minFree      = 4 << 20
	maxCompacted = 64 << 20

	// shrinkTimeout limits how long making files smaller may take.
	shrinkTimeout = 10 * time.Second
)

// ShrinkLog moves the write-ahead log of a database into its file, so that no second copy of large records
// remains, unless somebody is using the database at this moment.
func (s *Service) ShrinkLog(db *Database) { s.shrinkLog(s.Dir(db.Name)) }

func (s *Service) shrinkLog(dir string) {
	path := filepath.Join(dir, sqlite.DataFile)
	info, err := os.Stat(path + "-wal")
	if err != nil || info.Size() < minShrinkable {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), shrinkTimeout)
	defer cancel()
	if err := sqlite.TruncateLog(ctx, path); err != nil {
		s.logger.DebugContext(ctx, "failed to shrink the write-ahead log of a user database",
			"database", filepath.Base(dir), "error", err)
	}
}

// ReclaimSpace gives the space of deleted records back to the file system if it is worth the work and others
// don't write all the time. Otherwise SQLite uses it for later records.
func (s *Service) ReclaimSpace(db *Database) {
	s.ShrinkLog(db)
	if err := s.compact(db); err != nil {
		s.logger.Debug("failed to compact a user database", "database", db.Name, "error", err)
	}
}

func (s *Service) compact(db *Database) error {
	path := filepath.Join(s.Dir(db.Name), sqlite.DataFile)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	free, err := freeSpace(db.App)
	if err != nil {
		return err
	}
	remaining := info.Size() - free
	if free < minFree || free < info.Size()/4 || remaining > maxCompacted || !s.compacting.TryLock() {
		return nil
	}
	defer s.compacting.Unlock()
	space, err := s.ledger.Reserve(s.Dir(db.Name), "compaction", 2*remaining)
	if err != nil {
		return fmt.Errorf("compact user database %s: %w", db.Name, err)
	}
	defer space.Release()
	ctx, cancel := context.WithTimeout(context.Background(), shrinkTimeout)
	defer cancel()
	return sqlite.Compact(ctx, path)
}
