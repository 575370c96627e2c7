package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	// A job waits this long for Fathom to make a file, then gives its slot back
	// for others and returns.
	waitInSlot   = 2 * time.Minute
	waitOutside  = 30 * time.Second
	maxPollPause = time.Minute

	maxDownloadsRequested = 4             // files that Fathom failed to make, or that expired
	maxGeneration         = 3 * time.Hour // after that a download is asked for anew
	progressEvery         = 500 * time.Millisecond
)

// download has Fathom make the file, fetches it and puts it in its place. The
// id of the download is recorded before anything waits for it, so that a later
// run asks for the same one.
func (m *move) download(ctx context.Context) (*core.Record, error) {
	for range maxDownloadsRequested {
		download, err := m.ready(ctx)
		if err != nil {
			return nil, err
		}
		file, ok := download.File()
		if !ok {
			return nil, queue.Temporary("Fathom finished this recording without a file.",
				errors.Join(errors.New("completed download without a file"), m.forget()), 0)
		}
		partial, fetched, err := m.fetchFile(ctx, download.DownloadID, file)
		if errors.Is(err, fathom.ErrLinkExpired) {
			if err := m.forget(); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if fetched.Size == 0 {
			return nil, queue.Temporary("Fathom sent an empty file.", errors.Join(errors.New("empty file"), m.forget()), time.Minute)
		}
		return m.store(partial, file, fetched)
	}
	return nil, queue.Temporary("Fathom's download links keep expiring.", fathom.ErrLinkExpired, 0)
}

// ready waits until Fathom has made the file.
func (m *move) ready(ctx context.Context) (fathom.Download, error) {
	download, err := m.requested(ctx)
	if err != nil {
		return fathom.Download{}, err
	}
	began, pause := time.Now(), m.service.poll
	for {
		switch download.Status {
		case fathom.DownloadCompleted:
			return download, nil
		case fathom.DownloadFailed:
			return fathom.Download{}, m.generationFailed(download)
		case fathom.DownloadExpired:
			if err := m.forget(); err != nil {
				return fathom.Download{}, err
			}
			if download, err = m.requested(ctx); err != nil {
				return fathom.Download{}, err
			}
			continue
		}
		if time.Since(began) > waitInSlot {
			return fathom.Download{}, queue.Snooze("Fathom is still preparing the video.", waitOutside)
		}
		if err := sleep(ctx, pause); err != nil {
			return fathom.Download{}, err
		}
		pause = min(pause*3/2, maxPollPause)
		if download, err = m.account.PollDownload(ctx, m.id, download.DownloadID); err != nil {
			return fathom.Download{}, m.forgetIfGone(err)
		}
	}
}

// requested returns the download asked for by an earlier run, or asks for one.
func (m *move) requested(ctx context.Context) (fathom.Download, error) {
	transfer, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("status", StatusFetching)
	})
	if err != nil {
		return fathom.Download{}, err
	}
	asked := transfer.GetDateTime("download_requested_at").Time()
	if id := transfer.GetString("download_id"); id != "" && m.service.now().Sub(asked) < maxGeneration {
		download, err := m.account.PollDownload(ctx, m.id, id)
		return download, m.forgetIfGone(err)
	}
	if transfer.GetInt("downloads_requested") >= maxDownloadsRequested {
		_, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
			transfer.Set("downloads_requested", 0) // a later transfer starts afresh
		})
		return fathom.Download{}, errors.Join(queue.Permanent("Fathom could not prepare the video of this meeting. Try again later.", nil), err)
	}
	download, err := m.account.RequestDownload(ctx, m.id)
	if err != nil {
		return fathom.Download{}, err
	}
	_, err = m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("download_id", download.DownloadID)
		transfer.Set("download_requested_at", m.service.now())
		transfer.Set("downloads_requested", transfer.GetInt("downloads_requested")+1)
	})
	return download, err
}

// forget makes the next look ask Fathom for a new download.
func (m *move) forget() error {
	_, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("download_id", "")
	})
	return err
}

// forgetIfGone drops a download that Fathom doesn't know (any more), such as
// one asked for with another key, and has the job come back for a new one.
func (m *move) forgetIfGone(err error) error {
	answer, ok := errors.AsType[*fathom.Error](err)
	if !ok || (answer.Kind != fathom.KindNotFound && answer.Kind != fathom.KindForbidden) {
		return err
	}
	return queue.Temporary("Fathom lost track of this download.", errors.Join(err, m.forget()), 0)
}

func (m *move) generationFailed(download fathom.Download) error {
	err := errors.Join(fmt.Errorf("fathom could not make the file: %s", download.FailureReason), m.forget())
	return queue.Temporary("Fathom could not prepare the video.", err, time.Minute)
}

// fetchFile streams the file into a partial file of its download. A file left
// by an earlier run is resumed, but not one of another download, because Fathom
// may have encoded anew.
func (m *move) fetchFile(ctx context.Context, downloadID string, file fathom.File) (path string, fetched fathom.FetchResult, err error) {
	path = m.service.partialPath(m.db, m.id, downloadID)
	if err := m.service.removePartials(m.db, m.id, path); err != nil {
		return "", fetched, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fetched, fmt.Errorf("make the folder for partial files: %w", err)
	}
	partial, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fetched, fmt.Errorf("open the partial file of recording %d: %w", m.id, err)
	}
	defer func() { err = errors.Join(err, partial.Close()) }()
	if err := m.checkRoom(partial, file.Size); err != nil {
		return "", fetched, err
	}

	_, err = m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("status", StatusDownloading)
		transfer.Set("bytes_total", file.Size)
	})
	if err != nil {
		return "", fetched, err
	}
	progress, stop := m.track()
	defer stop()
	fetched, err = m.service.fathom.Fetch(ctx, file, partial, progress)
	return path, fetched, err
}

// track reports bytes to the job and writes them to the transfer's record a few
// times a second, beside the download and not in its way. stop writes the last
// state and waits.
func (m *move) track() (progress func(done, total int64), stop func()) {
	var done atomic.Int64
	progress = func(now, total int64) {
		done.Store(now)
		if total > 0 {
			m.report("downloading", progressDetails+(progressDownload-progressDetails)*float64(now)/float64(total))
		}
	}
	recorded := int64(-1)
	record := func() {
		now := done.Load()
		if now == recorded {
			return
		}
		recorded = now
		_, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) { transfer.Set("bytes_done", now) })
		if err != nil {
			m.service.logger.Warn("record the progress of a download", "database", m.db.Name, "recording", m.id, "error", err)
		}
	}
	ending, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				record()
			case <-ending:
				record()
				return
			}
		}
	}()
	return progress, func() { close(ending); <-ended }
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
