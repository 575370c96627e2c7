package userdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// queryPosters reads the names of posters, unless the database isn't migrated that far.
func (n *fileNames) queryPosters(ctx context.Context, db dbx.Builder) error {
	var known bool
	const query = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('" + schema.Meetings + "') WHERE [[name]] = 'poster')"
	if err := db.NewQuery(query).WithContext(ctx).Row(&known); err != nil || !known {
		return err
	}
	var posters []struct {
		ID   string `db:"id"`
		File string `db:"poster"`
	}
	hasPoster := dbx.Not(dbx.HashExp{"poster": ""})
	if err := db.Select("id", "poster").From(schema.Meetings).Where(hasPoster).WithContext(ctx).All(&posters); err != nil {
		return err
	}
	for _, p := range posters {
		n.posters[filepath.Join(p.ID, p.File)] = true
	}
	return collectionID(ctx, db, schema.Meetings).Row(&n.meetings)
}

// sweepPosters removes old posters that no meeting names, as a crash leaves them, and returns how many. Posters are always
// on disk. The caller must have exclusive access.
func (s *Service) sweepPosters(ctx context.Context, database string, names *fileNames) (removed int, err error) {
	if names.meetings == "" {
		return 0, nil
	}
	root := filepath.Join(s.storageDir(database), names.meetings)
	before := s.now().Add(-minUnnamedAge)
	var empty []string
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err := errors.Join(err, ctx.Err()); err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil || names.posters[relative] || !info.ModTime().Before(before) {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		removed++
		empty = append(empty, filepath.Dir(path))
		return nil
	})
	for _, folder := range empty {
		_ = os.Remove(folder) // succeeds only if nothing is left in it
	}
	if err != nil {
		return removed, fmt.Errorf("remove posters that no meeting names: %w", err)
	}
	return removed, nil
}
