package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/minio/minio-go/v7"
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
}

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
		if err := r.request(); err != nil {
			return 0, err
		}
	}
	n, err := r.body.Read(p)
	r.offset += int64(n)
	if err != nil {
		r.drop()
	}
	switch {
	case n > 0:
		return n, nil // the next call finds out again
	case err == nil || errors.Is(err, io.EOF):
		return 0, io.ErrUnexpectedEOF
	default:
		return 0, err
	}
}

func (r *s3Reader) request() error {
	options := minio.GetObjectOptions{}
	if r.offset > 0 {
		if err := options.SetRange(r.offset, 0); err != nil {
			return err
		}
	}
	body, _, header, err := r.s3.core.GetObject(r.ctx, r.s3.bucket, r.s3.object(r.key), options)
	if err != nil {
		return err
	}
	if r.offset > 0 && header.Get("Content-Range") == "" {
		_ = body.Close() // the service ignores ranges
		return &Error{Op: "read recording", Kind: KindFailed, Code: "RangeIgnored"}
	}
	r.body = body
	return nil
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
		r.drop()
	}
	r.offset = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *s3Reader) Close() error {
	r.closed = true
	r.drop()
	return nil
}

func (r *s3Reader) drop() {
	if r.body != nil {
		_ = r.body.Close() // nothing was written
		r.body = nil
	}
}
