package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// completeUpload completes an upload whose bytes are all stored. The error is errNotMoved if a mover has only said so.
func (r *transferRun) completeUpload(ctx context.Context, saved *savedUpload) error {
	store, err := r.service.blobs.Of(saved.Upload.Engine)
	if err != nil {
		return err
	}
	err = store.Complete(ctx, saved.Upload)
	if errors.Is(err, blob.ErrUploadLost) && saved.Moved { // the mover may have stored nothing
		return r.storeHere(ctx, err)
	}
	if errors.Is(err, blob.ErrUploadLost) {
		return r.startOver(err)
	}
	if err != nil {
		return fmt.Errorf("store recording %d: %w", r.recordingID, err)
	}
	r.db.StorageChanged()
	return nil
}

// publish creates the recording's record, or changes it, once its upload is complete.
func (r *transferRun) publish(ctx context.Context, saved *savedUpload) (*core.Record, error) {
	length := r.service.lengthOf(ctx, blob.Ref{Engine: saved.Upload.Engine, Key: saved.Upload.Key}, r.meeting)
	recording, replaced, err := r.savePublished(saved, length)
	if err != nil {
		return nil, err
	}
	if replaced.Key != "" && replaced != userdb.RecordingBlob(r.db.Name, recording) {
		r.service.removeFile(r.db, replaced)
	}
	return recording, nil
}

// savePublished saves the record of a recording whose upload is complete, together with the new state of the transfer.
// It returns the record and the place of the file that it referred to before, or a blank one. It reads the record in
// the transaction, because `blobs migrate` may move that file at any time.
func (r *transferRun) savePublished(saved *savedUpload, length length) (recording *core.Record, replaced blob.Ref, err error) {
	err = r.saveStored(func(tx core.App) (*core.Record, error) {
		if recording, err = r.recordingRecord(tx); err != nil {
			return nil, err
		}
		if recording.IsNew() {
			recording.Set("id", saved.Recording)
		} else if recording.GetString("file") != "" {
			replaced = userdb.RecordingBlob(r.db.Name, recording)
		}
		r.describe(recording, saved)
		recording.Set("stored_at", r.service.now())
		length.set(recording)
		return recording, nameFile(tx, recording, r.meeting, fathom.File{ContentType: saved.ContentType}.Ext())
	})
	return recording, replaced, err
}

// describe sets the fields of a recording's record to those of its new file.
func (r *transferRun) describe(recording *core.Record, saved *savedUpload) {
	key := ""
	if saved.Upload.Engine == blob.EngineS3 {
		key = saved.Upload.Key
	}
	recording.Set("meeting", r.meeting.Id)
	recording.Set("recording_id", r.recordingID)
	recording.Set("file", storedName(saved.ContentType))
	recording.Set("blob", key)
	recording.Set("content_type", fathom.MediaType(saved.ContentType))
	recording.Set("size", saved.Upload.Size)
	recording.Set("sha256", saved.Upload.SHA256)
}

// saveStored saves the record that change returns, whose file is stored, together with the new state of the transfer.
func (r *transferRun) saveStored(change func(tx core.App) (*core.Record, error)) error {
	var transfer *core.Record
	err := r.db.App.RunInTransaction(func(tx core.App) error {
		recording, err := change(tx)
		if err != nil {
			return err
		}
		// PocketBase's validation of the file field accepts only uploads.
		if err := tx.SaveNoValidate(recording); err != nil {
			return err
		}
		transfer, err = updateTransfer(tx, r.meeting, func(transfer *core.Record) {
			setStatus(transfer, StatusStored)
			if wasDelivered(transfer) {
				setStatus(transfer, StatusDelivered)
			}
			transfer.Set("fetched_by", r.fetchedBy())
			transfer.Set("download_id", "")
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

// fetchedBy returns the id of the job if it must fetch the file again, which it has done now. It is blank otherwise: a run
// that began before it was asked for another file has not done so.
func (r *transferRun) fetchedBy() string {
	if !r.again {
		return ""
	}
	return r.job.ID
}
