package hooks

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindQueueAPI(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "queueApi", Func: func(e *core.ServeEvent) error {
		anybody := apis.RequireAuth(migrations.Users, core.CollectionNameSuperusers)
		e.Router.GET("/api/queue", showQueue(a)).Bind(anybody)
		e.Router.POST("/api/queue/retry", changeJobs(a, queue.StatusPending)).Bind(anybody)
		e.Router.POST("/api/queue/cancel", changeJobs(a, queue.StatusCancelled)).Bind(anybody)
		return e.Next()
	}})
}

// showQueue answers a user with their overview and a superuser with the stats.
func showQueue(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		overview, err := a.JobFeed.Overview(e.Request.Context(), e.Auth)
		if err != nil {
			return e.InternalServerError("", err)
		}
		return e.JSON(http.StatusOK, overview)
	}
}

// maxSelected is how many jobs a request may name. As many as there are can be
// selected otherwise.
const maxSelected = 1000

// changeJobs brings the jobs of a selection to a status: of a user their own, of a
// superuser anybody's.
func changeJobs(a *app.App, status queue.Status) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		var of queue.Selection
		if err := e.BindBody(&of); err != nil {
			return e.BadRequestError("The body must be JSON with ids, kind or status.", err)
		}
		if len(of.IDs) > maxSelected {
			return e.BadRequestError(fmt.Sprintf("At most %d jobs can be named at once.", maxSelected), nil)
		}
		if !e.HasSuperuserAuth() {
			of.UserID = e.Auth.Id
		}
		// Who hangs up half-way has asked for it all the same.
		outcome, err := a.Queue.SetStatusAll(context.WithoutCancel(e.Request.Context()), of, status)
		if err != nil {
			return refusedJob(e, err)
		}
		return e.JSON(http.StatusOK, outcome)
	}
}
