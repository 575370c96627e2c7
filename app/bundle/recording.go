package bundle

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"path"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// addRecording adds the file of a recording, from where it is stored. If there is none, it is reported as missing.
func (b *writer) addRecording(ctx context.Context, m *meeting) error {
	for m.recording != nil {
		ref := userdb.RecordingBlob(b.database, m.recording)
		err := b.copyRecording(ctx, m, ref)
		if !errors.Is(err, blob.ErrNotFound) && !errors.Is(err, fs.ErrInvalid) {
			return err
		}
		current, err := b.read(ctx, m.recordingID()) // `blobs migrate` may have moved it
		if err != nil {
			return err
		}
		if current == nil || current.recording == nil {
			m.recording = nil
			break
		}
		if userdb.RecordingBlob(b.database, current.recording) == ref {
			m.missing = append(m.missing, "file of the recording")
			return nil
		}
		m.recording = current.recording
	}
	if m.recording == nil {
		m.missing = append(m.missing, "recording")
	}
	return nil
}

// copyRecording copies a stored file into the bundle. It returns blob.ErrNotFound, or fs.ErrInvalid for a key that
// belongs to another database, before it adds anything.
func (b *writer) copyRecording(ctx context.Context, m *meeting, ref blob.Ref) (err error) {
	if !blob.InDatabase(ref.Key, b.database) {
		return fs.ErrInvalid
	}
	info, err := b.blobs.Stat(ctx, ref)
	if err != nil {
		return err
	}
	file, err := b.blobs.Open(ctx, ref)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	name := m.base + path.Ext(m.recording.GetString("file_name"))
	to, err := b.create(m, name, zip.Store, info.Modified) // recordings do not compress
	if err != nil {
		return err
	}
	if err := blob.Copy(ctx, to, file, info.Size); err != nil {
		return err
	}
	m.video = name
	return nil
}
