package hooks

import (
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// bindQueuePauses has the queue follow what operators pause in the admin UI.
func bindQueuePauses(a *app.App) {
	check := func(e *core.RecordRequestEvent) error {
		if err := a.Queue.CheckPausable(e.Record.GetString("kind")); err != nil {
			return e.BadRequestError("There is no such kind of job.", validation.Errors{
				"kind": validation.NewError("validation_unknown_kind", err.Error())})
		}
		return e.Next()
	}
	a.OnRecordCreateRequest(migrations.QueuePauses).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "checkPause", Func: check})
	a.OnRecordUpdateRequest(migrations.QueuePauses).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "checkPauseUpdate", Func: check})

	changed := func(e *core.RecordEvent) error {
		if err := a.Queue.LoadPauses(e.Context); err != nil {
			return err
		}
		return e.Next()
	}
	a.OnRecordAfterCreateSuccess(migrations.QueuePauses).Bind(&hook.Handler[*core.RecordEvent]{Id: "paused", Func: changed})
	a.OnRecordAfterUpdateSuccess(migrations.QueuePauses).Bind(&hook.Handler[*core.RecordEvent]{Id: "pauseChanged", Func: changed})
	a.OnRecordAfterDeleteSuccess(migrations.QueuePauses).Bind(&hook.Handler[*core.RecordEvent]{Id: "resumed", Func: changed})
}
