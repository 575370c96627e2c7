package userdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// saved returns the copy that an earlier call has begun.
func (m *recordingMover) saved() (upload blob.Upload, found bool) {
	if m.recording.Move == "" || json.Unmarshal([]byte(m.recording.Move), &upload) != nil {
		return blob.Upload{}, false
	}
	return upload, blob.InDatabase(upload.Key, m.db.Name)
}

// unchanged selects the recording's record if it still refers to the same file.
func (m *recordingMover) unchanged() dbx.Expression {
	r := m.recording
	return dbx.HashExp{"id": r.ID, "file": r.File, "blob": r.Blob, "size": r.Size, "sha256": r.SHA256}
}

// save records the state of the copy, or nil, in the recording's record, without telling anybody: owners don't see it.
func (m *recordingMover) save(ctx context.Context, upload *blob.Upload) error {
	state := "null"
	if upload != nil {
		encoded, err := json.Marshal(upload)
		if err != nil {
			return err
		}
		state = string(encoded)
	}
	return m.update(ctx, dbx.Params{"move": state})
}

// switchRecord makes the record refer to the complete copy.
func (m *recordingMover) switchRecord(ctx context.Context) error {
	key := ""
	if m.to.Engine() == blob.EngineS3 {
		key = m.upload.Key
	}
	return m.update(ctx, dbx.Params{"blob": key, "move": "null"})
}

// update changes the record, or returns errRecordingChanged if it no longer refers to the file that is being moved.
func (m *recordingMover) update(ctx context.Context, fields dbx.Params) error {
	result, err := m.db.App.NonconcurrentDB().Update(schema.Recordings, fields, m.unchanged()).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("change its record: %w", err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return errors.Join(err, errRecordingChanged)
	}
	return nil
}
