package backup

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// withFile calls use with a SQLite file that nobody else uses, and closes it.
func withFile(path string, use func(*dbx.DB) error) error {
	db, err := sqlite.OpenReadOnly(path)
	if err != nil {
		return err
	}
	return errors.Join(use(db), db.Close())
}

// readRegistry returns the databases of this server that have files, oldest first. file is a global database.
func readRegistry(ctx context.Context, file string) (entries []registry.Entry, err error) {
	err = withFile(file, func(db *dbx.DB) (err error) {
		entries, err = registry.Here(ctx, db)
		return err
	})
	if err != nil {
		return nil, err
	}
	hasFiles := []registry.Status{registry.StatusReady, registry.StatusArchived, registry.StatusDeleting}
	return slices.DeleteFunc(entries, func(entry registry.Entry) bool {
		return !slices.Contains(hasFiles, entry.Status) || !entry.PurgeStarted.IsZero() || !registry.ValidName(entry.Name)
	}), nil
}

// recordedFile is a recording as a user database describes it.
type recordedFile struct {
	ID     string `db:"id"`
	File   string `db:"file"`
	Blob   string `db:"blob"`
	Size   int64  `db:"size"`
	SHA256 string `db:"sha256"` // blank in records of earlier versions

	path    string // where the file would be on disk, in the folder of the database
	storage string // where the storage folder of an archived database is; blank: in its folder
}

// diskPath returns the path of the file of a recording on disk.
func (f recordedFile) diskPath(folder string) string {
	if f.storage != "" {
		return filepath.Join(f.storage, filepath.FromSlash(strings.TrimPrefix(f.path, core.LocalStorageDirName+"/")))
	}
	return filepath.Join(folder, filepath.FromSlash(f.path))
}

// readRecordings returns the recordings that have a file. Older schemas lack some columns.
func readRecordings(ctx context.Context, db *dbx.DB) (recordings []recordedFile, err error) {
	var columns []string
	if err := db.NewQuery("SELECT name FROM pragma_table_info({:table})").Bind(dbx.Params{"table": schema.Recordings}).WithContext(ctx).Column(&columns); err != nil {
		return nil, fmt.Errorf("read the schema of recordings: %w", err)
	}
	selected := []string{"id", "file", "size"}
	for _, column := range []string{"blob", "sha256"} {
		if slices.Contains(columns, column) {
			selected = append(selected, column)
		}
	}
	var collection string
	err = db.Select("id").From("_collections").Where(dbx.HashExp{"name": schema.Recordings}).WithContext(ctx).Row(&collection)
	if err != nil {
		return nil, fmt.Errorf("find the collection of recordings: %w", err)
	}
	err = db.Select(selected...).From(schema.Recordings).Where(dbx.Not(dbx.HashExp{"file": ""})).OrderBy("id").WithContext(ctx).All(&recordings)
	if err != nil {
		return nil, fmt.Errorf("list recordings: %w", err)
	}
	for i, r := range recordings {
		recordings[i].path = path.Join(core.LocalStorageDirName, collection, r.ID, r.File)
	}
	return recordings, nil
}

// quickCheck returns an error if SQLite finds damage in a file.
func quickCheck(ctx context.Context, db *dbx.DB) error {
	var faults []string
	if err := db.NewQuery("PRAGMA quick_check(3)").WithContext(ctx).Column(&faults); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if !slices.Equal(faults, []string{"ok"}) {
		return fmt.Errorf("check the database: SQLite found damage: %s", faults[0])
	}
	return nil
}
