package userdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"syscall"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// moveSource identifies the copies of recordings that are moved, as a Target.Source.
const moveSource = "moved"

var (
	// errRecordingChanged means that a recording was deleted or stored again while it was copied.
	errRecordingChanged = errors.New("recording has changed")

	// errUnmovable means that a recording can't be copied correctly. It stays where it is.
	errUnmovable = errors.New("nothing was changed")

	errNoFile     = fmt.Errorf("its file is missing: %w", errUnmovable)
	errDamaged    = fmt.Errorf("its file is damaged, because the checksum differs from the one when it was stored: %w", errUnmovable)
	errNoChecksum = fmt.Errorf("it has no checksum that its copy could be compared with: %w", errUnmovable)
)

// recordingMover moves the file of one recording to another engine. Each step is recorded before the next one: the copy
// has begun, the parts that are stored, the whole copy is stored, the record refers to it.
type recordingMover struct {
	service   *Service
	db        *Database
	to        blob.Store
	recording movableRecording
	upload    blob.Upload // of the copy
	resumed   bool        // an earlier call has stored some of its bytes
}

// move returns how many bytes were moved: 0 if there is nothing to do any more.
func (m *recordingMover) move(ctx context.Context) (bytes int64, err error) {
	err = m.copyAndSwitch(ctx)
	// What an earlier call has stored may be gone, damaged by a power cut, or from a file that was replaced since.
	if errors.Is(err, blob.ErrUploadLost) || m.resumed && errors.Is(err, errDamaged) {
		if err = m.restart(ctx); err == nil {
			err = m.copyAndSwitch(ctx)
		}
	}
	if errors.Is(err, errRecordingChanged) {
		return 0, m.removeCopy(ctx)
	}
	if errors.Is(err, errUnmovable) || errors.Is(err, syscall.ENOSPC) {
		err = errors.Join(err, m.forgetCopy(ctx)) // it would keep the space that others lack
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
	if m.recording.SHA256 == "" {
		return errNoChecksum
	}
	if err := m.resume(ctx); err != nil {
		return err
	}
	if !m.upload.Complete() {
		if err := m.copy(ctx); err != nil {
			return err
		}
	}
	if m.upload.Size != m.recording.Size || m.upload.SHA256 != m.recording.SHA256 {
		return errDamaged
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
	saved, found := m.saved()
	if found && saved.Engine == m.to.Engine() {
		m.upload, m.resumed = saved, true
		return nil
	}
	if found {
		if err := m.removeUpload(ctx, saved); err != nil {
			return err
		}
	}
	return m.begin(ctx)
}

// saved returns the copy that an earlier call has begun.
func (m *recordingMover) saved() (upload blob.Upload, found bool) {
	if m.recording.Move == "" || json.Unmarshal([]byte(m.recording.Move), &upload) != nil {
		return blob.Upload{}, false
	}
	return upload, blob.InDatabase(upload.Key, m.db.Name)
}

func (m *recordingMover) begin(ctx context.Context) error {
	upload, err := m.to.Begin(ctx, blob.Target{
		Database: m.db.Name, Recording: m.recording.fathomID(), Source: moveSource, Path: m.recording.path, Size: m.recording.Size,
	})
	if err != nil {
		return err
	}
	m.upload, m.resumed = upload, upload.Size > 0
	return m.save(ctx, &upload)
}

// restart begins the copy again, without the bytes that are stored.
func (m *recordingMover) restart(ctx context.Context) error {
	if err := m.removeCopy(ctx); err != nil {
		return err
	}
	return m.begin(ctx)
}

// copy stores the bytes that the copy lacks.
func (m *recordingMover) copy(ctx context.Context) (err error) {
	source, err := m.service.blobs.Open(ctx, m.recording.ref(m.db.Name))
	if errors.Is(err, blob.ErrNotFound) {
		return m.explainMissing(ctx)
	}
	if err != nil {
		return err
	}
	defer source.Close()
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
	to, release, err := m.reserve(writer)
	if err != nil {
		return err
	}
	defer release()
	if err := durable.Copy(ctx, to, source); errors.Is(err, blob.ErrNotFound) {
		return m.explainMissing(ctx)
	} else if err != nil {
		return err
	}
	_, err = writer.Finish()
	return err
}

// reserve returns a writer that keeps the reserve of the disk. It returns a *ledger.DiskError if the rest of the copy
// doesn't fit. It reserves a little at a time, because others would otherwise lack the space of what is written already.
func (m *recordingMover) reserve(writer blob.Writer) (to io.Writer, release func(), err error) {
	if m.to.Engine() != blob.EngineDisk {
		return writer, func() {}, nil
	}
	dir := filepath.Join(m.service.Dir(m.db.Name), core.LocalStorageDirName)
	all, err := m.service.ledger.Reserve(dir, "recording", m.recording.Size-writer.Size())
	if err != nil {
		return nil, nil, err
	}
	all.Release()
	space := m.service.ledger.Writer(dir, "recording")
	return reservingWriter{writer, space}, space.Release, nil
}

// reservingWriter reserves disk space before every write.
type reservingWriter struct {
	io.Writer
	space *ledger.Writer
}

func (w reservingWriter) Write(p []byte) (int, error) {
	if err := w.space.Allow(int64(len(p))); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}

// explainMissing returns errRecordingChanged if the record of a missing file is gone as well. A deletion removes the
// file first, so the copy must not stay in either case.
func (m *recordingMover) explainMissing(ctx context.Context) error {
	current, err := queryMovable(ctx, m.db, m.unchanged())
	if err != nil {
		return err
	}
	if len(current) == 0 {
		return errRecordingChanged
	}
	return errNoFile
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

// forgetCopy removes the copy that the record names, and then its name. Without settings of S3, it does nothing.
func (m *recordingMover) forgetCopy(ctx context.Context) error {
	upload, found := m.upload, m.upload.Key != ""
	if !found {
		upload, found = m.saved()
	}
	if !found {
		return nil
	}
	if _, err := m.service.blobs.Of(upload.Engine); err != nil {
		return nil
	}
	if err := m.removeUpload(ctx, upload); err != nil {
		return err
	}
	m.upload = blob.Upload{}
	return m.save(ctx, nil)
}

// removeUpload removes a copy, whether it is complete or not, unless it is the recording itself.
func (m *recordingMover) removeUpload(ctx context.Context, upload blob.Upload) error {
	store, err := m.service.blobs.Of(upload.Engine)
	if err != nil { // a sweep will remove it when the settings return
		return nil
	}
	defer m.db.StorageChanged()
	if err := store.Abort(ctx, upload); err != nil {
		return err
	}
	copied := blob.Ref{Engine: upload.Engine, Key: upload.Key}
	if copied == m.recording.ref(m.db.Name) {
		return nil
	}
	return store.Delete(ctx, upload.Key)
}
