package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
)

// readBuffer is the size of the buffer, in bytes, that hashes the stored bytes of an upload.
const readBuffer = 256 << 10

// diskWriter appends to a partial file, which is the state of the upload: nothing is saved before Finish.
type diskWriter struct {
	ctx     context.Context
	file    *os.File
	upload  Upload
	save    func(Upload) error
	release func()

	hash   hash.Hash
	size   int64
	err    error // of a failed call; no further one may succeed
	closed bool
}

// Write implements Store. It hashes the bytes that are in the partial file, because only the file knows them.
func (d *Disk) Write(ctx context.Context, upload Upload, save func(Upload) error) (Writer, error) {
	database, partial, _, err := splitUpload(upload)
	if err != nil {
		return nil, err
	}
	release, err := d.inUse.acquire(upload.ID)
	if err != nil {
		return nil, err
	}
	w := &diskWriter{ctx: ctx, upload: upload, save: save, release: release, hash: sha256.New()}
	w.upload.SHA256, w.upload.Size = "", 0
	if w.file, err = d.openPartial(database, partial); err != nil {
		release()
		return nil, err
	}
	if err := w.hashStored(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// openPartial opens a partial file for reading and writing, or returns ErrUploadLost.
func (d *Disk) openPartial(database, partial string) (*os.File, error) {
	folder, err := d.openStorage(database)
	if errors.Is(err, errNoFolder) {
		return nil, ErrUploadLost
	}
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	if _, err := statFile(folder, partial); errors.Is(err, ErrNotFound) {
		return nil, ErrUploadLost
	} else if err != nil {
		return nil, err
	}
	file, err := folder.OpenFile(partial, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrUploadLost
	}
	if err != nil {
		return nil, fmt.Errorf("open partial file: %w", err)
	}
	return file, nil
}

func (w *diskWriter) hashStored() error {
	buffer := make([]byte, readBuffer)
	for {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		n, err := w.file.Read(buffer)
		w.hash.Write(buffer[:n])
		w.size += int64(n)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read partial file: %w", err)
		}
	}
}

// Size implements Writer.
func (w *diskWriter) Size() int64 { return w.size }

// Write implements Writer.
func (w *diskWriter) Write(p []byte) (int, error) {
	if err := w.check(); err != nil {
		return 0, err
	}
	n, err := w.file.Write(p)
	w.hash.Write(p[:n])
	w.size += int64(n)
	if err != nil {
		return n, w.fail(fmt.Errorf("write recording file: %w", err))
	}
	return n, nil
}

// Reset implements Writer.
func (w *diskWriter) Reset() error {
	if err := w.check(); err != nil {
		return err
	}
	if err := w.file.Truncate(0); err != nil {
		return w.fail(fmt.Errorf("truncate partial file: %w", err))
	}
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return w.fail(fmt.Errorf("rewind partial file: %w", err))
	}
	w.hash.Reset()
	w.size = 0
	return nil
}

// Finish implements Writer.
func (w *diskWriter) Finish() (Upload, error) {
	if err := w.check(); err != nil {
		return Upload{}, err
	}
	if err := w.file.Sync(); err != nil {
		return Upload{}, w.fail(fmt.Errorf("sync recording file: %w", err))
	}
	w.upload.Size, w.upload.SHA256 = w.size, hex.EncodeToString(w.hash.Sum(nil))
	if err := w.save(w.upload); err != nil {
		return Upload{}, w.fail(err)
	}
	w.err = errFinished // the saved state describes exactly these bytes
	return w.upload, nil
}

// Close implements Writer.
func (w *diskWriter) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	defer w.release()
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("close recording file: %w", err)
	}
	return nil
}

func (w *diskWriter) check() error {
	if w.closed {
		return fs.ErrClosed
	}
	if w.err == nil {
		if err := w.ctx.Err(); err != nil {
			w.err = err
		}
	}
	return w.err
}

func (w *diskWriter) fail(err error) error {
	w.err = err
	return err
}
