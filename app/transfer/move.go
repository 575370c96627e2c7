package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

// Mover carries the bytes of recordings on other machines. [dispatch.Owner] is one.
type Mover interface {
	// Move moves a file and returns when all its parts are recorded. The error is [dispatch.ErrNoMover], a *[dispatch.Failure], an
	// error of the task or the cause of ctx.
	Move(ctx context.Context, task dispatch.Task) (sha256 string, err error)
}

const (
	addressTTL  = 30 * time.Minute // of the parts of an offer; a longer move gets another offer
	maxRestarts = 1                // of a move whose source turns out to be another file
)

// canMove reports whether a mover may move a file: it must end in S3, and its size must be known.
func (r *transferRun) canMove(file fathom.File, saved *savedUpload) bool {
	return !saved.Here && saved.Upload.Engine == blob.EngineS3 && file.Size > 0
}

// moveFile lets a mover write the file. The error is dispatch.ErrNoMover if this process must do it.
func (r *transferRun) moveFile(ctx context.Context, file fathom.File, saved *savedUpload, space *ledger.File) (err error) {
	if err := space.Allow(file.Size); err != nil {
		return err
	}
	upload, err := r.service.blobs.S3.Remote(ctx, saved.Upload, file.Size, r.recordUpload(saved, space))
	if errors.Is(err, blob.ErrUploadLost) {
		return r.startOver(err)
	}
	if err != nil {
		return fmt.Errorf("continue to store recording %d: %w", r.recordingID, err)
	}
	defer func() { err = errors.Join(err, upload.Close()) }()
	progress, stop := r.trackProgress()
	defer stop()
	task := &moveTask{file: file, saved: saved, upload: upload, progress: progress, stored: r.service.stored}
	for restarts := 0; ; restarts++ {
		sha256 := ""
		if upload.Upload().Size < file.Size { // otherwise only the end was lost
			sha256, err = r.service.mover.Move(ctx, task)
		}
		if err == nil {
			_, err = upload.Finish(sha256)
		}
		failure, failed := errors.AsType[*dispatch.Failure](err)
		if failed && failure.Kind == dispatch.KindRestart {
			if err := upload.Reset(); err != nil {
				return err
			}
			if restarts < maxRestarts {
				continue
			}
		}
		if failed || errors.Is(err, blob.ErrMismatch) {
			// A mover's word isn't final, because it may be broken or stolen: if there is a fault, this process meets it, too.
			return errors.Join(dispatch.ErrNoMover, err)
		}
		return err
	}
}

// moveTask is what a mover is offered, and what is recorded of its work.
type moveTask struct {
	file     fathom.File
	saved    *savedUpload
	upload   *blob.Remote
	progress func(done, total int64)
	stored   func(n int64)
}

var _ dispatch.Task = &moveTask{}

// Offer implements dispatch.Task.
func (t *moveTask) Offer(context.Context) (dispatch.Move, error) {
	state := t.upload.Upload()
	addresses, err := t.upload.Addresses(dispatch.MaxParts, addressTTL)
	if err != nil {
		return dispatch.Move{}, err
	}
	return dispatch.Move{
		Source: t.file.URL.Reveal(), Expires: t.file.ExpiresAt, Size: t.file.Size, ContentType: t.file.ContentType,
		PartSize: state.PartSize, First: len(state.Parts) + 1, Parts: addresses, Hash: state.Hash,
	}, nil
}

// Record implements dispatch.Task.
func (t *moveTask) Record(_ context.Context, part dispatch.Part) error {
	t.saved.Moved = true // recorded with the part
	if err := t.upload.Record(part.Number, part.ETag, part.Size, part.Hash); err != nil {
		return err
	}
	t.stored(part.Size)
	return nil
}

// Progress implements dispatch.Task.
func (t *moveTask) Progress(done int64) { t.progress(done, t.file.Size) }
