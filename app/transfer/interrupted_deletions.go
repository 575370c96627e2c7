package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// interruptedDeletionsFrom selects the meetings whose deletion was interrupted.
const interruptedDeletionsFrom = "FROM {{" + schema.DeletedMeetings + "}} " +
	"JOIN {{" + schema.Meetings + "}} USING ([[recording_id]])"

// completeDeletionsLater completes the interrupted deletions of a database in the background.
func (s *Service) completeDeletionsLater(database string, after time.Duration) {
	s.cleanups.add(cleanupKey{database: database}, after, func(ctx context.Context) error {
		db, err := s.databases.Acquire(ctx, database)
		if registry.IsNotHere(err) {
			return nil
		}
		if err != nil {
			return err
		}
		defer db.Release()
		return s.completeDeletions(ctx, db.Database)
	})
}

// completeDeletions deletes the meetings whose deletion was interrupted, except for those that need S3 while it fails.
func (s *Service) completeDeletions(ctx context.Context, db *userdb.Database) error {
	var ids []int64
	err := db.App.ConcurrentDB().NewQuery("SELECT [[recording_id]] " + interruptedDeletionsFrom).Column(&ids)
	if err != nil {
		return fmt.Errorf("find interrupted deletions: %w", err)
	}
	var failed error
	for _, recordingID := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.completeDeletion(ctx, db, recordingID); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func (s *Service) completeDeletion(ctx context.Context, db *userdb.Database, recordingID int64) error {
	remove := func() error { return s.PrepareRecordingDeletion(ctx, db, recordingID) }
	inS3, err := isInS3(db.App, recordingID)
	if err == nil && inS3 {
		err = s.cleanups.withS3(remove)
	} else if err == nil {
		err = remove()
	}
	if err != nil {
		return err
	}
	meeting, err := db.App.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // its owner has repeated the deletion
	}
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", recordingID, err)
	}
	if err := db.App.Delete(meeting); err != nil {
		return fmt.Errorf("delete meeting %d: %w", recordingID, err)
	}
	return nil
}
