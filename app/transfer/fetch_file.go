package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// storeFile stores the file under its key. The error is errNotMoved if what a mover has stored can't be used.
func (r *transferRun) storeFile(ctx context.Context, downloadID string, file fathom.File) (*savedUpload, error) {
	saved, err := r.fetchFile(ctx, downloadID, file)
	if err != nil {
		return nil, err
	}
	if err := r.completeUpload(ctx, saved); err != nil {
		return nil, err
	}
	if saved.Moved {
		return saved, r.checkMoved(ctx, file, saved)
	}
	return saved, nil
}

// fetchFile streams the file into the storage, where it isn't visible yet. It continues the upload of an earlier
// run. If there is no space for the file, it returns an error of package ledger, before it requests anything if
// Fathom has said how large the file is.
func (r *transferRun) fetchFile(
	ctx context.Context, downloadID string, file fathom.File,
) (saved *savedUpload, err error) {
	// Saved before the space is checked, so that the next run needn't ask Fathom.
	_, err = r.updateTransfer(func(transfer *core.Record) { transfer.Set("bytes_total", max(file.Size, 0)) })
	if err != nil {
		return nil, err
	}
	if err := r.checkSpace(ctx, kindOfFile(file)); err != nil {
		return nil, err
	}
	saved, err = r.openUpload(ctx, sourceOf(downloadID), file)
	if err != nil {
		return nil, err
	}
	space, err := r.db.Space.OpenFile(r.spaceFor(kindOfFile(file), saved.Upload, max(file.Size, 0)))
	if err != nil {
		return nil, r.discardRefused(err, false)
	}
	defer func() { err = errors.Join(err, space.Close()) }()
	if _, err := r.updateTransfer(func(transfer *core.Record) { setStatus(transfer, StatusDownloading) }); err != nil {
		return nil, err
	}
	if err := r.writeFile(ctx, file, saved, space); err != nil {
		return nil, r.discardRefused(err, true)
	}
	return saved, nil
}

// writeFile writes the file into an upload, whose state it records as it changes: through a mover on another machine if
// there is one, and otherwise here. With movers, more transfers run at once than this process can write files.
func (r *transferRun) writeFile(ctx context.Context, file fathom.File, saved *savedUpload, space *ledger.File) error {
	if r.service.mover == nil {
		return r.writeFileHere(ctx, file, saved, space)
	}
	if r.canMove(file, saved) {
		if err := r.moveFile(ctx, file, saved, space); !errors.Is(err, dispatch.ErrNoMover) {
			return err
		}
	}
	end, ok := r.service.ownMoves.Acquire(limit.Caller{})
	if !ok {
		busy := queue.Snooze("The server is busy.", busyRetry)
		busy.HoldOthers = busyHold // each would ask Fathom before it finds out
		return busy
	}
	defer end()
	return r.writeFileHere(ctx, file, saved, space)
}

// writeFileHere streams the file through this process.
func (r *transferRun) writeFileHere(
	ctx context.Context, file fathom.File, saved *savedUpload, space *ledger.File,
) (err error) {
	store, err := r.service.blobs.Of(saved.Upload.Engine)
	if err != nil {
		return err
	}
	writer, err := store.Write(ctx, saved.Upload, r.recordUpload(saved, space))
	if errors.Is(err, blob.ErrUploadLost) {
		return r.startOver(err)
	}
	if err != nil {
		return fmt.Errorf("continue to store recording %d: %w", r.recordingID, err)
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	before := writer.Size()
	progress, stop := r.trackProgress()
	defer stop()
	destination := newFileWriter(writer, space, r.service.stored)
	fetched, err := r.service.fathom.Fetch(ctx, file, destination, progress)
	if err == nil && fetched.Total == 0 && !destination.knowsEnd() {
		// Nobody has said how large the file is, and its beginning, which an earlier run has stored, would show where it
		// ends.
		if err = destination.Reset(); err == nil {
			before = 0
			fetched, err = r.service.fathom.Fetch(ctx, file, destination, progress)
		}
	}
	switch {
	case err != nil:
		return r.pauseIfSlow(err, writer.Size()-before)
	case fetched.Size == 0:
		return r.requestAnother("Fathom sent an empty file.", errors.New("empty file"))
	case fetched.Total == 0 && destination.endsEarly():
		return r.requestAnother("The file from Fathom ends too early.", fmt.Errorf("file of unknown size ends after %d bytes", fetched.Size))
	}
	_, err = writer.Finish()
	return err
}

// recordUpload returns a function that records the state of an upload whenever it changes.
func (r *transferRun) recordUpload(saved *savedUpload, space *ledger.File) func(blob.Upload) error {
	return func(upload blob.Upload) error {
		saved.Upload = upload
		if upload.Engine != blob.EngineDisk {
			space.SetKey(upload.Key)
		}
		return r.saveUpload(saved)
	}
}

// requestAnother returns the failure of a run whose file is useless, and makes the next one request another file.
func (r *transferRun) requestAnother(message string, err error) error {
	return queue.Temporary(message, errors.Join(err, r.clearDownload()), time.Minute)
}

// discardRefused discards the upload if err means that it must not grow: it would keep the space that it lacks.
// An upload that the disk has no space for yet is kept, unless it uses the reserve of the disk; writing means that
// it was being written. discardRefused returns err.
func (r *transferRun) discardRefused(err error, writing bool) error {
	_, overQuota := errors.AsType[*ledger.QuotaError](err)
	_, tooLarge := errors.AsType[*ledger.SizeError](err)
	full, noSpace := errors.AsType[*ledger.DiskError](err)
	if overQuota || tooLarge || noSpace && (writing || full.Available < 0) {
		return errors.Join(err, r.discardUpload())
	}
	return err
}

// checkSpace returns an error of package ledger if there is no space for the recording, as far as that is known: Fathom
// may have said, to this run or an earlier one, how large the file of the current download is. what names the file
// for the user.
func (r *transferRun) checkSpace(ctx context.Context, what string) error {
	downloadID := r.transfer.GetString("download_id")
	saved, err := uploadOf(r.transfer)
	if err != nil {
		return err
	}
	spec := r.spaceForNew(what)
	if saved != nil && saved.Source == sourceOf(downloadID) {
		spec = r.spaceFor(what, saved.Upload, 0)
	}
	age := r.service.now().Sub(r.transfer.GetDateTime("download_requested_at").Time())
	if downloadID != "" && age < maxPreparation {
		spec.Size = int64(r.transfer.GetInt("bytes_total"))
	}
	space, err := r.db.Space.OpenFile(spec)
	if err != nil {
		return r.discardRefused(err, false)
	}
	return space.Close()
}

// kindOfFile names a file for the user.
func kindOfFile(file fathom.File) string {
	if strings.HasPrefix(fathom.MediaType(file.ContentType), "audio/") {
		return "audio recording"
	}
	return "video"
}
