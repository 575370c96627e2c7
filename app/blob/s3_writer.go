package blob

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"slices"
)

const (
	maxS3Parts  = 10_000
	maxPartSize = 1 << 30 // bytes; it is also the memory of half a Writer, so a state mustn't demand more
)

var errTooLarge = errors.New("recording has too many parts for S3")

// s3Writer fills one buffer while its goroutine sends the other.
type s3Writer struct {
	s3      *S3
	ctx     context.Context
	cancel  context.CancelFunc
	upload  Upload
	save    func(Upload) error
	release func()

	hash    hash.Hash          // of all size bytes
	size    int64              // bytes, including those in the buffer and on the way
	buffer  *[]byte            // nil until there is something to write
	filled  int                // bytes in the buffer
	spare   *[]byte            // the other buffer, if it isn't on the way
	sending chan sentPart      // not nil while a part is on the way
	stop    context.CancelFunc // ends the request of that part

	err    error // of a failed call; no further one may succeed
	closed bool
}

// Write implements Store. It continues behind the stored parts, without reading them.
func (s *S3) Write(ctx context.Context, upload Upload, save func(Upload) error) (Writer, error) {
	if err := checkS3Upload(upload); err != nil {
		return nil, err
	}
	release, err := s.inUse.acquire(upload.ID)
	if err != nil {
		return nil, err
	}
	w := &s3Writer{s3: s, upload: upload, save: save, release: release, hash: sha256.New()}
	w.ctx, w.cancel = context.WithCancel(ctx)
	if err := w.resume(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// resume restores the hash. The state of a complete upload may be resumed too, but only to reset it.
func (w *s3Writer) resume() error {
	u := &w.upload
	u.Parts, u.SHA256 = slices.Clone(u.Parts), ""
	if len(u.Parts) == 0 {
		u.Size, u.Hash = 0, nil
		return nil
	}
	if w.hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(u.Hash) != nil {
		return ErrUploadLost // for instance, the state is from another version of Go
	}
	w.size = u.Size
	return w.s3.checkParts(w.ctx, *u)
}

// Size implements Writer.
func (w *s3Writer) Size() int64 { return w.size }

// Write implements Writer. It saves the state when it notices that a part is stored.
func (w *s3Writer) Write(p []byte) (written int, err error) {
	if err := w.check(); err != nil {
		return 0, err
	}
	if err := w.recordPart(false); err != nil {
		return 0, w.fail(err)
	}
	if w.upload.Size < int64(len(w.upload.Parts))*w.upload.PartSize { // only the last part may be short
		return 0, w.fail(ErrUploadLost)
	}
	for len(p) > 0 {
		if w.buffer == nil {
			w.buffer = w.acquireBuffer()
		}
		n := copy((*w.buffer)[w.filled:], p)
		w.hash.Write(p[:n])
		w.filled += n
		w.size += int64(n)
		written += n
		p = p[n:]
		if w.filled == len(*w.buffer) {
			if err := w.send(); err != nil {
				return written, w.fail(err)
			}
		}
	}
	return written, nil
}

// snapshot returns the state; later parts don't change it.
func (w *s3Writer) snapshot() Upload {
	upload := w.upload
	upload.Parts = slices.Clone(upload.Parts)
	return upload
}

// Reset implements Writer. It begins another multipart upload, so that a part of the old one can't end up in the new
// one: it may still be on its way somewhere, also if an earlier Writer sent it and no state names it.
func (w *s3Writer) Reset() error {
	if err := w.check(); err != nil {
		return err
	}
	w.cancelPart()
	w.hash.Reset()
	w.size, w.filled = 0, 0
	if err := w.replaceUpload(); err != nil {
		return w.fail(err)
	}
	return nil
}

// replaceUpload replaces the upload by a new one.
func (w *s3Writer) replaceUpload() error {
	old := w.upload
	upload, err := w.s3.begin(w.ctx, Upload{Engine: EngineS3, Key: old.Key, PartSize: old.PartSize})
	if err != nil {
		return err
	}
	release, err := w.s3.inUse.acquire(upload.ID)
	if err != nil {
		return err
	}
	w.release()
	w.release, w.upload = release, upload
	if err := w.save(w.snapshot()); err != nil {
		return err
	}
	if err := w.s3.Abort(w.ctx, old); err != nil { // a sweep will find it
		w.s3.logger.DebugContext(w.ctx, "failed to abort upload to S3", "key", old.Key, "error", err)
	}
	return nil
}

// Finish implements Writer.
func (w *s3Writer) Finish() (Upload, error) {
	if err := w.check(); err != nil {
		return Upload{}, err
	}
	if w.filled > 0 {
		if err := w.send(); err != nil {
			return Upload{}, w.fail(err)
		}
	}
	if _, err := w.receivePart(true); err != nil {
		return Upload{}, w.fail(err)
	}
	w.upload.SHA256 = hex.EncodeToString(w.hash.Sum(nil))
	if err := w.save(w.snapshot()); err != nil {
		return Upload{}, w.fail(err)
	}
	w.err = errFinished
	return w.snapshot(), nil
}

// Close implements Writer. It ends a request that is under way.
func (w *s3Writer) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	w.cancel()
	w.cancelPart()
	w.s3.releaseBuffer(w.buffer)
	w.s3.releaseBuffer(w.spare)
	w.buffer, w.spare = nil, nil
	w.release()
	return nil
}

func (w *s3Writer) check() error {
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

func (w *s3Writer) fail(err error) error {
	w.err = err
	return err
}
