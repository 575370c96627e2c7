package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindGlobalQueue(a *app.App) {
	a.OnRecordCreateRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "prepareJob", Func: prepareJob(a)})
	a.OnRecordUpdateRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "changeJob", Func: changeJob(a)})
	a.OnRecordDeleteRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "deleteJob", Func: deleteJob})

	noted := func(action string) func(*core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			a.Queue.RecordChanged(action, e.Record)
			a.Transfers.ShowJob(e.Context, e.Record)
			return e.Next()
		}
	}
	a.OnRecordAfterCreateSuccess(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "jobCreated", Func: noted(queue.ActionCreate)})
	a.OnRecordAfterDeleteSuccess(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "jobDeleted", Func: noted(queue.ActionDelete)})
	a.OnRecordEnrich(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEnrichEvent]{
		Id: "describeJob", Func: describeJob(a)})
}

// prepareJob makes what a user asks for a pending job of theirs. A superuser
// may create jobs of a user, by the same rules.
func prepareJob(a *app.App) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		userID := e.Record.GetString("user")
		if !e.HasSuperuserAuth() {
			userID = e.Auth.Id
		}
		if err := a.Queue.Prepare(e.App, e.Record, userID); err != nil {
			return refusedJob(e.RequestEvent, err)
		}
		err := e.Next()
		if isNotUnique(err) { // since it was looked for
			return refusedJob(e.RequestEvent, queue.ErrDuplicate)
		}
		return err
	}
}

// isNotUnique says that an index has refused a record.
func isNotUnique(err error) bool {
	answer, ok := errors.AsType[*router.ApiError](err)
	if !ok {
		return false
	}
	raw, err := json.Marshal(answer.Data)
	return err == nil && bytes.Contains(raw, []byte("validation_not_unique"))
}

// refusedJob is what a client is told of an error of the queue.
func refusedJob(e *core.RequestEvent, err error) error {
	var invalid *queue.InvalidJob
	var state *queue.StateError
	switch {
	case errors.As(err, &invalid):
		return e.BadRequestError("The job was not accepted.", validation.Errors{
			invalid.Field: validation.NewError("validation_invalid_job", invalid.Message)})
	case errors.Is(err, queue.ErrDuplicate):
		return e.BadRequestError("This is already in the queue.", validation.Errors{
			"payload": validation.NewError("validation_duplicate_job", "The same job is waiting or running.")})
	case errors.As(err, &state):
		return e.BadRequestError(state.Error(), validation.Errors{
			"status": validation.NewError("validation_job_state", state.Error())})
	}
	return e.InternalServerError("", err)
}

// changeJob brings a job to the status that its owner or a superuser gives it, as
// far as docs/jobs.md has a way there. Nothing of the record itself is saved: a
// job's state belongs to the queue.
func changeJob(a *app.App) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		changed := changedFields(e.Record)
		job := e.Record
		var err error
		switch {
		case len(changed) == 0:
		case slices.Equal(changed, []string{"status"}):
			err = a.Queue.SetStatus(e.App, job.Id, queue.Status(job.GetString("status")))
		case e.HasSuperuserAuth() && !slices.ContainsFunc(changed, func(field string) bool { return field != "priority" && field != "run_at" }):
			err = a.Queue.Reschedule(e.App, job.Id, job.GetInt("priority"), job.GetString("run_at"))
		case e.HasSuperuserAuth():
			return e.BadRequestError("Only a job's status can be changed, or its priority and run_at while it waits: one or the other.", nil)
		default:
			return e.BadRequestError("Only a job's status can be changed: to cancelled, or to pending for another try.", nil)
		}
		if err != nil {
			return refusedJob(e.RequestEvent, err)
		}
		if e.Record, err = e.App.FindRecordById(migrations.GlobalQueue, job.Id); err != nil {
			return e.NotFoundError("", err)
		}
		if err := apis.EnrichRecord(e.RequestEvent, e.Record); err != nil {
			return e.InternalServerError("", err)
		}
		return e.JSON(http.StatusOK, e.Record)
	}
}

// changedFields are those that somebody gives another value. The admin UI sends
// all of them.
func changedFields(record *core.Record) (changed []string) {
	before := record.Original()
	// A form was filled while the job went on: what only the queue writes may be old.
	moving := []string{"stage", "progress", "lease_expires_at", "updated"}
	asksForStatus := before.GetString("status") != record.GetString("status")
	for _, field := range record.Collection().Fields {
		name := field.GetName()
		if asksForStatus && slices.Contains(moving, name) {
			continue
		}
		was, is := before.Get(name), record.Get(name)
		if field.Type() == core.FieldTypeJSON {
			was, is = compacted(before.GetString(name)), compacted(record.GetString(name))
		} else if field.Type() == core.FieldTypeDate {
			was, is = before.GetString(name), record.GetString(name)
		}
		if was != is {
			changed = append(changed, name)
		}
	}
	return changed
}

// compacted is JSON in one form. Nothing and an empty list are the same, because a
// history is shown as a list.
func compacted(raw string) string {
	var value any
	if json.Unmarshal([]byte(raw), &value) != nil {
		return "null"
	}
	same, err := json.Marshal(value) // with the keys in order
	if err != nil || string(same) == "[]" {
		return "null"
	}
	return string(same)
}

// deleteJob deletes a job that isn't running.
func deleteJob(e *core.RecordRequestEvent) error {
	outer := e.App
	defer func() { e.App = outer }()
	return e.App.RunInTransaction(func(tx core.App) error {
		job, err := tx.FindRecordById(migrations.GlobalQueue, e.Record.Id)
		if err != nil {
			return e.NotFoundError("", err)
		}
		if queue.Status(job.GetString("status")) == queue.StatusProcessing {
			return e.BadRequestError("The job is running. Cancel it first: set its status to cancelled.", nil)
		}
		e.App = tx
		return e.Next()
	})
}

// describeJob adds to a job when it may begin and end, and its history, in which
// only superusers see the workers.
func describeJob(a *app.App) func(*core.RecordEnrichEvent) error {
	return func(e *core.RecordEnrichEvent) error {
		estimate := a.Queue.Estimate(context.Background(), e.Record)
		e.Record.WithCustomData(true)
		e.Record.Set("position", estimate.Position)
		e.Record.Set("estimated_start", estimate.EstimatedStart)
		e.Record.Set("estimated_end", estimate.EstimatedEnd)
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
}
