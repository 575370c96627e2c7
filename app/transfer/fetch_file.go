package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

// fetchFile streams the file into the partial file of its download. It resumes a partial file that an earlier
// run left, but removes those of other downloads, because Fathom may have encoded the video again. If there is
// no space for the file, it returns an error of package ledger, before it requests anything if Fathom has said
// how large the file is.
func (r *transferRun) fetchFile(ctx context.Context, downloadID string, file fathom.File) (path string, fetched fathom.FetchResult, err error) {
	path = r.service.partialPath(r.db, r.recordingID, downloadID)
	if err := r.service.removePartials(r.db, r.recordingID, path); err != nil {
		return "", fetched, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fetched, fmt.Errorf("create the folder of partial files: %w", err)
	}
	// Saved before the space is checked, so that the next run needn't ask Fathom.
	if _, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("bytes_total", max(file.Size, 0)) }); err != nil {
		return "", fetched, err
	}
	space, err := r.db.Space.OpenFile(ledger.FileSpec{
		What: kindOfFile(file), Path: path, Size: max(file.Size, 0), Max: r.service.maxRecordingSize,
	})
	if err != nil {
		return "", fetched, r.removeRefused(err, false)
	}
	defer func() { err = errors.Join(err, space.Close()) }()
	fetched, err = r.fetchInto(ctx, path, file, space)
	return path, fetched, r.removeRefused(err, true)
}

// fetchInto streams the file into the partial file at path.
func (r *transferRun) fetchInto(ctx context.Context, path string, file fathom.File, space *ledger.File) (fetched fathom.FetchResult, err error) {
	partial, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fetched, fmt.Errorf("open the partial file of recording %d: %w", r.recordingID, err)
	}
	defer func() { err = errors.Join(err, partial.Close()) }()
	_, err = r.updateTransfer(func(transfer *core.Record) { setStatus(transfer, StatusDownloading) })
	if err != nil {
		return fetched, err
	}
	before, err := partial.Stat()
	if err != nil {
		return fetched, fmt.Errorf("measure the partial file of recording %d: %w", r.recordingID, err)
	}
	progress, stop := r.trackProgress()
	defer stop()
	fetched, err = r.service.fathom.Fetch(ctx, file, partial, space, progress)
	if err == nil {
		return fetched, nil
	}
	after, statErr := partial.Stat()
	if statErr != nil {
		return fetched, errors.Join(err, statErr)
	}
	return fetched, r.pauseIfSlow(err, after.Size()-before.Size())
}

// removeRefused removes the partial file if err means that it must not grow: it would keep the space that it
// lacks. A file that the disk has no space for yet is kept, unless it uses the reserve of the disk; writing means
// that it was being written. removeRefused returns err.
func (r *transferRun) removeRefused(err error, writing bool) error {
	_, overQuota := errors.AsType[*ledger.QuotaError](err)
	_, tooLarge := errors.AsType[*ledger.SizeError](err)
	full, noSpace := errors.AsType[*ledger.DiskError](err)
	if overQuota || tooLarge || noSpace && (writing || full.Available < 0) {
		return errors.Join(err, r.service.removePartials(r.db, r.recordingID, ""))
	}
	return err
}

// checkSpace returns an error of package ledger if there is no space for the recording, as far as that is known
// before Fathom is asked: an earlier run may have learnt how large the file of the current download is.
func (r *transferRun) checkSpace(transfer *core.Record) error {
	downloadID := transfer.GetString("download_id")
	spec := ledger.FileSpec{
		What: "video", Path: r.service.partialPath(r.db, r.recordingID, downloadID), Max: r.service.maxRecordingSize,
	}
	age := r.service.now().Sub(transfer.GetDateTime("download_requested_at").Time())
	if downloadID != "" && age < maxPreparation {
		spec.Size = int64(transfer.GetInt("bytes_total"))
	}
	space, err := r.db.Space.OpenFile(spec)
	if err != nil {
		return r.removeRefused(err, false)
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
