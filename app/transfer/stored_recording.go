package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// storedRecording returns the recording's record, or nil if its file is missing or must be fetched again.
func (r *transferRun) storedRecording(ctx context.Context) (*core.Record, error) {
	if r.again && r.transfer.GetString("fetched_by") != r.job.ID {
		return nil, nil
	}
	recording, err := r.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", r.recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find recording %d: %w", r.recordingID, err)
	}
	unpublished := recording.GetString("file") == ""
	if unpublished { // by an earlier version, which saved the record first
		recording.Set("file", storedName(recording.GetString("content_type")))
	}
	recording, err = r.requireFile(ctx, recording)
	if err == nil && unpublished {
		err = r.discardUpload()
	}
	if err == nil && unpublished {
		err = r.saveStored(func(core.App) (*core.Record, error) { return recording, nil })
	}
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil
	}
	return recording, err
}

// publishComplete publishes the file that an earlier run has stored as a whole. It returns nil if there is none, or if movers
// have stored it: then it must be compared with the one at Fathom first.
func (r *transferRun) publishComplete(ctx context.Context) (*core.Record, error) {
	saved, err := uploadOf(r.transfer)
	if err != nil || saved == nil || !saved.Upload.Complete() || saved.Moved {
		return nil, err
	}
	if err := r.completeUpload(ctx, saved); err != nil {
		return nil, err
	}
	return r.publish(ctx, saved)
}

// requireFile returns blob.ErrNotFound if the file of a recording is missing or has another size than its record says.
// Otherwise it returns the record, which it may have read again.
func (r *transferRun) requireFile(ctx context.Context, recording *core.Record) (*core.Record, error) {
	var info blob.Info
	current, err := r.withFile(recording, func(file blob.Ref) (err error) {
		info, err = r.service.blobs.Stat(ctx, file)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find the file of recording %d: %w", r.recordingID, err)
	}
	if info.Size != int64(current.GetInt("size")) {
		return nil, blob.ErrNotFound
	}
	return current, nil
}

// withFile calls use with the place of a recording's file. If the file isn't there, because `blobs migrate` has moved
// it since the record was read, withFile reads the record again and calls use once more. It returns the latest record.
func (r *transferRun) withFile(recording *core.Record, use func(file blob.Ref) error) (*core.Record, error) {
	file := userdb.RecordingBlob(r.db.Name, recording)
	err := use(file)
	if !errors.Is(err, blob.ErrNotFound) {
		return recording, err
	}
	current, findErr := r.db.App.FindRecordById(schema.Recordings, recording.Id)
	if findErr != nil || current.GetString("file") == "" {
		return recording, err
	}
	moved := userdb.RecordingBlob(r.db.Name, current)
	if moved == file {
		return recording, err
	}
	return current, use(moved)
}

// recordingRecord returns the recording's record, or a new one that isn't saved.
func (r *transferRun) recordingRecord(app core.App) (*core.Record, error) {
	recording, err := app.FindFirstRecordByData(schema.Recordings, "recording_id", r.recordingID)
	if err == nil {
		return recording, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find recording %d: %w", r.recordingID, err)
	}
	collection, err := app.FindCachedCollectionByNameOrId(schema.Recordings)
	if err != nil {
		return nil, err
	}
	recording = core.NewRecord(collection)
	recording.Set("id", core.GenerateDefaultRandomId())
	return recording, nil
}
