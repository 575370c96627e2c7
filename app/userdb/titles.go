package userdb

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Titles returns the titles of meetings in the named database, by the numbers of their recordings. It reads the file, which
// may be in use: nothing is opened, migrated or counted as a use of the database.
func (s *Service) Titles(ctx context.Context, name string, recordings []int64) (map[int64]string, error) {
	db, err := sqlite.OpenReadOnly(filepath.Join(s.Dir(name), sqlite.DataFile))
	if err != nil {
		return nil, fmt.Errorf("read titles in user database %s: %w", name, err)
	}
	defer db.Close()
	ids := make([]any, len(recordings))
	for i, id := range recordings {
		ids[i] = id
	}
	var rows []struct {
		Recording int64  `db:"recording_id"`
		Title     string `db:"title"`
	}
	err = db.Select("recording_id", "title").From(schema.Meetings).Where(dbx.In("recording_id", ids...)).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read titles in user database %s: %w", name, err)
	}
	titles := make(map[int64]string, len(rows))
	for _, row := range rows {
		titles[row.Recording] = row.Title
	}
	return titles, nil
}
