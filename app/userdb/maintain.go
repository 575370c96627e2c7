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

// What PocketBase's own crons would delete, which don't run in a user database.
const (
	keepLogs   = 5 * 24 * time.Hour // PocketBase's default
	keepTokens = 24 * time.Hour     // one-time passwords and second factors last minutes
)

// Maintain does for databases that were used since the last time what PocketBase's
// crons do for one that is always running: old logs and expired tokens go, the
// planner's statistics are brought up to date, logs are written into their files,
// and the size is written down. One that is open is closed for it, unless it is in
// use: then it is left for the next time. What fails is logged. The error is that
// of ctx or of the registry.
func (s *Service) Maintain(ctx context.Context) error {
	s.recordUses(ctx)
	entries, err := s.registry.All(ctx)
	if err != nil {
		return err
	}
	done, began := 0, s.now()
	for _, entry := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		open, handles, _ := s.pool.Usage(entry.Name)
		if entry.Status != registry.StatusReady || handles > 0 || !open && !entry.UnusedSince().After(entry.MaintainedAt) {
			continue
		}
		switch err := s.maintain(ctx, entry); {
		case err == nil:
			done++
		case !errors.Is(err, ErrInUse) && !hasMovedOn(err):
			s.logger.Error("maintain a user database", "database", entry.Name, "error", err)
		}
	}
	s.logger.Info("user databases maintained", "databases", done, "took", s.now().Sub(began).Round(time.Millisecond))
	return nil
}

func (s *Service) maintain(ctx context.Context, entry registry.Entry) error {
	return s.aloneReady(ctx, entry.Name, func(entry registry.Entry) error {
		dir := s.Dir(entry.Name)
		if there, err := hasData(dir); err != nil || !there {
			return errors.Join(errMissing, err)
		}
		err := tidy(ctx, filepath.Join(dir, sqlite.DataFile), map[string]time.Time{
			core.CollectionNameOTPs: s.now().Add(-keepTokens), core.CollectionNameMFAs: s.now().Add(-keepTokens)})
		if err != nil {
			return err
		}
		if there, err := exists(filepath.Join(dir, sqlite.AuxiliaryFile)); err != nil {
			return err
		} else if there {
			err := tidy(ctx, filepath.Join(dir, sqlite.AuxiliaryFile), map[string]time.Time{core.LogsTableName: s.now().Add(-keepLogs)})
			if err != nil {
				return err
			}
		}
		size, err := folderSize(dir)
		if err != nil {
			return err
		}
		return s.registry.RecordUsage(ctx, map[string]registry.UsageUpdate{entry.Name: {Size: size, Maintained: s.now()}})
	})
}

// tidy deletes rows created before a time, by table, and leaves the file without
// a log.
func tidy(ctx context.Context, path string, before map[string]time.Time) (err error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for table, limit := range before {
		stamp, err := types.ParseDateTime(limit)
		if err != nil {
			return err
		}
		if _, err := db.Delete(table, dbx.NewExp("created < {:limit}", dbx.Params{"limit": stamp.String()})).WithContext(ctx).Execute(); err != nil {
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
