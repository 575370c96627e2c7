package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindJobs() {
	bind(h.OnRecordCreateRequest(migrations.GlobalQueue), "prepareJob", h.createJob)
	bind(h.OnRecordUpdateRequest(migrations.GlobalQueue), "changeJob", h.updateJob)
	bind(h.OnRecordDeleteRequest(migrations.GlobalQueue), "deleteJob", deleteJob)

	bind(h.OnRecordAfterCreateSuccess(migrations.GlobalQueue), "jobCreated", h.jobCreated)
	bind(h.OnRecordAfterDeleteSuccess(migrations.GlobalQueue), "jobDeleted", h.jobDeleted)
	bind(h.OnRecordEnrich(migrations.GlobalQueue), "describeJob", h.describeJob)
}

// createJob turns a request into a pending job of the caller, or responds with the active job that does the same
// work. A superuser may create jobs for any user, under the same rules.
func (h handlers) createJob(e *core.RecordRequestEvent) error {
	if err := requireDates(e); err != nil {
		return err
	}
	active, err := h.Queue.Prepare(e.App, e.Record, ownerOf(e))
	if err == nil && active == nil {
		if err = e.Next(); err == nil {
			h.logCreatedJob(e.Request.Context(), e.Record)
		}
		if !queue.IsDuplicate(err) {
			return err
		}
		// Another request has created the same job since Prepare checked.
		active, err = h.joinJob(e)
	}
	if err != nil {
		return jobError(e.RequestEvent, err)
	}
	return showJob(e, active)
}

// joinJob merges the request into the active job that does the same work, or creates the job if there is none
// any more.
func (h handlers) joinJob(e *core.RecordRequestEvent) (*core.Record, error) {
	ctx, opts := e.Request.Context(), queue.AddOptions{RunAt: e.Record.GetDateTime("run_at").Time()}
	id, err := h.Queue.AddWith(ctx, e.App, ownerOf(e), e.Record.GetString("kind"), e.Record.GetString("payload"), opts)
	if err != nil {
		return nil, err
	}
	return e.App.FindRecordById(migrations.GlobalQueue, id)
}

// showJob responds with a job that the request hasn't saved itself.
func showJob(e *core.RecordRequestEvent, job *core.Record) error {
	e.Record = job
	if err := apis.EnrichRecord(e.RequestEvent, job); err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, job)
}

// jobError translates an error of the queue for the client.
func jobError(e *core.RequestEvent, err error) error {
	var invalid *queue.InvalidJob
	var state *queue.StateError
	switch {
	case errors.As(err, &invalid):
		return e.BadRequestError("The job was not accepted.", validation.Errors{
			invalid.Field: validation.NewError("validation_invalid_job", invalid.Message),
		})
	case errors.Is(err, queue.ErrDuplicate):
		return e.BadRequestError("This job is already in the queue.", validation.Errors{
			"payload": validation.NewError("validation_duplicate_job", "The same job is waiting or running."),
		})
	case errors.As(err, &state):
		return e.BadRequestError(state.Error(), validation.Errors{
			"status": validation.NewError("validation_job_state", state.Error()),
		})
	}
	return e.InternalServerError("", err)
}

// updateJob changes a job's status, or its priority and run_at, if docs/jobs.md allows it. It doesn't save the
// record itself, because only the queue writes jobs.
func (h handlers) updateJob(e *core.RecordRequestEvent) error {
	if err := requireDates(e); err != nil {
		return err
	}
	changed := changedFields(e.Record)
	job := e.Record
	var err error
	switch {
	case len(changed) == 0:
	case slices.Equal(changed, []string{"status"}):
		err = h.Queue.SetStatus(e.App, job.Id, queue.Status(job.GetString("status")))
	case e.HasSuperuserAuth() && containsOnly(changed, "priority", "run_at"):
		err = h.Queue.Reschedule(e.App, job.Id, job.GetInt("priority"), job.GetString("run_at"))
	case e.HasSuperuserAuth():
		return e.BadRequestError("Change either a job's status or, while it waits, its priority and run_at. Other fields can't be changed.", nil)
	default:
		return e.BadRequestError("Only a job's status can be changed: to cancelled, or to pending to retry it.", nil)
	}
	if err != nil {
		return jobError(e.RequestEvent, err)
	}
	if job, err = e.App.FindRecordById(migrations.GlobalQueue, job.Id); err != nil {
		return e.NotFoundError("", err)
	}
	return showJob(e, job)
}

