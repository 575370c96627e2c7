// Package media reads from audio and video files how long they are. It reads only headers, so that a file of any size
// needs little memory and few reads.
package media

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrUnknownDuration means that a file is of a format that this package can't read, is damaged, or doesn't say how
// long it is.
var ErrUnknownDuration = errors.New("unknown duration")

// maxDuration is longer than any recording. Longer ones are taken for damaged.
const maxDuration = 31 * 24 * time.Hour

// Duration returns the playing time of an MP4, M4A or QuickTime file, fragmented or not, or of an MP3 file. Its errors
// are those of r and ErrUnknownDuration. The position of r is undefined afterwards.
func Duration(r io.ReadSeeker) (time.Duration, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("measure recording: %w", err)
	}
	file := file{r, size}
	head, err := file.read(0, min(size, 12))
	if err != nil {
		return 0, err
	}
	var length time.Duration
	switch {
	case len(head) == 12 && isBoxType(head[4:8]):
		length, err = mp4Duration(file)
	case bytes.HasPrefix(head, []byte("ID3")), len(head) > 1 && head[0] == 0xff && head[1]&0xe0 == 0xe0:
		length, err = mp3Duration(file)
	default:
		return 0, ErrUnknownDuration
	}
	if err == nil && (length <= 0 || length > maxDuration) {
		return 0, ErrUnknownDuration
	}
	return length, err
}

// file is a file that is read in pieces.
type file struct {
	r    io.ReadSeeker
	size int64 // bytes
}

// read returns n bytes from an offset, or ErrUnknownDuration if the file has fewer.
func (f file) read(offset, n int64) ([]byte, error) {
	if offset < 0 || n < 0 || offset > f.size-n {
		return nil, ErrUnknownDuration
	}
	if _, err := f.r.Seek(offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("measure recording: %w", err)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(f.r, data); err != nil {
		return nil, fmt.Errorf("measure recording: %w", err)
	}
	return data, nil
}

// timeOf converts units of which a second has scale.
func timeOf(units uint64, scale uint32) time.Duration {
	if scale == 0 {
		return 0
	}
	seconds := float64(units) / float64(scale)
	if seconds > maxDuration.Seconds() {
		return maxDuration + 1
	}
	return time.Duration(seconds * float64(time.Second))
}
