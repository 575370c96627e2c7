package assistants

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

type transferStatusInput struct {
	RecordingID int64  `json:"recording_id"`
	JobID       string `json:"job_id"`
}

type transferStatusResult struct {
	About       string     `json:"about"`
	RecordingID int64      `json:"recording_id"`
	Status      string     `json:"status" jsonschema:"none, queued, fetching, downloading, stored, uploading, awaiting_share_url (the person must act), delivered, failed or cancelled"`
	BytesDone   int64      `json:"bytes_done"`
	BytesTotal  int64      `json:"bytes_total" jsonschema:"0 if unknown"`
	ShareURL    string     `json:"share_url" jsonschema:"the address of the video at Loom; blank if there is none"`
	Error       string     `json:"error"`
	Note        string     `json:"note"`
	Job         *jobStatus `json:"job" jsonschema:"the job that does or did the work; null if it is forgotten"`
}

type jobStatus struct {
	JobID    string  `json:"job_id"`
	Status   string  `json:"status" jsonschema:"pending, processing, completed, dead or cancelled"`
	Stage    string  `json:"stage"`
	Progress float64 `json:"progress" jsonschema:"from 0 to 1"`
	Error    string  `json:"error"`
	Position int     `json:"position" jsonschema:"place in the queue; 0 if it doesn't wait"`
}

func (s *Service) transferStatusTool() tool[transferStatusInput, transferStatusResult] {
	job := textArgument("The job_id that request_transfer has returned.", 15)
	job.Pattern = "^[a-z0-9]*$"
	return tool[transferStatusInput, transferStatusResult]{
		name: "transfer_status", title: "Transfer status",
		description: "Tells how far the transfer of a recording to Loom is. Give either recording_id or job_id.",
		input:       arguments(map[string]*jsonSchema{"recording_id": recordingArgument(), "job_id": job}),
		run:         s.runTransferStatus,
	}
}

func (s *Service) runTransferStatus(ctx context.Context, c *call, in transferStatusInput) (out transferStatusResult, text string, err error) {
	if (in.RecordingID > 0) == (in.JobID != "") {
		return out, "", refusal("Give either recording_id or job_id.")
	}
	var job *core.Record
	if in.JobID != "" {
		if job, err = s.findTransferJob(in.JobID, c.owner.Token().UserID); err != nil {
			return out, "", err
		}
		if job == nil {
			return out, "", refusal("There is no transfer with this job_id.")
		}
		in.RecordingID = recordingOf(job)
	}
	out = transferStatusResult{About: about, RecordingID: in.RecordingID, Status: "none"}
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) error {
		if err := findMeeting(ctx, db.App, in.RecordingID, &meetingRow{}); err != nil {
			return err
		}
		record := &core.Record{}
		err := db.App.RecordQuery(schema.Transfers).AndWhere(dbx.HashExp{"recording_id": in.RecordingID}).WithContext(ctx).Limit(1).One(record)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find transfer of recording %d: %w", in.RecordingID, err)
		}
		s.transfers.ShowProgress(db, record)
		out.show(record)
		if job == nil {
			job, err = s.findTransferJob(record.GetString("job"), db.UserID)
		}
		return err
	})
	if err != nil {
		return transferStatusResult{}, "", err
	}
	if job != nil {
		out.Job = s.describe(ctx, job)
	}
	return out, out.text(), nil
}

// findTransferJob returns the job with which a user's recording is transferred, or nil if there is none with this id.
func (s *Service) findTransferJob(id, userID string) (*core.Record, error) {
	job, err := s.queue.Find(id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find job %s: %w", id, err)
	}
	if job.GetString("user") != userID || job.GetString("kind") != transfer.KindTransfer {
		return nil, nil
	}
	return job, nil
}

// recordingOf returns the recording that a job transfers.
func recordingOf(job *core.Record) int64 {
	var payload recordingInput
	_ = json.Unmarshal([]byte(job.GetString("payload")), &payload) // the queue has checked it
	return payload.RecordingID
}

// show copies what the record of the transfer says.
func (r *transferStatusResult) show(record *core.Record) {
	r.Status = record.GetString("status")
	r.BytesDone, r.BytesTotal = int64(record.GetInt("bytes_done")), int64(record.GetInt("bytes_total"))
	r.ShareURL, r.Error, r.Note = oneLine(record.GetString("share_url")), oneLine(record.GetString("error")), oneLine(record.GetString("note"))
}

func (s *Service) describe(ctx context.Context, job *core.Record) *jobStatus {
	return &jobStatus{
		JobID: job.Id, Status: job.GetString("status"), Stage: oneLine(job.GetString("stage")), Progress: job.GetFloat("progress"),
		Error: oneLine(job.GetString("error")), Position: s.queue.Position(ctx, job),
	}
}

// text quotes what may contain titles of videos or answers of other services.
func (r transferStatusResult) text() string {
	a := newAnswer()
	if r.Status == "none" && r.Job == nil {
		a.say("Recording %d has not been transferred, and no transfer of it has begun.", r.RecordingID)
		return a.String()
	}
	a.say("The status of the transfer of recording %d is %q.", r.RecordingID, r.Status)
	if r.BytesTotal > 0 {
		a.say("%d of %d bytes were received.", r.BytesDone, r.BytesTotal)
	}
	quoted := []struct{ name, text string }{{"Video at Loom", r.ShareURL}, {"Error", r.Error}, {"Note", r.Note}}
	if r.Job != nil {
		a.say("Its job %s is %s, at %.0f %%.", r.Job.JobID, r.Job.Status, r.Job.Progress*100)
		if r.Job.Position > 0 {
			a.say("Its place in the queue is %d.", r.Job.Position)
		}
		quoted = append(quoted, struct{ name, text string }{"Stage", r.Job.Stage})
		if r.Job.Error != r.Error {
			quoted = append(quoted, struct{ name, text string }{"Error of the job", r.Job.Error})
		}
	}
	for _, q := range quoted {
		if q.text != "" {
			a.quote(q.name + ": " + q.text)
		}
	}
	return a.String()
}
