package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// How much of a transfer's progress each step stands for.
const (
	progressDetails  = 0.05
	progressDownload = 0.95
)

// transferResult is what a transfer job leaves in its record.
type transferResult struct {
	RecordingID int64  `json:"recording_id"`
	Status      string `json:"status"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`
	ShareURL    string `json:"share_url,omitempty"`
}

// move is one run of a transfer job: the steps from Fathom to Loom, each of
// which looks first at what an earlier run has done.
type move struct {
	service    *Service
	db         *userdb.Database
	job        queue.Job
	report     queue.Report
	account    *fathom.Account
	connection *core.Record
	meeting    *core.Record
	id         int64
}

// moveRecording moves one recording: metadata, summary and transcript, then the
// file into the user's storage, then on to Loom.
func (s *Service) moveRecording(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
	payload, err := decodeTransfer(job.Payload)
	if err != nil {
		return nil, queue.Permanent(err.Error(), err)
	}
	db, err := s.databases.AcquireForUser(ctx, job.UserID)
	if err != nil {
		return nil, explain(err)
	}
	defer db.Release()

	m := &move{service: s, db: db.Database, job: job, report: report, id: payload.RecordingID}
	result, err := m.run(ctx)
	if err != nil {
		return nil, explain(err)
	}
	return result, nil
}

func (m *move) run(ctx context.Context) (result transferResult, err error) {
	m.meeting, err = m.db.App.FindFirstRecordByData(schema.Meetings, "recording_id", m.id)
	if errors.Is(err, sql.ErrNoRows) {
		return result, queue.Permanent("This recording isn't among your meetings. Sync your meetings and try again.", err)
	}
	if err != nil {
		return result, fmt.Errorf("find meeting %d: %w", m.id, err)
	}
	transfer, err := m.begin()
	if err != nil {
		return result, err
	}
	stored, err := m.stored()
	if err != nil {
		return result, err
	}
	if transfer.GetString("status") == StatusDelivered {
		if err := LinkMeeting(m.db.App, transfer); err != nil { // in case a crash came in between
			return result, err
		}
		return m.result(transfer, stored), nil
	}
	if stored == nil {
		if stored, err = m.fetch(ctx); err != nil {
			return result, err
		}
	}
	transfer, err = m.deliver(ctx, stored)
	if err != nil {
		return result, err
	}
	return m.result(transfer, stored), nil
}

// begin makes the transfer's record where there is none and notes that the job
// has taken it up.
func (m *move) begin() (*core.Record, error) {
	return m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("job", m.job.ID)
		transfer.Set("attempts", m.job.Attempt)
		transfer.Set("uploader", m.service.uploader.Name())
		transfer.Set("status", StatusFetching)
		transfer.Set("error", "")
	})
}

// fetch brings everything Fathom has about the meeting into the user's database.
func (m *move) fetch(ctx context.Context) (stored *core.Record, err error) {
	if m.account, m.connection, err = m.service.account(m.db); err != nil {
		return nil, err
	}
	defer func() { m.service.noteKey(m.db, m.connection, err) }()
	m.report("fetching details", 0)
	if err := m.fetchSummary(ctx); err != nil {
		return nil, err
	}
	if err := m.fetchTranscript(ctx); err != nil {
		return nil, err
	}
	m.report("preparing download", progressDetails)
	return m.download(ctx)
}

func (m *move) fetchSummary(ctx context.Context) error {
	if m.meeting.GetString("summary") != "" {
		return nil
	}
	summary, err := m.account.Summary(ctx, m.id)
	if missing(err) || (err == nil && summary == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.db.App.RunInTransaction(func(tx core.App) error {
		meeting, err := tx.FindRecordById(schema.Meetings, m.meeting.Id)
		if err != nil {
			return fmt.Errorf("find meeting %d: %w", m.id, err)
		}
		meeting.Set("summary", clip(summary.Markdown, 1<<20))
		meeting.Set("summary_template", clip(summary.TemplateName, 500))
		if err := tx.SaveWithContext(ctx, meeting); err != nil {
			return fmt.Errorf("save the summary of meeting %d: %w", m.id, err)
		}
		m.meeting = meeting
		return nil
	})
}

func (m *move) fetchTranscript(ctx context.Context) error {
	_, err := m.db.App.FindFirstRecordByData(schema.Transcripts, "recording_id", m.id)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	items, err := m.account.Transcript(ctx, m.id)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	collection, err := m.db.App.FindCachedCollectionByNameOrId(schema.Transcripts)
	if err != nil {
		return err
	}
	transcript := core.NewRecord(collection)
	transcript.Set("meeting", m.meeting.Id)
	transcript.Set("recording_id", m.id)
	transcript.Set("items", items)
	transcript.Set("text", clip(transcriptText(items), 16<<20))
	if err := m.db.App.SaveWithContext(ctx, transcript); err != nil {
		return fmt.Errorf("save the transcript of meeting %d: %w", m.id, err)
	}
	return nil
}

// missing says that Fathom has no such part of a meeting, which is no failure
// of its transfer: the video may be there all the same.
func missing(err error) bool {
	answer, ok := errors.AsType[*fathom.Error](err)
	return ok && answer.Kind == fathom.KindNotFound
}

// deliver hands the stored file to the uploader and records what came of it.
func (m *move) deliver(ctx context.Context, stored *core.Record) (*core.Record, error) {
	_, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("file_name", stored.GetString("file_name"))
		transfer.Set("bytes_done", stored.GetInt("size"))
		transfer.Set("bytes_total", stored.GetInt("size"))
		transfer.Set("status", StatusUploading)
	})
	if err != nil {
		return nil, err
	}
	m.report("delivering", progressDownload)
	recording := loom.Recording{
		Path:     m.storedPath(stored),
		FileName: stored.GetString("file_name"),
		Title:    m.meeting.GetString("title"),
		Size:     int64(stored.GetInt("size")),
		Duration: seconds(m.meeting.GetFloat("duration")),
	}
	outcome, err := m.service.uploader.Upload(ctx, recording)
	if err != nil {
		return nil, err
	}
	if outcome.AwaitShareURL {
		return m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
			transfer.Set("status", StatusAwaitingShareURL)
		})
	}
	if _, _, err := m.service.loom.Verify(ctx, outcome.ShareURL, recording.Expectation()); err != nil {
		return nil, err
	}
	transfer, err := m.service.modify(m.db, m.meeting, func(transfer *core.Record) {
		transfer.Set("share_url", outcome.ShareURL)
		transfer.Set("status", StatusDelivered)
		transfer.Set("delivered_at", types.NowDateTime())
	})
	if err != nil {
		return nil, err
	}
	return transfer, LinkMeeting(m.db.App, transfer)
}

// result sums the run up. stored is nil where the file of a delivered recording
// is gone.
func (m *move) result(transfer, stored *core.Record) transferResult {
	result := transferResult{RecordingID: m.id, Status: transfer.GetString("status"), ShareURL: transfer.GetString("share_url")}
	if stored != nil {
		result.Size, result.SHA256 = int64(stored.GetInt("size")), stored.GetString("sha256")
	}
	return result
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
