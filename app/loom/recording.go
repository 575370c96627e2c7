package loom

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// MaxUploadSize is the size in bytes below which Loom's upload page accepts a file. Loom's limit is
// "4 GB" of unspecified base. This is the larger reading, so that the user can try a file that is close
// to the limit.
const MaxUploadSize int64 = 4 << 30

// uploadExts are the file name extensions that Loom's upload page accepts.
var uploadExts = []string{".mp4", ".mov", ".webm", ".wmv", ".avi", ".m4v"}

// Recording is a file to deliver.
type Recording struct {
	Open     func(ctx context.Context) (io.ReadSeekCloser, error)
	FileName string // the name that Loom should see
	Title    string
	Size     int64 // bytes
	Duration time.Duration
	Measured bool // see Expectation
}

// Expectation describes the video that Verify should find at Loom after the upload.
func (r Recording) Expectation() Expectation {
	return Expectation{Title: r.Title, FileName: r.FileName, Duration: r.Duration, Measured: r.Measured}
}

// ErrAudioOnly is the *[RejectedError] of a recording without video.
var ErrAudioOnly error = &RejectedError{Reason: "it is audio only, and Loom accepts only video"}

// RejectedError means that Loom does not accept a recording. Reason is for the user.
type RejectedError struct{ Reason string }

// Error returns a lower-case sentence for the user.
func (e *RejectedError) Error() string { return "loom does not accept this recording: " + e.Reason }

// IsAudio reports whether a file of this name is a recording without video.
func IsAudio(fileName string) bool {
	ext := strings.ToLower(filepath.Ext(fileName))
	return ext == ".m4a" || ext == ".mp3"
}

// CheckUpload returns a *[RejectedError], such as ErrAudioOnly, if Loom's upload page does not accept a file.
// Every uploader should call it first.
func CheckUpload(r Recording) error {
	ext := strings.ToLower(filepath.Ext(r.FileName))
	switch {
	case IsAudio(r.FileName):
		return ErrAudioOnly
	case !slices.Contains(uploadExts, ext):
		return &RejectedError{Reason: fmt.Sprintf("its format is %q, and Loom accepts %s", ext, strings.Join(uploadExts, ", "))}
	case r.Size <= 0:
		return &RejectedError{Reason: "the file is empty"}
	case r.Size >= MaxUploadSize:
		return &RejectedError{Reason: fmt.Sprintf("its size is %s, and Loom accepts files under 4 GB", humanize.Bytes(uint64(r.Size)))}
	}
	return nil
}
