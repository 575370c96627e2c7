package userdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// moveSource identifies the copies of recordings that are moved, as a Target.Source.
const moveSource = "moved"

// errRecordingChanged means that a recording was deleted or stored again while it was copied.
var errRecordingChanged = errors.New("recording has changed")

// recordingMover moves the file of one recording to another engine. Each step is recorded before the next one: the copy
// has begun, the parts that are stored, the whole copy is stored, the record refers to it.
type recordingMover struct {
	service   *Service
	db        *Database
	to        blob.Store
	recording movableRecording
	upload    blob.Upload // of the copy
}

// move returns how many bytes were moved: 0 if there is nothing to do any more.
func (m *recordingMover) move(ctx context.Context) (bytes int64, err error) {
	err = m.copyAndSwitch(ctx)
	if errors.Is(err, blob.ErrUploadLost) { // the copy that an earlier call has begun is gone
		if err = m.begin(ctx); err == nil {
			err = m.copyAndSwitch(ctx)
		}
	}
	if errors.Is(err, errRecordingChanged) {
		return 0, m.removeCopy(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("move recording %s: %w", m.recording.fathomID(), err)
	}
	m.db.StorageChanged()
	source := m.recording.ref(m.db.Name)
	if err := m.service.blobs.Delete(ctx, source); err != nil { // a sweep will remove it
		m.service.logger.Warn("failed to remove a recording that was moved", "database", m.db.Name, "key", source.Key, "error", err)
	}
	m.db.StorageChanged()
	return m.recording.Size, nil
}

func (m *recordingMover) copyAndSwitch(ctx context.Context) error {
	if err := m.resume(ctx); err != nil {
		return err
	}
	if !m.upload.Complete() {
		if err := m.copy(ctx); err != nil {
			return err
		}
	}
	if m.upload.Size != m.recording.Size || m.recording.SHA256 != "" && m.upload.SHA256 != m.recording.SHA256 {
		return errors.Join(errors.New("its file is damaged: the checksum differs from the one when it was stored; it stays where it is"),
			m.removeCopy(ctx), m.save(ctx, nil))
	}
	if err := m.to.Complete(ctx, m.upload); err != nil {
		return err
	}
	return m.switchRecord(ctx)
}

// resume continues the copy that an earlier call has begun, or begins one.
func (m *recordingMover) resume(ctx context.Context) error {
	if m.upload.Key != "" {
		return nil
	}
	var saved blob.Upload
	if m.recording.Move != "" && json.Unmarshal([]byte(m.recording.Move), &saved) == nil && blob.InDatabase(saved.Key, m.db.Name) {
		if saved.Engine == m.to.Engine() {
			m.upload = saved
			return nil
		}
		if store, err := m.service.blobs.Of(saved.Engine); err == nil {
			if err := store.Abort(ctx, saved); err != nil {
				return err
			}
		}
	}
	return m.begin(ctx)
}

func (m *recordingMover) begin(ctx context.Context) error {
	upload, err := m.to.Begin(ctx, blob.Target{
		Database: m.db.Name, Recording: m.recording.fathomID(), Source: moveSource, Path: m.recording.path, Size: m.recording.Size,
	})
	if err != nil {
		return err
	}
	m.upload = upload
	return m.save(ctx, &upload)
}

// copy stores the bytes that the copy lacks.
func (m *recordingMover) copy(ctx context.Context) (err error) {
	source, err := m.service.blobs.Open(ctx, m.recording.ref(m.db.Name))
	if errors.Is(err, blob.ErrNotFound) {
		return m.explainMissing(ctx, err)
	}
	if err != nil {
		return err
	}
	defer source.Close()
	if m.to.Engine() == blob.EngineDisk {
		space, err := m.service.ledger.Reserve(filepath.Join(m.service.Dir(m.db.Name), core.LocalStorageDirName), "recording", m.recording.Size)
		if err != nil {
			return err
		}
		defer space.Release()
	}
	writer, err := m.to.Write(ctx, m.upload, func(upload blob.Upload) error {
		m.upload = upload
		return m.save(ctx, &upload)
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	if writer.Size() > m.recording.Size {
		if err := writer.Reset(); err != nil {
			return err
		}
	}
	if _, err := source.Seek(writer.Size(), io.SeekStart); err != nil {
		return fmt.Errorf("continue to read the file: %w", err)
	}
	if err := durable.Copy(ctx, writer, source); err != nil {
		return err
	}
	_, err = writer.Finish()
	return err
}

// explainMissing returns errRecordingChanged if the record of a missing file is gone as well.
func (m *recordingMover) explainMissing(ctx context.Context, err error) error {
	current, queryErr := queryMovable(ctx, m.db, m.unchanged())
	if queryErr != nil {
		return queryErr
	}
	if len(current) == 0 {
		return errRecordingChanged
	}
	return err
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

// removeCopy removes the copy, whether it is complete or not.
func (m *recordingMover) removeCopy(ctx context.Context) error {
	if m.upload.Key == "" {
		return nil
	}
	err := m.to.Abort(ctx, m.upload)
	if m.to.Engine() == blob.EngineS3 { // on disk, the path may belong to a recording that was stored again
		err = errors.Join(err, m.to.Delete(ctx, m.upload.Key))
	}
	m.upload = blob.Upload{}
	m.db.StorageChanged()
	return err
}
