package transfer

import (
	"strconv"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/media"
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

// fileWriter asks the ledger before every write, and notices a file that ends early.
type fileWriter struct {
	blob.Writer
	space *ledger.File
	end   *media.End // nil if an earlier run has written the beginning of the file

	stored func(n int64)
}

var _ fathom.Destination = &fileWriter{}

func newFileWriter(writer blob.Writer, space *ledger.File, stored func(int64)) *fileWriter {
	w := &fileWriter{Writer: writer, space: space, stored: stored}
	if writer.Size() == 0 {
		w.end = &media.End{}
	}
	return w
}

// Write appends bytes, or returns an error of package ledger if there is no space for them.
func (w *fileWriter) Write(p []byte) (int, error) {
	if err := w.space.Allow(w.Size() + int64(len(p))); err != nil {
		return 0, err
	}
	if w.end != nil {
		_, _ = w.end.Write(p) // never fails
	}
	n, err := w.Writer.Write(p)
	w.stored(int64(n))
	return n, err
}

// Reset discards all bytes and gives their space back.
func (w *fileWriter) Reset() error {
	if err := w.Writer.Reset(); err != nil {
		return err
	}
	w.end = &media.End{}
	return w.space.Allow(0)
}

// knowsEnd reports whether endsEarly can tell anything, because the whole file has passed.
func (w *fileWriter) knowsEnd() bool { return w.end != nil }

// endsEarly reports whether a part of the file is missing at its end, as far as its format shows that.
func (w *fileWriter) endsEarly() bool { return w.end != nil && w.end.IsEarly() }
