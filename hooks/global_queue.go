package hooks

import (
	"context"
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindGlobalQueue(a *app.App) {
	a.OnRecordCreateRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "prepareJob", Func: prepareJob(a)})
	a.OnRecordUpdateRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "refuseJobUpdate", Func: refuseJobUpdate})
	a.OnRecordDeleteRequest(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "withdrawJob", Func: withdrawJob})
	a.OnRecordAfterCreateSuccess(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "jobCreated", Func: jobCreated(a)})
	a.OnRecordAfterUpdateSuccess(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "jobChanged", Func: jobChanged(a)})
	a.OnRecordAfterDeleteSuccess(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "jobDeleted", Func: jobChanged(a)})
	a.OnRecordEnrich(migrations.GlobalQueue).Bind(&hook.Handler[*core.RecordEnrichEvent]{
		Id: "jobPosition", Func: jobPosition(a)})
}

// prepareJob makes what a user asks for a pending job of theirs. A superuser
// may create jobs of a user, by the same rules.
func prepareJob(a *app.App) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		userID := e.Record.GetString("user")
		if !e.HasSuperuserAuth() {
			userID = e.Auth.Id
		}
		err := a.Queue.Prepare(e.App, e.Record, userID)
		if invalid, ok := errors.AsType[*queue.InvalidJob](err); ok {
			return e.BadRequestError("The job was not accepted.", validation.Errors{
				invalid.Field: validation.NewError("validation_invalid_job", invalid.Message)})
		}
		if errors.Is(err, queue.ErrDuplicate) {
			return e.BadRequestError("This is already in the queue.", validation.Errors{
				"payload": validation.NewError("validation_duplicate_job", "The same job is waiting or running.")})
		}
		if err != nil {
			return e.InternalServerError("", err)
		}
		return e.Next()
	}
}

// refuseJobUpdate keeps superusers from editing a job by hand in the admin UI:
// a job's state belongs to the queue.
func refuseJobUpdate(e *core.RecordRequestEvent) error {
	return e.ForbiddenError("Jobs can't be edited: their state belongs to the queue.", nil)
}

// withdrawJob deletes a job that no worker has claimed in the meantime.
func withdrawJob(e *core.RecordRequestEvent) error {
	outer := e.App
	defer func() { e.App = outer }()
	return e.App.RunInTransaction(func(tx core.App) error {
		job, err := tx.FindRecordById(migrations.GlobalQueue, e.Record.Id)
		if err != nil {
			return e.NotFoundError("", err)
		}
		if job.GetString("status") == queue.StatusProcessing {
			return e.BadRequestError("The job has been started and can't be withdrawn any more.", nil)
		}
		e.App = tx
		return e.Next()
	})
}

func jobCreated(a *app.App) func(*core.RecordEvent) error {
	changed := jobChanged(a)
	return func(e *core.RecordEvent) error {
		defer a.Queue.Wake()
		return changed(e)
	}
}

// jobChanged shows a job's state on what it works on.
func jobChanged(a *app.App) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if err := a.Transfers.JobChanged(context.WithoutCancel(e.Context), e.Record); err != nil {
			a.Log.Warn("show a job's state on its transfer", "job", e.Record.Id, "error", err)
		}
		return e.Next()
	}
}

func jobPosition(a *app.App) func(*core.RecordEnrichEvent) error {
	return func(e *core.RecordEnrichEvent) error {
		e.Record.WithCustomData(true)
		e.Record.Set("position", a.Queue.Position(e.App, e.Record))
		return e.Next()
	}
}
