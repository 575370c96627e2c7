package fathom

import (
	"context"
	"errors"
	"io"
)

// ErrNoRange means that a file host sends another part of the file than was asked for, for instance because it ignores ranges.
var ErrNoRange = errors.New("file host doesn't send the requested range")

// ReadRange reads len(p) bytes of a file from an offset on. They must be within the file. Like Fetch, it sends no
// credentials and resumes after interruptions; its errors are the same, and ErrNoRange.
func (c *Client) ReadRange(ctx context.Context, file File, p []byte, offset int64) error {
	_, err := c.fetch(ctx, &fetch{
		file: file, dst: &stretch{bytes: p, offset: offset}, buffer: make([]byte, min(len(p), fetchBuffer)), end: offset + int64(len(p)),
	})
	return err
}

// stretch is the Destination of a range.
type stretch struct {
	bytes  []byte
	offset int64 // of bytes in the file
	done   int   // bytes that have arrived
}

// Write implements Destination.
func (s *stretch) Write(p []byte) (int, error) {
	n := copy(s.bytes[s.done:], p)
	s.done += n
	if n < len(p) {
		return n, io.ErrShortBuffer
	}
	return n, nil
}

// Size implements Destination: what comes before the range counts as present.
func (s *stretch) Size() int64 { return s.offset + int64(s.done) }

// Reset implements Destination.
func (s *stretch) Reset() error { return ErrNoRange }
