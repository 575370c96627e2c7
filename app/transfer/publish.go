package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// storedRecording returns the recording's record if its file is complete, or nil. If an earlier run has stored the
// whole file, storedRecording publishes it.
func (r *transferRun) storedRecording(ctx context.Context) (*core.Record, error) {
	recording, err := r.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", r.recordingID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find recording %d: %w", r.recordingID, err)
	}
	if err == nil && recording.GetString("file") != "" {
		ref := userdb.RecordingBlob(r.db.Name, recording)
		info, err := r.service.blobs.Stat(ctx, ref)
		if err == nil && info.Size == int64(recording.GetInt("size")) {
			return recording, nil
		}
		if err != nil && !errors.Is(err, blob.ErrNotFound) {
			return nil, fmt.Errorf("find the file of recording %d: %w", r.recordingID, err)
		}
	}
	saved, err := uploadOf(r.transfer)
	if err != nil || saved == nil || !saved.Upload.Complete() {
		return nil, err
	}
	return r.publish(ctx, saved)
}

// publish completes an upload whose bytes are all stored, and creates the recording's record or changes it.
func (r *transferRun) publish(ctx context.Context, saved *savedUpload) (*core.Record, error) {
	store, err := r.service.blobs.Of(saved.Upload.Engine)
	if err != nil {
		return nil, err
	}
	if err := store.Complete(ctx, saved.Upload); errors.Is(err, blob.ErrUploadLost) {
		return nil, r.startOver(err)
	} else if err != nil {
		return nil, fmt.Errorf("store recording %d: %w", r.recordingID, err)
	}
	r.db.StorageChanged()
	recording, err := r.recordingRecord()
	if err != nil {
		return nil, err
	}
	var replaced blob.Ref
	if recording.IsNew() {
		recording.Set("id", saved.Recording)
	} else if recording.GetString("file") != "" {
		replaced = userdb.RecordingBlob(r.db.Name, recording)
	}
	key := ""
	if saved.Upload.Engine == blob.EngineS3 {
		key = saved.Upload.Key
	}
	extension := fathom.File{ContentType: saved.ContentType}.Ext()
	recording.Set("meeting", r.meeting.Id)
	recording.Set("recording_id", r.recordingID)
	recording.Set("file", storedName(saved.ContentType))
	recording.Set("blob", key)
	recording.Set("file_name", loom.FileName(r.meeting.GetString("title"), r.meeting.GetDateTime("recorded_at").Time(), extension))
	recording.Set("content_type", fathom.MediaType(saved.ContentType))
	recording.Set("size", saved.Upload.Size)
	recording.Set("sha256", saved.Upload.SHA256)
	recording.Set("duration", r.meeting.GetFloat("duration"))
	if err := r.savePublished(recording); err != nil {
		return nil, err
	}
	if stored := userdb.RecordingBlob(r.db.Name, recording); replaced.Key != "" && replaced != stored {
		if err := r.service.blobs.Delete(ctx, replaced); err != nil { // a sweep will remove it
			r.service.logger.Warn("failed to remove a replaced recording", "database", r.db.Name, "key", replaced.Key, "error", err)
		}
	}
	return recording, nil
}

// savePublished saves the recording's record together with the new state of the transfer.
func (r *transferRun) savePublished(recording *core.Record) error {
	var transfer *core.Record
	err := r.db.App.RunInTransaction(func(tx core.App) (err error) {
		// PocketBase's validation of the file field accepts only uploads.
		if err := tx.SaveNoValidate(recording); err != nil {
			return err
		}
		transfer, err = updateTransfer(tx, r.meeting, func(transfer *core.Record) {
			setStatus(transfer, StatusStored)
			transfer.Set("downloads_requested", 0)
			transfer.Set("upload", nil)
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("save recording %d: %w", r.recordingID, err)
	}
	r.transfer = transfer
	r.db.StorageChanged()
	return nil
}
