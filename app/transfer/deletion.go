package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
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
// repeated, and ResumeDatabase completes a deletion that a crash interrupted. PrepareMeetingDeletion returns
// ErrTransferStopping if the job takes too long to stop.
func (s *Service) PrepareMeetingDeletion(ctx context.Context, db *userdb.Database, meeting *core.Record) error {
	recordingID := int64(meeting.GetInt("recording_id"))
	if err := recordDeletion(db.App, recordingID); err != nil {
		return err
	}
	return s.PrepareRecordingDeletion(ctx, db, recordingID)
}

// PrepareRecordingDeletion cancels the active transfer of a recording, waits for its end and removes the
// recording's files, finished or not. The caller then deletes the record. It returns ErrTransferStopping if the
// job takes too long to stop.
func (s *Service) PrepareRecordingDeletion(ctx context.Context, db *userdb.Database, recordingID int64) error {
	if err := s.queue.CancelActive(KindTransfer, db.UserID, strconv.FormatInt(recordingID, 10)); err != nil {
		return fmt.Errorf("cancel the transfer of recording %d: %w", recordingID, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, stopTimeout, ErrTransferStopping)
	defer cancel()
	if err := s.running.wait(ctx, transferKey{db.Name, recordingID}); err != nil {
		return fmt.Errorf("wait for the transfer of recording %d: %w", recordingID, err)
	}
	return s.removeFiles(ctx, db, recordingID)
}

// removeFiles removes the stored file of a recording and what its uploads have left.
func (s *Service) removeFiles(ctx context.Context, db *userdb.Database, recordingID int64) error {
	defer db.StorageChanged()
	if err := s.abortSaved(ctx, db, recordingID); err != nil {
		return err
	}
	if err := s.blobs.DeleteUploads(ctx, db.Name, strconv.FormatInt(recordingID, 10)); err != nil {
		return fmt.Errorf("remove the uploads of recording %d: %w", recordingID, err)
	}
	recording, err := db.App.FindFirstRecordByData(schema.Recordings, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find recording %d: %w", recordingID, err)
	}
	return s.RemoveFile(ctx, db, recording)
}

// abortSaved removes the bytes of the unfinished upload that the transfer of a recording names, and then its name. Some
// services find an upload only by its ID.
func (s *Service) abortSaved(ctx context.Context, db *userdb.Database, recordingID int64) error {
	transfer, err := db.App.FindFirstRecordByData(schema.Transfers, "recording_id", recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the transfer of recording %d: %w", recordingID, err)
	}
	saved, err := uploadOf(transfer)
	if err != nil || saved == nil { // a sweep removes the bytes of an upload whose state can't be read
		return nil
	}
	if store, findErr := s.blobs.Of(saved.Upload.Engine); findErr == nil {
		err = store.Abort(ctx, saved.Upload)
	}
	if err != nil {
		return fmt.Errorf("remove the upload of recording %d: %w", recordingID, err)
	}
	// Only this field, because others may have changed since the record was read.
	_, err = db.App.NonconcurrentDB().Update(schema.Transfers, dbx.Params{"upload": "null"},
		dbx.NewExp("[[id]] = {:id} AND [[upload]] ->> '$.upload.key' = {:key}", dbx.Params{"id": transfer.Id, "key": saved.Upload.Key})).Execute()
	if err != nil {
		return fmt.Errorf("forget the upload of recording %d: %w", recordingID, err)
	}
	return nil
}

// RemoveFile removes the stored file of a recording's record. PocketBase removes only files on disk, only after the
// record is deleted and without waiting for it, so that a crash would leave them behind.
func (s *Service) RemoveFile(ctx context.Context, db *userdb.Database, recording *core.Record) error {
	if recording.GetString("file") == "" {
		return nil
	}
	defer db.StorageChanged()
	if err := s.blobs.Delete(ctx, userdb.RecordingBlob(db.Name, recording)); err != nil {
		return fmt.Errorf("remove the file of recording %d: %w", recording.GetInt("recording_id"), err)
	}
	return nil
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

// interruptedDeletionsFrom selects the meetings whose deletion was interrupted.
const interruptedDeletionsFrom = "FROM {{" + schema.DeletedMeetings + "}} JOIN {{" + schema.Meetings + "}} USING ([[recording_id]])"

// completeDeletions deletes the meetings whose deletion a crash interrupted.
func (s *Service) completeDeletions(ctx context.Context, db *userdb.Database) error {
	var ids []int64
	if err := db.App.ConcurrentDB().NewQuery("SELECT [[recording_id]] " + interruptedDeletionsFrom).Column(&ids); err != nil {
		return fmt.Errorf("find interrupted deletions: %w", err)
	}
	for _, recordingID := range ids {
		meeting, err := db.App.FindFirstRecordByData(schema.Meetings, "recording_id", recordingID)
		if err != nil {
			return fmt.Errorf("find meeting %d: %w", recordingID, err)
		}
		if err := s.removeFiles(ctx, db, recordingID); err != nil {
			return err
		}
		if err := db.App.Delete(meeting); err != nil {
			return fmt.Errorf("delete meeting %d: %w", recordingID, err)
		}
	}
	return nil
}
