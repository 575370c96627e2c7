package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// s3Reader reads a blob by ranged requests: one for all bytes that are read in sequence, another one after a seek.
// Interrupted requests are repeated from where they ended.
type s3Reader struct {
	s3     *S3
	ctx    context.Context
	key    string
	size   int64
	offset int64         // of the next byte to read
	body   io.ReadCloser // positioned at offset, or nil
	closed bool

	interrupted int   // requests that ended early since the last steady progress
	since       int64 // where the last of them ended
	last        error // why
}

const (
	maxInterrupted = 6
	steadyProgress = 1 << 20 // bytes in one request after which earlier interruptions don't count
)

// Read implements io.Reader. Its errors are those of Store.
func (r *s3Reader) Read(p []byte) (n int, err error) {
	if r.closed {
		return 0, fs.ErrClosed
	}
	if len(p) == 0 {
		return 0, nil
	}
	if r.offset >= r.size {
		return 0, io.EOF
	}
	if r.body == nil && r.interrupted > maxInterrupted { // retry alone would go on forever with a few bytes each time
		return 0, r.s3.explain(r.ctx, "read recording", r.last)
	}
	p = p[:min(int64(len(p)), r.size-r.offset)]
	err = r.s3.retry(r.ctx, "read recording", steadily, func() (err error) {
		n, err = r.readOnce(p)
		return err
	})
	return n, err
}

// readOnce returns either bytes or an error.
func (r *s3Reader) readOnce(p []byte) (int, error) {
	if r.body == nil {
		body, err := r.s3.request(r.ctx, r.key, r.offset, 0)
		if err != nil {
			return 0, err
		}
		r.body = body
	}
	n, err := r.body.Read(p)
	r.offset += int64(n)
	if errors.Is(err, io.EOF) && r.offset < r.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		r.interrupt(err)
	}
	if n > 0 {
		return n, nil // the next call continues, with another request after an error
	}
	if err == nil || errors.Is(err, io.EOF) {
		return 0, io.ErrNoProgress
	}
	return 0, err
}

// interrupt ends a request that failed.
func (r *s3Reader) interrupt(err error) {
	r.closeBody()
	if r.offset-r.since >= steadyProgress {
		r.interrupted = 0
	}
	r.interrupted++
	r.since, r.last = r.offset, err
}

// Seek implements io.Seeker. It makes no request.
func (r *s3Reader) Seek(offset int64, whence int) (int64, error) {
	if r.closed {
		return 0, fs.ErrClosed
	}
	switch whence {
	case io.SeekCurrent:
		offset += r.offset
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return 0, fmt.Errorf("seek in recording: %w", fs.ErrInvalid)
	}
	if offset != r.offset {
		r.closeBody()
		r.since += offset - r.offset
	}
	r.offset = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *s3Reader) Close() error {
	r.closed = true
	r.closeBody()
	return nil
}

func (r *s3Reader) closeBody() {
	if r.body != nil {
		_ = r.body.Close() // nothing was written
		r.body = nil
	}
}
