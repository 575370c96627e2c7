package userdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// minUnnamedAge is the age from which a file that no record names is removed. What is being stored at this moment is
// younger.
const minUnnamedAge = 24 * time.Hour

// fileNames are the stored files that a database refers to.
type fileNames struct {
	collection string          // the id of the collection of recordings
	onDisk     map[string]bool // the ids of the recordings that are on disk, or would be if they had a file
	keys       map[string]bool // the keys of recordings in S3, and the keys and IDs of unfinished uploads

	meetings string          // the id of the collection of meetings; blank if they have no posters yet
	posters  map[string]bool // the paths of posters below the folder of that collection
}

// readFileNames reads the names of the stored files in a database file, and their size in S3. The names of a database
// that isn't migrated are nil.
func readFileNames(ctx context.Context, file string) (names *fileNames, inS3 int64, err error) {
	db, err := sqlite.Open(file)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if known, err := knowsS3(ctx, db); err != nil || !known {
		return nil, 0, err
	}
	if names, err = queryFileNames(ctx, db); err != nil {
		return nil, 0, fmt.Errorf("list stored files: %w", err)
	}
	inS3, err = sizeInS3(ctx, db, skipNothing)
	return names, inS3, err
}

func queryFileNames(ctx context.Context, db dbx.Builder) (*fileNames, error) {
	names := &fileNames{onDisk: map[string]bool{}, keys: map[string]bool{}, posters: map[string]bool{}}
	if err := collectionID(ctx, db, schema.Recordings).Row(&names.collection); err != nil {
		return nil, err
	}
	if err := names.queryPosters(ctx, db); err != nil {
		return nil, err
	}
	var recordings []struct {
		ID   string `db:"id"`
		Blob string `db:"blob"`
	}
	if err := db.Select("id", "blob").From(schema.Recordings).WithContext(ctx).All(&recordings); err != nil {
		return nil, err
	}
	for _, r := range recordings {
		if r.Blob == "" {
			names.onDisk[r.ID] = true
		} else {
			names.keys[r.Blob] = true
		}
	}
	var uploads []struct {
		Key string `db:"key"`
		ID  string `db:"id"`
	}
	err := db.NewQuery("SELECT COALESCE([[upload]] ->> '$.upload.key', '') AS [[key]], " +
		"COALESCE([[upload]] ->> '$.upload.id', '') AS [[id]] " +
		"FROM {{" + schema.Transfers + "}} WHERE json_valid([[upload]]) " +
		"UNION ALL SELECT COALESCE([[move]] ->> '$.key', ''), COALESCE([[move]] ->> '$.id', '') " +
		"FROM {{" + schema.Recordings + "}} WHERE json_valid([[move]])").WithContext(ctx).All(&uploads)
	if err != nil {
		return nil, err
	}
	for _, u := range uploads {
		names.keys[u.Key], names.keys[u.ID] = true, true
	}
	return names, nil
}

// contain reports whether a key is named. Files of other collections than recordings count as named.
func (n *fileNames) contain(key string) bool {
	if n.keys[key] {
		return true
	}
	parts := strings.Split(key, "/") // database, storage, collection, record, file
	if len(parts) != 5 || parts[1] != core.LocalStorageDirName || parts[2] == blob.PartialFolder {
		return false
	}
	return parts[2] != n.collection || n.onDisk[parts[3]]
}

// sweepDisk removes old files on disk that a database doesn't refer to. A failure is logged. The caller must have
// exclusive access.
func (s *Service) sweepDisk(ctx context.Context, database string, names *fileNames) {
	if names == nil {
		return
	}
	err := s.requireOwnStorage(ctx, database)
	removed := 0
	if err == nil {
		removed, err = s.blobs.Disk.Sweep(ctx, database, s.now().Add(-minUnnamedAge), names.contain)
	}
	if err == nil {
		var posters int
		posters, err = s.sweepPosters(ctx, database, names)
		removed += posters
	}
	s.logSweep(ctx, database, "disk", removed, err)
}

func (s *Service) logSweep(ctx context.Context, database, engine string, removed int, err error) {
	if removed > 0 {
		s.logger.InfoContext(ctx, "removed stored files that nothing refers to",
			"database", database, "storage", engine, "files", removed)
	}
	if err != nil && ctx.Err() == nil {
		s.logger.WarnContext(ctx, "failed to sweep stored files", "database", database, "storage", engine, "error", err)
	}
}

// withoutSweeps waits until no files are swept and prevents sweeps until release is called. It returns ctx.Err.
func (s *Service) withoutSweeps(ctx context.Context) (release func(), err error) {
	select {
	case s.sweeping <- struct{}{}:
		return func() { <-s.sweeping }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// s3Sweep removes files from S3 during one run of maintenance.
type s3Sweep struct {
	service *Service
	failed  bool // S3 is then left alone until the next run
}

func (w *s3Sweep) sweep(ctx context.Context, database string, names *fileNames) {
	s := w.service
	if s.blobs.S3 == nil || names == nil || w.failed {
		return
	}
	// Also if the names were read some time ago: what was stored since is younger than minUnnamedAge.
	removed, err := s.blobs.S3.Sweep(ctx, database, s.now().Add(-minUnnamedAge), names.contain)
	w.failed = err != nil
	s.logSweep(ctx, database, "S3", removed, err)
}
