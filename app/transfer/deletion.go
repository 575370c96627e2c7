package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// stopTimeout limits how long a deletion waits for the end of a running transfer.
const stopTimeout = 15 * time.Second

// ErrTransferStopping means that a cancelled transfer has not stopped yet. The caller may repeat the deletion.
var ErrTransferStopping = errors.New("transfer is still stopping")

// errMeetingDeleted means that the owner has deleted a meeting, which a sync must not bring back.
var errMeetingDeleted = errors.New("meeting was deleted by its owner")

// PrepareMeetingDeletion removes everything that belongs to a meeting except for its records, which the caller
// then deletes in one transaction: it cancels the active job, waits for its end and removes the recording's
// files. From its start on, no sync creates the meeting again and no transfer runs for it. Every step may be
// repeated. If one fails, or a crash interrupts the deletion, it is completed in the background. PrepareMeetingDeletion
// returns ErrTransferStopping if the job takes too long to stop, and a *blob.Error if the storage fails.
func (s *Service) PrepareMeetingDeletion(ctx context.Context, db *userdb.Database, meeting *core.Record) error {
	recordingID := int64(meeting.GetInt("recording_id"))
	if err := recordDeletion(db.App, recordingID); err != nil {
		return err
	}
	err := s.PrepareRecordingDeletion(ctx, db, recordingID)
	if err != nil {
		s.completeDeletionsLater(db.Name, cleanupPause)
	}
	return err
}

// PrepareRecordingDeletion cancels the active transfer of a recording, waits for its end and removes the
// recording's files, finished or not. The caller then deletes the record. It returns ErrTransferStopping if the
// job takes too long to stop, and a *blob.Error if the storage fails.
func (s *Service) PrepareRecordingDeletion(ctx context.Context, db *userdb.Database, recordingID int64) error {
	if err := s.queue.CancelActive(KindTransfer, db.UserID, strconv.FormatInt(recordingID, 10)); err != nil {
		return fmt.Errorf("cancel the transfer of recording %d: %w", recordingID, err)
	}
	stopping, cancel := context.WithTimeoutCause(ctx, stopTimeout, ErrTransferStopping)
	defer cancel()
	if err := s.running.wait(stopping, transferKey{db.Name, recordingID}); err != nil {
		return fmt.Errorf("wait for the transfer of recording %d: %w", recordingID, err)
	}
	return withinRemovalTimeout(ctx, func(ctx context.Context) error { return s.removeFiles(ctx, db, recordingID) })
}

// recordDeletion records that a meeting is deleted, unless that is recorded already.
func recordDeletion(app core.App, recordingID int64) error {
	err := app.RunInTransaction(func(tx core.App) error {
		if err := requireNotDeleted(tx, recordingID); err != nil {
			return err
		}
		collection, err := tx.FindCachedCollectionByNameOrId(schema.DeletedMeetings)
		if err != nil {
			return err
		}
		deleted := core.NewRecord(collection)
		deleted.Set("recording_id", recordingID)
		return tx.Save(deleted)
	})
	if err != nil && !errors.Is(err, errMeetingDeleted) {
		return fmt.Errorf("record the deletion of meeting %d: %w", recordingID, err)
	}
	return nil
}

// requireNotDeleted returns errMeetingDeleted if the owner has deleted a meeting.
func requireNotDeleted(app core.App, recordingID int64) error {
	_, err := app.FindFirstRecordByData(schema.DeletedMeetings, "recording_id", recordingID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("find out whether meeting %d is deleted: %w", recordingID, err)
	}
	return errMeetingDeleted
}
