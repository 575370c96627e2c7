package loominspect

import (
	"bytes"
	"context"
	_ "embed" // the clip
	"io"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// ClipTitle is the title of the video that Config.Upload creates.
const ClipTitle = "Fathom-to-Loom test clip, please delete"

// clip is created by make-clip.sh.
//
//go:embed clip.mp4
var clip []byte

type clipFile struct{ *bytes.Reader }

// Close implements io.Closer.
func (clipFile) Close() error { return nil }

func clipRecording() loom.Recording {
	return loom.Recording{
		Open:     func(context.Context) (io.ReadSeekCloser, error) { return clipFile{bytes.NewReader(clip)}, nil },
		FileName: ClipTitle + ".mp4", Title: ClipTitle, Size: int64(len(clip)), Duration: 2 * time.Second, Measured: true,
	}
}
