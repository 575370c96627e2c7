package queue

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// activeJob is an active job that does the work of a request.
type activeJob struct {
	jobState
	Payload         string `db:"payload"`
	RunAt           string `db:"run_at"`
	Again           bool   `db:"again"`
	CancelRequested bool   `db:"cancel_requested"`
}

// joinActive merges a request into the active job that does the same work, and returns that job. It returns
// nil if the job has changed in between; the caller then tries again.
func (q *Queue) joinActive(app core.App, userID string, request jobRequest, opts AddOptions) (*core.Record, error) {
	var job activeJob
	err := app.NonconcurrentDB().NewQuery(findActiveSQL).Bind(dbx.Params{"user": userID, "key": request.key}).One(&job)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the active %s of user %s: %w", request.kind.Name, userID, err)
	}
	payload, again, runAt := job.merge(request, opts)
	if runAt.IsZero() || !runAt.After(q.now()) {
		runAt = q.now()
	}
	earlier := job.Status == StatusPending && job.Claims == 0 && formatTime(runAt) < job.RunAt
	if !earlier && (job.Again || !again) && payload == job.Payload {
		return q.findJoined(app, job.ID)
	}
	params := dbx.Params{"status": string(job.Status), "was": job.Payload, "payload": payload, "again": again, "run_at": job.RunAt}
	if earlier {
		params["run_at"] = formatTime(runAt)
	}
	changed, err := q.executeUnclaimed(app, job.jobState, joinSQL, params)
	if err != nil {
		return nil, fmt.Errorf("merge a request into job %s: %w", job.ID, err)
	}
	if !changed {
		return nil, nil
	}
	q.publishAfterCommit(app, job.change(job.Status), q.Wake)
	return q.findJoined(app, job.ID)
}

// merge returns what the job becomes: its payload, whether it must run once more, and when it may start.
func (j activeJob) merge(request jobRequest, opts AddOptions) (payload string, again bool, runAt time.Time) {
	payload = j.Payload
	if request.kind.Merge != nil {
		merged, changes := request.kind.Merge(json.RawMessage(j.Payload), request.payload)
		if !bytes.Equal(merged, []byte(j.Payload)) {
			payload = string(merged)
		}
		again = changes && j.Status == StatusProcessing // later runs start with the merged payload
	}
	// A job that is being cancelled would end without doing what is asked for now.
	return payload, again || opts.Again && j.Claims > 0 || j.CancelRequested, opts.RunAt
}

func (q *Queue) findJoined(app core.App, id string) (*core.Record, error) {
	record, err := app.FindRecordById(migrations.GlobalQueue, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}
