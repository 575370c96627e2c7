package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// The progress of the job, 0 to 1, at the end of each step.
const (
	progressDetails  = 0.05
	progressDownload = 0.95
)

// transferResult is the result of a transfer job.
type transferResult struct {
	RecordingID int64  `json:"recording_id"`
	Status      Status `json:"status"`
	Size        int64  `json:"size"`   // bytes
	SHA256      string `json:"sha256"` // in hex
	ShareURL    string `json:"share_url,omitempty"`
}

// transferRun is one run of a transfer job. Each step first checks what an earlier run has done.
type transferRun struct {
	service     *Service
	db          *userdb.Database
	job         queue.Job
	report      queue.Report
	recordingID int64
	meeting     *core.Record
	transfer    *core.Record // as last saved by this run

	// These are set while the recording is fetched from Fathom.
	account    *fathom.Account
	connection *core.Record
}

// transferRecording fetches the summary and transcript of one recording, downloads its file into the user's
// storage, and delivers it to Loom.
func (s *Service) transferRecording(
	ctx context.Context, db *userdb.Database, job queue.Job, payload transferPayload, report queue.Report,
) (any, error) {
	// Registered before the check: a deletion first records itself and then waits for registered runs.
	end := s.running.begin(transferKey{db.Name, payload.RecordingID})
	defer end()
	if err := requireNotDeleted(db.App, payload.RecordingID); err != nil {
		if errors.Is(err, errMeetingDeleted) {
			err = queue.Permanent("You have deleted this meeting.", err)
		}
		return nil, err
	}
	r := &transferRun{service: s, db: db, job: job, report: report, recordingID: payload.RecordingID}
	return r.execute(ctx)
}

func (r *transferRun) execute(ctx context.Context) (result transferResult, err error) {
	r.meeting, err = r.db.App.FindFirstRecordByData(schema.Meetings, "recording_id", r.recordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return result, queue.Permanent("This recording isn't among your meetings. Sync your meetings and try again.", err)
	}
	if err != nil {
		return result, fmt.Errorf("find meeting %d: %w", r.recordingID, err)
	}
	transfer, err := r.recordStart()
	if err != nil {
		return result, err
	}
	stored, err := r.storedRecording(ctx)
	if err != nil {
		return result, err
	}
	if statusOf(transfer) == StatusDelivered {
		if err := LinkMeeting(r.db.App, transfer); err != nil { // in case a crash prevented it
			return result, err
		}
		return r.result(transfer, stored), nil
	}
	if stored == nil {
		if err := r.checkSpace(ctx, "video"); err != nil {
			return result, err
		}
		if stored, err = r.fetchRecording(ctx); err != nil {
			return result, err
		}
	}
	transfer, err = r.deliver(ctx, stored)
	if err != nil {
		return result, err
	}
	return r.result(transfer, stored), nil
}

func (r *transferRun) updateTransfer(change func(transfer *core.Record)) (*core.Record, error) {
	transfer, err := updateTransfer(r.db.App, r.meeting, change)
	if err == nil {
		r.transfer = transfer
	}
	return transfer, err
}

// recordStart creates the transfer's record if there is none, and assigns it to the job.
func (r *transferRun) recordStart() (*core.Record, error) {
	return r.updateTransfer(func(transfer *core.Record) {
		transfer.Set("job", r.job.ID)
		transfer.Set("attempts", r.job.Attempt)
		transfer.Set("uploader", r.service.uploader.Name())
		setStatus(transfer, StatusFetching)
		transfer.Set("error", "")
	})
}

// fetchRecording copies the meeting's summary, transcript and recording from Fathom into the user's
// database. It returns the record of the stored recording.
func (r *transferRun) fetchRecording(ctx context.Context) (stored *core.Record, err error) {
	if r.account, r.connection, err = r.service.openAccount(r.db); err != nil {
		return nil, err
	}
	defer func() { r.service.recordKeyUse(r.db, r.connection, err) }()
	if !r.isPreparing() { // otherwise, an earlier run has fetched the details
		r.report("fetching details", 0)
		if err := r.fetchSummary(ctx); err != nil {
			return nil, err
		}
		if err := r.fetchTranscript(ctx); err != nil {
			return nil, err
		}
	}
	r.report("preparing download", progressDetails)
	return r.downloadRecording(ctx)
}

// isMissing reports whether Fathom lacks a part of a meeting. The transfer continues without it, because the
// video may still exist.
func isMissing(err error) bool {
	failure, ok := errors.AsType[*fathom.Error](err)
	return ok && failure.Kind == fathom.KindNotFound
}

// deliver passes the stored file to the uploader and records the outcome.
func (r *transferRun) deliver(ctx context.Context, stored *core.Record) (*core.Record, error) {
	_, err := r.updateTransfer(func(transfer *core.Record) {
		transfer.Set("file_name", stored.GetString("file_name"))
		transfer.Set("bytes_done", stored.GetInt("size"))
		transfer.Set("bytes_total", stored.GetInt("size"))
		setStatus(transfer, StatusUploading)
	})
	if err != nil {
		return nil, err
	}
	r.report("delivering", progressDownload)
	recording := loom.Recording{
		FileName: stored.GetString("file_name"),
		Title:    r.meeting.GetString("title"),
		Size:     int64(stored.GetInt("size")),
		Duration: durationOf(stored),
		Measured: stored.GetBool("measured"),
	}
	var outcome loom.Outcome
	_, err = r.withFile(stored, func(file blob.Ref) (err error) {
		recording.Open = func(ctx context.Context) (io.ReadSeekCloser, error) { return r.service.blobs.Open(ctx, file) }
		outcome, err = r.service.uploader.Upload(ctx, recording)
		return err
	})
	if err != nil {
		return nil, err
	}
	if outcome.AwaitShareURL {
		return r.updateTransfer(func(transfer *core.Record) { setStatus(transfer, StatusAwaitingShareURL) })
	}
	share, err := r.service.loom.ParseShareURL(outcome.ShareURL)
	if err != nil {
		return nil, err
	}
	if _, err := r.service.loom.Verify(ctx, share, recording.Expectation()); err != nil {
		return nil, err
	}
	transfer, err := r.updateTransfer(func(transfer *core.Record) {
		setDelivered(transfer, share.String(), r.service.now())
		transfer.Set("verified", true)
	})
	if err != nil {
		return nil, err
	}
	return transfer, LinkMeeting(r.db.App, transfer)
}

// result returns the job's result. stored is nil if the file of a delivered recording has been deleted.
func (r *transferRun) result(transfer, stored *core.Record) transferResult {
	result := transferResult{
		RecordingID: r.recordingID, Status: statusOf(transfer), ShareURL: transfer.GetString("share_url"),
	}
	if stored != nil {
		result.Size, result.SHA256 = int64(stored.GetInt("size")), stored.GetString("sha256")
	}
	return result
}

// durationOf returns the duration of a meeting or a recording.
func durationOf(record *core.Record) time.Duration {
	return time.Duration(record.GetFloat("duration") * float64(time.Second))
}