func containsOnly(list []string, allowed ...string) bool {
	return !slices.ContainsFunc(list, func(item string) bool { return !slices.Contains(allowed, item) })
}

// writtenByQueue are the fields that may have changed since an admin UI form was opened.
var writtenByQueue = []string{"stage", "progress", "lease_expires_at", "updated"}

// changedFields returns the fields whose values a request changes. The admin UI sends all fields, so those
// written by the queue are ignored when the status changes too.
func changedFields(record *core.Record) (changed []string) {
	before := record.Original()
	changesStatus := before.GetString("status") != record.GetString("status")
	for _, field := range record.Collection().Fields {
		name := field.GetName()
		if changesStatus && slices.Contains(writtenByQueue, name) {
			continue
		}
		was, is := before.Get(name), record.Get(name)
		switch field.Type() {
		case core.FieldTypeJSON:
			was, is = canonicalJSON(before.GetString(name)), canonicalJSON(record.GetString(name))
		case core.FieldTypeDate:
			was, is = before.GetString(name), record.GetString(name)
		}
		if was != is {
			changed = append(changed, name)
		}
	}
	return changed
}

// canonicalJSON returns the same text for equal values. Null, invalid JSON and an empty list are equal,
// because describeJob shows an empty history as a list.
func canonicalJSON(raw string) string {
	var value any
	if json.Unmarshal([]byte(raw), &value) != nil {
		return "null"
	}
	canonical, err := json.Marshal(value) // sorts the keys
	if err != nil || string(canonical) == "[]" {
		return "null"
	}
	return string(canonical)
}

// deleteJob deletes a job unless it is running.
func deleteJob(e *core.RecordRequestEvent) error {
	return inTransaction(&e.App, func() error {
		job, err := e.App.FindRecordById(migrations.GlobalQueue, e.Record.Id)
		if err != nil {
			return e.NotFoundError("", err)
		}
		if queue.Status(job.GetString("status")) == queue.StatusProcessing {
			return e.BadRequestError("The job is running. Cancel it first by setting its status to cancelled.", nil)
		}
		return e.Next()
	})
}

func (h handlers) jobCreated(e *core.RecordEvent) error {
	if e.Context != context.Background() { // PocketBase uses it for requests, whose jobs createJob logs
		h.logCreatedJob(e.Context, e.Record)
	}
	return h.jobChanged(e, queue.ActionCreate)
}

// logCreatedJob logs a job together with the request that created it, if there is one: later lines name only the job.
func (h handlers) logCreatedJob(ctx context.Context, job *core.Record) {
	h.Log.InfoContext(ctx, "job created", logging.JobKey, job.Id, logging.KindKey, job.GetString("kind"), logging.UserKey, job.GetString("user"))
}

func (h handlers) jobDeleted(e *core.RecordEvent) error {
	return h.jobChanged(e, queue.ActionDelete)
}

// jobChanged notifies the queue and updates the job's transfer after a change through PocketBase's API.
func (h handlers) jobChanged(e *core.RecordEvent, action string) error {
	h.Queue.RecordChanged(action, e.Record)
	h.Transfers.SyncTransferStatus(e.Context, e.Record)
	return e.Next()
}

// describeJob adds a job's latest progress, position and history to a response. Only superusers
// see which workers ran it.
func (h handlers) describeJob(e *core.RecordEnrichEvent) error {
	h.Queue.ShowProgress(e.Record)
	e.Record.WithCustomData(true)
	e.Record.Set("position", h.Queue.Position(context.Background(), e.Record))
	history := queue.ParseHistory(e.Record.GetString("history"))
	if !e.RequestInfo.HasSuperuserAuth() {
		for i := range history {
			history[i].Worker = ""
		}
	}
	if history == nil {
		history = []queue.Attempt{}
	}
	e.Record.Unhide("history")
	e.Record.Set("history", history)
	return e.Next()
}
