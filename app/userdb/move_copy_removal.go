package userdb

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

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
