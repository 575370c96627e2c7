package transfer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	maxPollPause = time.Minute

	// maxPreparing is how many files of one user Fathom prepares at once. With more, polling would use up the
	// rate budget.
	maxPreparing = 10

	slowRetry    = time.Minute // after the first attempt at a slow download; doubles with each attempt
	maxSlowRetry = 30 * time.Minute
	minReceived  = 1 << 20 // bytes that a slow download must receive in a run

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
		saved, err := r.storeFile(ctx, download.DownloadID, file)
		switch {
		case errors.Is(err, fathom.ErrLinkExpired):
			if err := r.clearDownload(); err != nil {
				return nil, err
			}
		case errors.Is(err, errNotMoved): // this process stores it
		case err != nil:
			return nil, err
		default:
			return r.publish(ctx, saved)
		}
	}
	return nil, queue.Temporary("Fathom's download links keep expiring.", fathom.ErrLinkExpired, 0)
}

// awaitDownload returns the download if Fathom has prepared the file. Otherwise, it snoozes until the next
// poll.
func (r *transferRun) awaitDownload(ctx context.Context) (fathom.Download, error) {
	for {
		download, err := r.currentDownload(ctx)
		if err != nil {
			return fathom.Download{}, err
		}
		switch download.Status {
		case fathom.DownloadCompleted:
			return download, nil
		case fathom.DownloadFailed:
			err := errors.Join(fmt.Errorf("fathom failed to prepare the file: %s", download.FailureReason), r.clearDownload())
			return fathom.Download{}, queue.Temporary("Fathom could not prepare the video.", err, time.Minute)
		case fathom.DownloadExpired: // currentDownload limits how many are requested
			if err := r.clearDownload(); err != nil {
				return fathom.Download{}, err
			}
		default:
			if r.isPreparing() {
				return fathom.Download{}, r.snoozeUntilPoll()
			}
			if err := r.clearDownload(); err != nil {
				return fathom.Download{}, err
			}
		}
	}
}

// snoozeUntilPoll returns the *queue.SnoozeError of a download that Fathom is still preparing.
func (r *transferRun) snoozeUntilPoll() error {
	preparing, err := r.db.App.CountRecords(schema.Transfers, dbx.HashExp{"status": string(StatusFetching)}, dbx.NewExp("download_id != ''"))
	if err != nil {
		return fmt.Errorf("count the downloads in preparation: %w", err)
	}
	waited := r.service.now().Sub(r.transfer.GetDateTime("download_requested_at").Time())
	snooze := queue.Snooze("", pollPause(r.service.poll, waited, preparing))
	if preparing >= maxPreparing {
		snooze.HoldOthers = snooze.After*3/2 + time.Second // the next poll extends it
		snooze.HoldReason = fmt.Sprintf("Fathom is preparing %d of your videos. This one follows.", maxPreparing)
	}
	return snooze
}

// pollPause returns how long to wait before the next poll of a download that was requested some time ago: at first
// poll, later half of the time that has passed. If several files are being prepared for the user, the pauses are
// longer, so that with the default setting polls use at most half of the 60 requests a minute that Fathom allows.
// https://developers.fathom.ai/api-overview
func pollPause(poll, waited time.Duration, preparing int64) time.Duration {
	first := poll
	if preparing > 1 {
		first *= 2 * time.Duration(preparing)
	}
	return min(max(first, waited/2), max(poll, maxPollPause))
}

// isPreparing reports whether a download has been requested that Fathom may still be preparing.
func (r *transferRun) isPreparing() bool {
	requestedAt := r.transfer.GetDateTime("download_requested_at").Time()
	return r.transfer.GetString("download_id") != "" && r.service.now().Sub(requestedAt) < maxPreparation
}

// currentDownload polls the download that an earlier run requested, however long ago, because it may have been
// prepared while the job waited for a slot. If there is none, it requests one.
func (r *transferRun) currentDownload(ctx context.Context) (fathom.Download, error) {
	transfer, err := r.updateTransfer(func(transfer *core.Record) { setStatus(transfer, StatusFetching) })
	if err != nil {
		return fathom.Download{}, err
	}
	if id := transfer.GetString("download_id"); id != "" {
		download, err := r.account.PollDownload(ctx, r.recordingID, id)
		return download, r.clearIfGone(err)
	}
	if transfer.GetInt("downloads_requested") >= maxDownloadRequests {
		// For a later transfer.
		_, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("downloads_requested", 0) })
		const message = "Fathom could not prepare the video of this meeting. Try again later."
		return fathom.Download{}, errors.Join(queue.Permanent(message, nil), err)
	}
	download, err := r.requestDownload(ctx)
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

// pauseIfSlow lets other jobs use the slot of a slow download, which continues later where it stopped. A run that
// received hardly anything counts as a failed attempt, and makes the next one wait longer. received is in bytes.
func (r *transferRun) pauseIfSlow(err error, received int64) error {
	if failure, ok := errors.AsType[*fathom.Error](err); ok && failure.Kind == fathom.KindTooSlow {
		if received >= minReceived {
			return &queue.SnoozeError{
				Message: "Fathom sends this file slowly. The download continues automatically.", Err: err, After: slowRetry,
			}
		}
		pause := slowRetry << min(r.job.Attempt-1, 10)
		return queue.Temporary("Fathom sends this file too slowly.", err, min(pause, maxSlowRetry))
	}
	return err
}

// trackProgress returns a function that reports bytes to the job. A separate goroutine publishes them in the
// transfer's record, so that the database doesn't slow down the download. stop saves the final number and waits
// for the goroutine.
func (r *transferRun) trackProgress() (progress func(done, total int64), stop func()) {
	saved := int64(r.transfer.GetInt("bytes_done"))
	p := &downloadProgress{ // the goroutine must not use r
		service: r.service, db: r.db, meeting: r.meeting, key: transferKey{r.db.Name, r.recordingID},
		saved: saved, savedAt: r.service.now(), announced: saved,
	}
	progress = func(now, total int64) {
		p.service.downloads.set(p.key, received{bytes: now, total: total, at: p.service.now()})
		if total > 0 {
			r.report("downloading", progressDetails+(progressDownload-progressDetails)*float64(now)/float64(total))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var publisher sync.WaitGroup
	publisher.Go(func() {
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.publish(ctx)
			case <-ctx.Done():
				p.save()
				p.service.downloads.end(p.key, p.service.now())
				return
			}
		}
	})
	return progress, func() { cancel(); publisher.Wait() }
}
