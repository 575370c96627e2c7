package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"

	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

var errTooLarge = errors.New("recording has too many parts for S3")

// s3Writer stores the parts of an upload itself.
type s3Writer struct {
	*openUpload
	parts *parts.Writer
}

// Write implements Store. It continues behind the stored parts, without reading them.
func (s *S3) Write(ctx context.Context, upload Upload, save func(Upload) error) (Writer, error) {
	opened, hash, err := s.open(ctx, upload, save)
	if err != nil {
		return nil, err
	}
	w := &s3Writer{openUpload: opened}
	w.parts = w.newParts(hash)
	return w, nil
}

func (w *s3Writer) newParts(hash hash.Hash) *parts.Writer {
	return parts.NewWriter(w.ctx, parts.Config{
		PartSize: w.upload.PartSize, Stored: len(w.upload.Parts), Size: w.upload.Size, Hash: hash, Buffers: w.s3.buffers,
		Store: w.s3.partStore(w.upload), OnStored: w.record,
	})
}

// record saves that a part is stored. A short one is the last: Finish saves it together with the checksum.
func (w *s3Writer) record(part parts.Part) error {
	w.add(part)
	if w.isShort() {
		return nil
	}
	return w.save(w.snapshot())
}

// Size implements Writer.
func (w *s3Writer) Size() int64 { return w.parts.Size() }

// Write implements Writer. It saves the state when it notices that a part is stored.
func (w *s3Writer) Write(p []byte) (written int, err error) {
	if err := w.check(); err != nil {
		return 0, err
	}
	if w.isShort() {
		return 0, w.fail(ErrUploadLost)
	}
	written, err = w.parts.Write(p)
	if err != nil {
		return written, w.fail(err)
	}
	return written, nil
}

// Reset implements Writer. It begins another multipart upload.
func (w *s3Writer) Reset() error {
	if err := w.check(); err != nil {
		return err
	}
	w.parts.Close()
	if err := w.replace(); err != nil {
		return err
	}
	w.parts = w.newParts(sha256.New())
	return nil
}

// Finish implements Writer.
func (w *s3Writer) Finish() (Upload, error) {
	if err := w.check(); err != nil {
		return Upload{}, err
	}
	if err := w.parts.Flush(); err != nil {
		return Upload{}, w.fail(err)
	}
	return w.finish(w.parts.Sum())
}

// Close implements Writer. It ends a request that is under way.
func (w *s3Writer) Close() error {
	if w.closed {
		return nil
	}
	w.cancel()
	w.parts.Close()
	w.close()
	return nil
}
