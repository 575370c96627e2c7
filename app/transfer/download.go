package transfer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	// A job keeps its slot for up to maxWaitInSlot while Fathom prepares a file. Then it snoozes, so that
	// other jobs can use the slot.
	maxWaitInSlot = 2 * time.Minute
	snoozeTime    = 30 * time.Second
	maxPollPause  = time.Minute

	maxDownloadRequests = 4             // per transfer, if Fathom fails to prepare files or they expire
	maxPreparation      = 3 * time.Hour // after this time, a new download is requested
	progressInterval    = 500 * time.Millisecond
)

// downloadRecording requests a download, waits for it, fetches the file and stores it. The download's id
// is saved before the wait, so that a later run uses the same download.
func (r *transferRun) downloadRecording(ctx context.Context) (*core.Record, error) {
	for range maxDownloadRequests {
		download, err := r.awaitDownload(ctx)
		if err != nil {
			return nil, err
		}
		file, ok := download.File()
		if !ok {
			return nil, queue.Temporary("Fathom finished this recording without a file.",
				errors.Join(errors.New("completed download without a file"), r.clearDownload()), 0)
		}
		partial, fetched, err := r.fetchFile(ctx, download.DownloadID, file)
		if errors.Is(err, fathom.ErrLinkExpired) {
			if err := r.clearDownload(); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if fetched.Size == 0 {
			return nil, queue.Temporary("Fathom sent an empty file.", errors.Join(errors.New("empty file"), r.clearDownload()), time.Minute)
		}
		return r.storeFile(partial, file, fetched)
	}
	return nil, queue.Temporary("Fathom's download links keep expiring.", fathom.ErrLinkExpired, 0)
}

// awaitDownload polls the download until Fathom has prepared the file.
func (r *transferRun) awaitDownload(ctx context.Context) (fathom.Download, error) {
	download, err := r.currentDownload(ctx)
	if err != nil {
		return fathom.Download{}, err
	}
	started, pause := r.service.now(), r.service.poll
	for {
		switch download.Status {
		case fathom.DownloadCompleted:
			return download, nil
		case fathom.DownloadFailed:
			err := errors.Join(fmt.Errorf("fathom failed to prepare the file: %s", download.FailureReason), r.clearDownload())
			return fathom.Download{}, queue.Temporary("Fathom could not prepare the video.", err, time.Minute)
		case fathom.DownloadExpired:
			if err := r.clearDownload(); err != nil {
				return fathom.Download{}, err
			}
			if download, err = r.currentDownload(ctx); err != nil {
				return fathom.Download{}, err
			}
			continue
		}
		if r.service.now().Sub(started) > maxWaitInSlot {
			return fathom.Download{}, queue.Snooze("Fathom is still preparing the video.", snoozeTime)
		}
		if outbound.Sleep(ctx, pause) != nil {
			return fathom.Download{}, context.Cause(ctx)
		}
		pause = min(pause*3/2, maxPollPause)
		if download, err = r.account.PollDownload(ctx, r.recordingID, download.DownloadID); err != nil {
			return fathom.Download{}, r.clearIfGone(err)
		}
	}
}

// currentDownload returns the download that an earlier run requested, or requests one.
func (r *transferRun) currentDownload(ctx context.Context) (fathom.Download, error) {
	transfer, err := r.updateTransfer(func(transfer *core.Record) { setStatus(transfer, StatusFetching) })
	if err != nil {
		return fathom.Download{}, err
	}
	requestedAt := transfer.GetDateTime("download_requested_at").Time()
	if id := transfer.GetString("download_id"); id != "" && r.service.now().Sub(requestedAt) < maxPreparation {
		download, err := r.account.PollDownload(ctx, r.recordingID, id)
		return download, r.clearIfGone(err)
	}
	if transfer.GetInt("downloads_requested") >= maxDownloadRequests {
		_, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("downloads_requested", 0) }) // for a later transfer
		return fathom.Download{}, errors.Join(queue.Permanent("Fathom could not prepare the video of this meeting. Try again later.", nil), err)
	}
	download, err := r.account.RequestDownload(ctx, r.recordingID)
	if err != nil {
		return fathom.Download{}, err
	}
	_, err = r.updateTransfer(func(transfer *core.Record) {
		transfer.Set("download_id", download.DownloadID)
		transfer.Set("download_requested_at", r.service.now())
		transfer.Set("downloads_requested", transfer.GetInt("downloads_requested")+1)
	})
	return download, err
}

// clearDownload removes the saved download, so that currentDownload requests a new one.
func (r *transferRun) clearDownload() error {
	_, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("download_id", "") })
	return err
}

// clearIfGone clears a download that Fathom doesn't know, for instance because another key requested it.
// The next attempt requests a new one.
func (r *transferRun) clearIfGone(err error) error {
	failure, ok := errors.AsType[*fathom.Error](err)
	if !ok || (failure.Kind != fathom.KindNotFound && failure.Kind != fathom.KindForbidden) {
		return err
	}
	return queue.Temporary("Fathom no longer knows this download.", errors.Join(err, r.clearDownload()), 0)
}

// trackProgress returns a function that reports bytes to the job. A separate goroutine saves them to the
// transfer's record, so that the database doesn't slow down the download. stop saves the final number and
// waits for the goroutine.
func (r *transferRun) trackProgress() (progress func(done, total int64), stop func()) {
	var done atomic.Int64
	progress = func(now, total int64) {
		done.Store(now)
		if total > 0 {
			r.report("downloading", progressDetails+(progressDownload-progressDetails)*float64(now)/float64(total))
		}
	}
	saved := int64(-1)
	save := func() {
		now := done.Load()
		if now == saved {
			return
		}
		saved = now
		if _, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("bytes_done", now) }); err != nil {
			r.service.logger.Warn("failed to save the progress of a download", "database", r.db.Name, "recording", r.recordingID, "error", err)
		}
	}
	stopping := make(chan struct{})
	var saver sync.WaitGroup
	saver.Go(func() {
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				save()
			case <-stopping:
				save()
				return
			}
		}
	})
	return progress, func() { close(stopping); saver.Wait() }
}
