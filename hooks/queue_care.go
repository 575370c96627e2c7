package hooks

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// bindQueueCare has the cron delete jobs that were kept for long enough.
func bindQueueCare(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "queueCare", Func: func(e *core.ServeEvent) error {
		err := e.App.Cron().Add("jobRetention", "23 * * * *", func() {
			if err := a.Queue.ApplyRetention(context.Background()); err != nil {
				a.Log.Error("delete old jobs", "error", err)
			}
		})
		if err != nil {
			return err
		}
		return e.Next()
	}})
}
