package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
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
	again       bool // fetch the file unless this job has done so
	toLoom      bool // deliver the file
	byHand      bool // leave the upload to the owner
	claimed     bool // because the owner wants that
	unlessFound bool // leave it to the owner if Loom may have the recording
	options     loom.Options
	meeting     *core.Record
	transfer    *core.Record // as last saved by this run

	// These are set while the recording is fetched from Fathom.
	account    *fathom.Account
	connection *core.Record
	here       bool // movers must not store the file
}

// transferRecording fetches the summary and transcript of one recording, downloads its file into the user's
// storage, and delivers it to Loom. An earlier run of it, whose worker has lost its lease, ends first.
func (s *Service) transferRecording(
	ctx context.Context, db *userdb.Database, job queue.Job, payload transferPayload, report queue.Report,
) (any, error) {
	ctx = logging.With(ctx, slog.Int64(logging.RecordingKey, payload.RecordingID))
	// Registered before the check: a deletion first records itself and then waits for registered runs.
	end, only := s.running.begin(transferKey{db.Name, payload.RecordingID})
	defer end()
	if !only {
		return nil, queue.Snooze("An earlier copy of this recording is still stopping.", busyRetry)
	}
	if err := requireNotDeleted(db.App, payload.RecordingID); err != nil {
		if errors.Is(err, errMeetingDeleted) {
			err = queue.Permanent("You have deleted this meeting.", err)
		}
		return nil, err
	}
	r := &transferRun{
		service: s, db: db, job: job, report: report, recordingID: payload.RecordingID, again: payload.Again,
		toLoom: payload.Deliver, byHand: payload.ByHand || s.handOver, claimed: payload.ByHand, unlessFound: payload.UnlessFound, options: payload.Options,
	}
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
	if err := r.recordStart(); err != nil {
		return result, err
	}
	stored, err := r.storedRecording(ctx)
	if err == nil && stored == nil {
		stored, err = r.store(ctx)
	}
	if err != nil {
		return result, err
	}
	if err := r.complete(ctx, stored); err != nil {
		return result, err
	}
	return r.result(stored), nil
}

// store stores the recording's file. A delivered transfer becomes active again for that time.
func (r *transferRun) store(ctx context.Context) (*core.Record, error) {
	if err := r.restartDelivered(); err != nil {
		return nil, err
	}
	if stored, err := r.publishComplete(ctx); stored != nil || err != nil {
		return stored, err
	}
	if err := r.checkSpace(ctx, "video"); err != nil {
		return nil, err
	}
	return r.fetchRecording(ctx)
}

// complete does what remains after the file is stored.
func (r *transferRun) complete(ctx context.Context, stored *core.Record) error {
	switch {
	case statusOf(r.transfer) == StatusDelivered:
		return LinkMeeting(r.db.App, r.transfer) // in case a crash prevented it
	case r.isHandedOver(r.transfer):
		return nil
	case !r.toLoom:
		return r.endStored(stored)
	}
	return r.deliver(ctx, stored)
}

// isHandedOver reports whether an earlier run of the job has handed the recording to its owner.
func (r *transferRun) isHandedOver(transfer *core.Record) bool {
	return statusOf(transfer) == StatusAwaitingShareURL && transfer.GetString("job") == r.job.ID
}

func (r *transferRun) updateTransfer(change func(transfer *core.Record)) (*core.Record, error) {
	transfer, err := updateTransfer(r.db.App, r.meeting, change)
	if err == nil {
		r.transfer = transfer
	}
	return transfer, err
}

// recordStart creates the transfer's record if there is none, and assigns it to the job.
func (r *transferRun) recordStart() error {
	_, err := r.updateTransfer(func(transfer *core.Record) {
		if !r.isHandedOver(transfer) {
			r.setStarted(transfer)
		}
	})
	return err
}

// restartDelivered assigns a delivered transfer to the job, which fetches its file again. The link remains.
func (r *transferRun) restartDelivered() (err error) {
	if statusOf(r.transfer) != StatusDelivered {
		return nil
	}
	r.transfer, err = changeTransfer(r.db.App, r.meeting, r.setStarted)
	return err
}

func (r *transferRun) setStarted(transfer *core.Record) {
	if statusOf(transfer) == StatusAwaitingShareURL { // by a version that didn't record it
		setHandedOver(transfer)
	}
	transfer.Set("job", r.job.ID)
	transfer.Set("attempts", r.job.Attempt)
	transfer.Set("uploader", r.uploader().Name())
	transfer.Set("deliver", r.toLoom)
	setStatus(transfer, StatusFetching)
	if !wasDelivered(transfer) { // otherwise the error is about the link
		transfer.Set("error", "")
		transfer.Set("note", "")
	}
}

// fetchRecording copies the meeting's summary, transcript and recording from Fathom into the user's
// database. It returns the record of the stored recording.
func (r *transferRun) fetchRecording(ctx context.Context) (stored *core.Record, err error) {
	if r.account, r.connection, err = r.service.openAccount(r.db); err != nil {
		return nil, err
	}
	defer func() { r.service.recordKeyUse(ctx, r.db, r.connection, err) }()
	if !r.isPreparing() { // otherwise, an earlier run has fetched the details
		if err := r.fetchTexts(ctx); err != nil {
			return nil, err
		}
	}
	r.report("preparing download", progressDetails)
	return r.downloadRecording(ctx)
}

// endStored records that the transfer ends with the stored file.
func (r *transferRun) endStored(stored *core.Record) error {
	_, err := r.updateTransfer(func(transfer *core.Record) {
		setFile(transfer, stored)
		transfer.Set("deliver", false)
		setStatus(transfer, StatusStored)
	})
	return err
}

// setFile describes the stored file in its transfer.
func setFile(transfer, stored *core.Record) {
	transfer.Set("file_name", stored.GetString("file_name"))
	transfer.Set("bytes_done", stored.GetInt("size"))
	transfer.Set("bytes_total", stored.GetInt("size"))
}

// result returns the job's result.
func (r *transferRun) result(stored *core.Record) transferResult {
	return transferResult{
		RecordingID: r.recordingID, Status: statusOf(r.transfer), ShareURL: r.transfer.GetString("share_url"),
		Size: int64(stored.GetInt("size")), SHA256: stored.GetString("sha256"),
	}
}

// durationOf returns the duration of a meeting or a recording.
func durationOf(record *core.Record) time.Duration {
	return time.Duration(record.GetFloat("duration") * float64(time.Second))
}
