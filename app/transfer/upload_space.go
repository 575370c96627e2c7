package transfer

import (
	"strconv"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

// spaceFor describes the file that an upload writes, so that the ledger can reserve its space. size is in bytes, 0
// if unknown.
func (r *transferRun) spaceFor(what string, upload blob.Upload, size int64) ledger.FileSpec {
	spec := ledger.FileSpec{What: what, Size: size, Max: r.service.maxRecordingSize}
	if upload.Engine == blob.EngineDisk {
		spec.Path = r.service.blobs.Disk.PartialPath(upload)
	} else {
		spec.Remote, spec.Key, spec.Existing = true, upload.Key, upload.Size
	}
	return spec
}

// spaceForNew is spaceFor for an upload that hasn't begun.
func (r *transferRun) spaceForNew(what string) ledger.FileSpec {
	spec := ledger.FileSpec{What: what, Max: r.service.maxRecordingSize}
	if r.service.blobs.Default().Engine() == blob.EngineDisk {
		spec.Path = r.service.blobs.Disk.NewPartialPath(r.db.Name, strconv.FormatInt(r.recordingID, 10))
	} else {
		spec.Remote = true
	}
	return spec
}

// spacedWriter asks the ledger before every write.
type spacedWriter struct {
	blob.Writer
	space *ledger.File
}

var _ fathom.Destination = spacedWriter{}

// Write appends bytes, or returns an error of package ledger if there is no space for them.
func (w spacedWriter) Write(p []byte) (int, error) {
	if err := w.space.Allow(w.Size() + int64(len(p))); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}

// Reset discards all bytes and gives their space back.
func (w spacedWriter) Reset() error {
	if err := w.Writer.Reset(); err != nil {
		return err
	}
	return w.space.Allow(0)
}
