package userdb

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Ages at which maintenance deletes rows. PocketBase's crons, which would delete them, do not run in
// user databases.
const (
	keepLogs   = 5 * 24 * time.Hour // PocketBase's default
	keepTokens = 24 * time.Hour     // one-time passwords and second factors are valid for minutes
)

// Maintain does the work of PocketBase's crons for all databases that were opened since their last
// maintenance: it deletes old logs and expired tokens, updates the statistics of the query planner,
// truncates the write-ahead logs and records the size. It also removes stored files that no recording or
// transfer refers to. It closes a database that is open but not in use, and skips databases in use until the
// next run. Failures are logged. Maintain returns ctx.Err or an error of the registry.
func (s *Service) Maintain(ctx context.Context) error {
	s.recordUsage(ctx)
	entries, err := s.registry.All(ctx)
	if err != nil {
		return err
	}
	maintained, started := 0, s.now()
	s3 := &s3Sweep{service: s}
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		open, handles, _ := s.pool.Usage(entry.Name)
		usedSince := open || entry.UnusedSince().After(entry.MaintainedAt) || s.hasWriteAheadLog(entry.Name)
		if entry.Status != registry.StatusReady || handles > 0 || !usedSince {
			continue
		}
		err := s.maintainAndSweep(ctx, entry, s3)
		switch {
		case err == nil:
			maintained++
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, ErrInUse) && !isConflict(err):
			s.logger.ErrorContext(ctx, "failed to maintain user database", "database", entry.Name, "error", err)
		}
	}
	took := s.now().Sub(started).Round(time.Millisecond)
	s.logger.InfoContext(ctx, "user databases maintained", "databases", maintained, "took", took)
	return nil
}

// maintainAndSweep maintains a database and sweeps its files. No restore from a backup, which brings back names of files, comes
// between the two.
func (s *Service) maintainAndSweep(ctx context.Context, entry registry.Entry, s3 *s3Sweep) error {
	release, err := s.withoutSweeps(ctx)
	if err != nil {
		return err
	}
	defer release()
	names, err := s.maintain(ctx, entry)
	if err == nil {
		s3.sweep(ctx, entry.Name, names)
	}
	return err
}

// hasWriteAheadLog reports whether a database was opened since its last maintenance, which removes the log. Jobs
// open it, too, but don't count as a use.
func (s *Service) hasWriteAheadLog(name string) bool {
	found, err := exists(filepath.Join(s.Dir(name), sqlite.DataFile+"-wal"))
	return found || err != nil // maintenance reports the error
}

// maintain returns the names of the stored files that the database refers to. Files in S3 are swept with them after the
// exclusive access has ended, because nobody should have to wait for S3.
func (s *Service) maintain(ctx context.Context, entry registry.Entry) (names *fileNames, err error) {
	err = s.exclusivelyReady(ctx, entry.Name, func(entry registry.Entry) error {
		dir := s.Dir(entry.Name)
		if err := requireData(dir); err != nil {
			return err
		}
		err := pruneAndOptimize(ctx, filepath.Join(dir, sqlite.DataFile), map[string]time.Time{
			core.CollectionNameOTPs: s.now().Add(-keepTokens), core.CollectionNameMFAs: s.now().Add(-keepTokens),
		})
		if err != nil {
			return err
		}
		logs := filepath.Join(dir, sqlite.AuxiliaryFile)
		if found, err := exists(logs); err != nil {
			return err
		} else if found {
			err := pruneAndOptimize(ctx, logs, map[string]time.Time{core.LogsTableName: s.now().Add(-keepLogs)})
			if err != nil {
				return err
			}
		}
		if err := removeLeftovers(dir); err != nil {
			return err
		}
		var inS3 int64
		if names, inS3, err = readFileNames(ctx, filepath.Join(dir, sqlite.DataFile)); err != nil {
			return err
		}
		s.sweepDisk(ctx, entry.Name, names)
		size, err := folderSize(dir)
		if err != nil {
			return err
		}
		return s.registry.RecordUsage(ctx, map[string]registry.UsageUpdate{
			entry.Name: {Size: size, SizeInS3: inS3, Maintained: s.now()},
		})
	})
	return names, err
}

// pruneAndOptimize deletes the rows of each table that were created before the given time, updates the
// statistics of the query planner and empties the write-ahead log.
func pruneAndOptimize(ctx context.Context, path string, cutoffs map[string]time.Time) (err error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for table, cutoff := range cutoffs {
		stamp, err := types.ParseDateTime(cutoff)
		if err != nil {
			return err
		}
		old := dbx.NewExp("created < {:cutoff}", dbx.Params{"cutoff": stamp.String()})
		if _, err := db.Delete(table, old).WithContext(ctx).Execute(); err != nil {
			return err
		}
	}
	for _, pragma := range []string{"PRAGMA optimize=0x10002", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.NewQuery(pragma).WithContext(ctx).Execute(); err != nil {
			return err
		}
	}
	return nil
}
