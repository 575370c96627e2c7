package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// bindUserDatabaseCare has the cron of the global database look after user
// databases. None runs a cron of its own.
func bindUserDatabaseCare(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "userDatabaseCare", Func: func(e *core.ServeEvent) error {
		for _, job := range []struct {
			id, schedule string
			run          func(context.Context) error
		}{
			{"userDatabaseRetention", "7 * * * *", a.Databases.ApplyRetention},
			{"userDatabaseMaintenance", "37 3 * * *", a.Databases.Maintain},
		} {
			err := e.App.Cron().Add(job.id, job.schedule, func() {
				if err := a.Databases.Work(job.run); err != nil {
					a.Log.Error("look after user databases", "job", job.id, "error", err)
				}
			})
			if err != nil {
				return err
			}
		}
		return e.Next()
	}})
}
