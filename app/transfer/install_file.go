package transfer

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// storedRecording returns the recording's record if its file is complete, or nil.
func (r *transferRun) storedRecording() (*core.Record, error) {
	recording, err := r.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", r.recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find recording %d: %w", r.recordingID, err)
	}
	info, err := os.Stat(r.storedPath(recording))
	if errors.Is(err, os.ErrNotExist) || (err == nil && info.Size() != int64(recording.GetInt("size"))) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("stat the file of recording %d: %w", r.recordingID, err)
	}
	if recording.GetString("file") != "" {
		return recording, nil
	}
	// An earlier run ended between renaming the file and publishing it.
	if err := r.publishFile(recording); err != nil {
		return nil, err
	}
	return recording, r.service.removePartials(r.db, r.recordingID, "")
}

// storeFile moves a complete file into storage: it saves the record without the file, renames the file
// into the storage folder, and only then publishes it in the record. Renaming avoids the second copy of
// possibly gigabytes that an upload through PocketBase's file field would make.
func (r *transferRun) storeFile(partial string, file fathom.File, fetched fathom.FetchResult) (*core.Record, error) {
	recording, err := r.db.App.FindFirstRecordByData(schema.Recordings, "recording_id", r.recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		collection, findErr := r.db.App.FindCachedCollectionByNameOrId(schema.Recordings)
		if findErr != nil {
			return nil, findErr
		}
		recording = core.NewRecord(collection)
		recording.Set("id", core.GenerateDefaultRandomId())
	} else if err != nil {
		return nil, fmt.Errorf("find recording %d: %w", r.recordingID, err)
	}
	recording.Set("meeting", r.meeting.Id)
	recording.Set("recording_id", r.recordingID)
	recording.Set("file", "")
	recording.Set("file_name", loom.FileName(r.meeting.GetString("title"), r.meeting.GetDateTime("recorded_at").Time(), file.Ext()))
	recording.Set("content_type", fathom.MediaType(file.ContentType))
	recording.Set("size", fetched.Size)
	recording.Set("sha256", fetched.SHA256)
	recording.Set("duration", r.meeting.GetFloat("duration"))
	if err := r.db.App.Save(recording); err != nil {
		return nil, fmt.Errorf("save recording %d: %w", r.recordingID, err)
	}

	target := r.storedPath(recording)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return nil, fmt.Errorf("create the storage folder of recording %d: %w", r.recordingID, err)
	}
	if err := os.Rename(partial, target); err != nil {
		return nil, fmt.Errorf("move recording %d into storage: %w", r.recordingID, err)
	}
	if err := durable.SyncDir(filepath.Dir(target)); err != nil {
		return nil, fmt.Errorf("sync the storage folder of recording %d: %w", r.recordingID, err)
	}
	r.db.StorageChanged()
	if err := r.publishFile(recording); err != nil {
		return nil, err
	}
	if _, err := r.updateTransfer(func(transfer *core.Record) {
		setStatus(transfer, StatusStored)
		transfer.Set("downloads_requested", 0)
	}); err != nil {
		return nil, err
	}
	return recording, r.service.removePartials(r.db, r.recordingID, "")
}

// publishFile sets the record's file field. It skips PocketBase's validation, which accepts only uploads.
func (r *transferRun) publishFile(recording *core.Record) error {
	recording.Set("file", filepath.Base(r.storedPath(recording)))
	if err := r.db.App.SaveNoValidate(recording); err != nil {
		return fmt.Errorf("publish the file of recording %d: %w", r.recordingID, err)
	}
	return nil
}

// storedPath returns the path at which PocketBase's local storage expects the record's file.
func (r *transferRun) storedPath(recording *core.Record) string {
	name := "recording" + fathom.File{ContentType: recording.GetString("content_type")}.Ext()
	return filepath.Join(recordingFolder(r.db, recording), name)
}
