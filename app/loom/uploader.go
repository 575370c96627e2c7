package loom

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// MaxUploadSize is the size Loom's upload page wants files to stay under, in
// bytes. Loom says "4 GB" without saying which; the larger reading leaves the
// doubtful files to the person who uploads.
const MaxUploadSize int64 = 4 << 30

var uploadExts = []string{".mp4", ".mov", ".webm", ".wmv", ".avi", ".m4v"}

// UploadExts returns the file name extensions Loom's upload page takes.
func UploadExts() []string { return slices.Clone(uploadExts) }

// Recording is a file to be delivered.
type Recording struct {
	Path     string // on this machine
	FileName string // as Loom should see it; from the FileName function
	Title    string
	Size     int64 // bytes
	Duration time.Duration
}

// Expectation is what Verify should find at Loom afterwards.
func (r Recording) Expectation() Expectation {
	return Expectation{Title: r.Title, Duration: r.Duration}
}

// Outcome is how far an uploader got.
type Outcome struct {
	ShareURL      string // canonical, blank when AwaitShareURL
	AwaitShareURL bool   // a person uploads and pastes the link
}

// Uploader delivers recordings. Upload must be safe to call again after a crash.
// A *[RejectedError] is final; other errors may pass.
type Uploader interface {
	Name() string
	Upload(ctx context.Context, r Recording) (Outcome, error)
}

// RejectedError says why Loom would not take a recording, in words for its user.
type RejectedError struct{ Reason string }

// Error is a lower-case sentence for the user.
func (e *RejectedError) Error() string { return "loom would not take this recording: " + e.Reason }

// Temporary is false: the file will not change.
func (e *RejectedError) Temporary() bool { return false }

// CheckUpload says whether Loom's upload page takes such a file; if not, with a
// *[RejectedError]. Any uploader should ask before it begins.
func CheckUpload(r Recording) error {
	name := r.FileName
	if name == "" {
		name = r.Path
	}
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case ext == ".m4a" || ext == ".mp3":
		return &RejectedError{Reason: "it is audio only, and Loom takes only video"}
	case !slices.Contains(uploadExts, ext):
		return &RejectedError{Reason: fmt.Sprintf("its format is %q, and Loom takes %s", ext, strings.Join(uploadExts, ", "))}
	case r.Size <= 0:
		return &RejectedError{Reason: "the file is empty"}
	case r.Size >= MaxUploadSize:
		return &RejectedError{Reason: fmt.Sprintf("it has %.1f GB, and Loom takes files under 4 GB", float64(r.Size)/(1<<30))}
	}
	return nil
}

// Handover is the default uploader: it checks that Loom would take the file and
// leaves it, well named, to the person, who uploads it and pastes the link.
type Handover struct{}

var _ Uploader = Handover{}

// Name is "handover".
func (Handover) Name() string { return "handover" }

// Upload sends nothing. It returns AwaitShareURL, or a *[RejectedError].
func (Handover) Upload(ctx context.Context, r Recording) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return Outcome{}, fmt.Errorf("hand over recording: %w", err)
	}
	if err := CheckUpload(r); err != nil {
		return Outcome{}, err
	}
	return Outcome{AwaitShareURL: true}, nil
}
