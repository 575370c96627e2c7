package outbound

import (
	"errors"
	"io"
)

// ErrBodyTooLarge is returned by ReadBody for a body above its limit.
var ErrBodyTooLarge = errors.New("body is too large")

// ReadBody reads a body of at most limit bytes. It returns what it has read, at most limit bytes, with
// any error: ErrBodyTooLarge, or the error of the reader.
func ReadBody(body io.Reader, limit int64) ([]byte, error) {
	read, err := io.ReadAll(io.LimitReader(body, limit+1))
	if int64(len(read)) > limit {
		return read[:limit], ErrBodyTooLarge
	}
	return read, err
}
