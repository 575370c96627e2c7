package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindJobSchedules(a *app.App) {
	// A schedule stays its user's, whoever changes it.
	a.OnRecordCreateRequest(migrations.JobSchedules).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "prepareSchedule", Func: func(e *core.RecordRequestEvent) error {
		userID := e.Record.GetString("user")
		if !e.HasSuperuserAuth() {
			userID = e.Auth.Id
		}
		return saveSchedule(a, e, userID)
	}})
	a.OnRecordUpdateRequest(migrations.JobSchedules).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "changeSchedule", Func: func(e *core.RecordRequestEvent) error {
		return saveSchedule(a, e, e.Record.Original().GetString("user"))
	}})
}

func saveSchedule(a *app.App, e *core.RecordRequestEvent, userID string) error {
	if err := a.Queue.PrepareSchedule(e.App, e.Record, userID); err != nil {
		return refusedJob(e.RequestEvent, err)
	}
	return e.Next()
}
