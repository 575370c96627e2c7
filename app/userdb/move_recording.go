package userdb

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// moveSource identifies the copies of recordings that are moved, as a Target.Source.
const moveSource = "moved"

var (
	// errRecordingChanged means that a recording was deleted or stored again while it was copied.
	errRecordingChanged = errors.New("recording has changed")

	// errUnmovable means that a recording can't be copied correctly. It stays where it is.
	errUnmovable = errors.New("nothing was changed")

	errNoFile  = fmt.Errorf("its file is missing: %w", errUnmovable)
	errDamaged = fmt.Errorf(
		"its file is damaged, because the checksum differs from the one when it was stored: %w", errUnmovable)
	errNoChecksum = fmt.Errorf("it has no checksum that its copy could be compared with: %w", errUnmovable)
)

// recordingMover moves the file of one recording to another engine. Each step is recorded before the next one: the copy
// has begun, the parts that are stored, the whole copy is stored, the record refers to it.
type recordingMover struct {
	service   *Service
	db        *Database
	to        blob.Store
	recording movableRecording
	meter     *progress.Meter // counts the bytes that are copied
	upload    blob.Upload     // of the copy
	resumed   bool            // an earlier call has stored some of its bytes
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
		m.service.logger.WarnContext(ctx, "failed to remove a recording that was moved",
			"database", m.db.Name, "key", source.Key, "error", err)
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

func (m *recordingMover) begin(ctx context.Context) error {
	upload, err := m.to.Begin(ctx, blob.Target{
		Database: m.db.Name, Recording: m.recording.fathomID(), Source: moveSource,
		Path: m.recording.path, Size: m.recording.Size,
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
