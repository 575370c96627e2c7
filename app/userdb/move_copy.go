package userdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

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
	if err := durable.Copy(ctx, to, io.TeeReader(source, m.meter)); errors.Is(err, blob.ErrNotFound) {
		return m.explainMissing(ctx)
	} else if err != nil {
		return err
	}
	_, err = writer.Finish()
	return err
}

// reserve returns a writer that keeps the reserve of the disk. It returns a *ledger.DiskError if the rest of the copy
// doesn't fit. It reserves a little at a time, because others would otherwise lack the space of what is written
// already.
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
