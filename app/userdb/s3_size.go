package userdb

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	recordingsInS3SQL = "SELECT COALESCE(SUM([[size]]), 0) FROM {{" + schema.Recordings + "}} WHERE [[blob]] != ''"

	// Once a recording has been published, its upload no longer counts.
	uploadsToS3SQL = "SELECT COALESCE([[upload]] ->> '$.upload.key', '') AS [[key]], " +
		"COALESCE([[upload]] ->> '$.upload.size', 0) AS [[size]] " +
		"FROM {{" + schema.Transfers + "}} " +
		"WHERE CASE WHEN json_valid([[upload]]) THEN [[upload]] ->> '$.upload.engine' END = " +
		"'" + string(blob.EngineS3) + "' " +
		"AND [[upload]] ->> '$.upload.key' NOT IN (SELECT [[blob]] FROM {{" + schema.Recordings + "}} WHERE [[blob]] != '')"
)

// sizeInS3 returns what a migrated database has in S3, in bytes: its recordings, and unfinished uploads except those
// for whose keys skip returns true.
func sizeInS3(ctx context.Context, db dbx.Builder, skip func(key string) bool) (int64, error) {
	var bytes int64
	if err := db.NewQuery(recordingsInS3SQL).WithContext(ctx).Row(&bytes); err != nil {
		return 0, fmt.Errorf("measure recordings in S3: %w", err)
	}
	var uploads []struct {
		Key  string `db:"key"`
		Size int64  `db:"size"`
	}
	if err := db.NewQuery(uploadsToS3SQL).WithContext(ctx).All(&uploads); err != nil {
		return 0, fmt.Errorf("measure unfinished uploads to S3: %w", err)
	}
	for _, upload := range uploads {
		if !skip(upload.Key) {
			bytes += upload.Size
		}
	}
	return bytes, nil
}

// copiesToDiskSQL selects the names of the partial and of the complete file of each recording that is being moved from
// S3.
const copiesToDiskSQL = "SELECT COALESCE([[move]] ->> '$.id', '') AS [[id]], " +
	"COALESCE([[move]] ->> '$.key', '') AS [[key]] " +
	"FROM {{" + schema.Recordings + "}} " +
	"WHERE [[blob]] != '' AND CASE WHEN json_valid([[move]]) THEN [[move]] ->> '$.engine' END = " +
	"'" + string(blob.EngineDisk) + "'"

// copiesToDisk returns the paths of the files on disk that are copies of recordings in S3. root contains the folders of
// the databases.
func copiesToDisk(ctx context.Context, db dbx.Builder, root string) (map[string]bool, error) {
	var moves []struct {
		ID  string `db:"id"`
		Key string `db:"key"`
	}
	if err := db.NewQuery(copiesToDiskSQL).WithContext(ctx).All(&moves); err != nil {
		return nil, fmt.Errorf("list the recordings that are being moved: %w", err)
	}
	paths := make(map[string]bool, 2*len(moves))
	for _, move := range moves {
		paths[filepath.Join(root, filepath.FromSlash(move.ID))] = true
		paths[filepath.Join(root, filepath.FromSlash(move.Key))] = true
	}
	return paths, nil
}

// knowsS3 reports whether a database has been migrated to the schema that can refer to files in S3.
func knowsS3(ctx context.Context, db dbx.Builder) (known bool, err error) {
	const query = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('" + schema.Transfers + "') WHERE [[name]] = 'upload')"
	if err := db.NewQuery(query).WithContext(ctx).Row(&known); err != nil {
		return false, fmt.Errorf("read the schema: %w", err)
	}
	return known, nil
}

// folderSizeInS3 is sizeInS3 for the folder of a database, which may be open and need not be migrated.
func folderSizeInS3(ctx context.Context, dir string) (int64, error) {
	db, err := sqlite.OpenReadOnly(filepath.Join(dir, sqlite.DataFile)) // commands that only show the size change nothing
	if err != nil {
		return 0, err
	}
	defer db.Close()
	known, err := knowsS3(ctx, db)
	if err != nil || !known {
		return 0, err
	}
	return sizeInS3(ctx, db, skipNothing)
}

func skipNothing(string) bool { return false }
