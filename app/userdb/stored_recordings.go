package userdb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// storedRecording is a recording that has a file.
type storedRecording struct {
	ID   string `db:"id"`
	File string `db:"file"`
	Blob string `db:"blob"` // the key in S3; blank on disk
	Size int64  `db:"size"` // bytes

	path string // of the file in the folder of the database, with slashes, if it is on disk
}

func (r storedRecording) isInS3() bool { return r.Blob != "" }

func (r storedRecording) ref(database string) blob.Ref { return blobRef(database, r.Blob, r.path) }

// storedRecordings lists the recordings that have a file. Those of a database that isn't migrated are on disk.
func storedRecordings(ctx context.Context, db dbx.Builder) ([]storedRecording, error) {
	known, err := knowsS3(ctx, db)
	if err != nil {
		return nil, err
	}
	var collection string
	if err := collectionID(ctx, db, schema.Recordings).Row(&collection); err != nil {
		return nil, fmt.Errorf("find the collection of recordings: %w", err)
	}
	columns := []string{"id", "file", "size"}
	if known {
		columns = append(columns, "blob")
	}
	var recordings []storedRecording
	hasFile := dbx.Not(dbx.HashExp{"file": ""})
	err = db.Select(columns...).From(schema.Recordings).Where(hasFile).WithContext(ctx).All(&recordings)
	if err != nil {
		return nil, fmt.Errorf("list recordings: %w", err)
	}
	for i, r := range recordings {
		recordings[i].path = storedPath(collection, r)
	}
	return recordings, nil
}

// collectionID selects the id of a collection.
func collectionID(ctx context.Context, db dbx.Builder, name string) *dbx.SelectQuery {
	return db.Select("id").From("_collections").Where(dbx.HashExp{"name": name}).WithContext(ctx)
}

// storedPath returns the path of a recording's file in the folder of its database, if it is on disk.
func storedPath(collection string, r storedRecording) string {
	return path.Join(core.LocalStorageDirName, collection, r.ID, r.File)
}

// readStoredRecordings is storedRecordings for a file.
func readStoredRecordings(ctx context.Context, file string) (_ []storedRecording, err error) {
	db, err := sqlite.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return storedRecordings(ctx, db)
}

// sizesInS3 returns the sizes, in bytes, of those of the given recordings that are in S3, by their keys. It lists all
// objects of the database, which takes a request for every thousand of them instead of one for each. If none of the
// recordings is in S3, it asks nobody.
func (s *Service) sizesInS3(
	ctx context.Context, database string, recordings []storedRecording,
) (map[string]int64, error) {
	sizes := map[string]int64{}
	for _, r := range recordings {
		if r.isInS3() {
			sizes[r.Blob] = -1
		}
	}
	if len(sizes) == 0 {
		return nil, nil
	}
	store, err := s.blobs.Of(blob.EngineS3)
	if err != nil {
		return nil, ErrS3NotConfigured
	}
	for info, err := range store.List(ctx, database) {
		if err != nil {
			return nil, fmt.Errorf("list recordings in S3: %w", err)
		}
		if _, wanted := sizes[info.Key]; wanted {
			sizes[info.Key] = info.Size
		}
	}
	maps.DeleteFunc(sizes, func(_ string, size int64) bool { return size < 0 })
	return sizes, nil
}
