package hooks

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindJobsAPI() {
	h.onServe("queueApi", func(e *core.ServeEvent) error {
		signedIn := apis.RequireAuth(migrations.Users, core.CollectionNameSuperusers)
		e.Router.GET("/api/queue", h.showQueue).Bind(signedIn)
		e.Router.POST("/api/queue/retry", h.retryJobs).Bind(signedIn)
		e.Router.POST("/api/queue/cancel", h.cancelJobs).Bind(signedIn)
		return nil
	})
}

// showQueue responds with the overview of the caller's jobs or, for a superuser, of all jobs.
func (h handlers) showQueue(e *core.RequestEvent) error {
	overview, err := h.JobFeed.Overview(e.Request.Context(), e.Auth)
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, overview)
}

func (h handlers) retryJobs(e *core.RequestEvent) error {
	return h.setStatusOfJobs(e, queue.StatusPending)
}

func (h handlers) cancelJobs(e *core.RequestEvent) error {
	return h.setStatusOfJobs(e, queue.StatusCancelled)
}

// setStatusOfJobs changes the status of the selected jobs. Users can only select their own jobs, superusers
// can select all.
func (h handlers) setStatusOfJobs(e *core.RequestEvent, status queue.Status) error {
	var selection queue.Selection
	if err := bindJSON(e, &selection, "ids, kind or status"); err != nil {
		return err
	}
	if len(selection.IDs) > limit.MaxJobIDs {
		return e.BadRequestError(fmt.Sprintf("A request can contain at most %d job ids.", limit.MaxJobIDs), nil)
	}
	if err := checkJobOfToken(e, selection.Kind); err != nil {
		return err
	}
	if !e.HasSuperuserAuth() {
		selection.UserID = e.Auth.Id
	}
	// Finish even if the client disconnects midway.
	result, err := h.Queue.SetStatusAll(context.WithoutCancel(e.Request.Context()), selection, status)
	if err != nil {
		return jobError(e, err)
	}
	return e.JSON(http.StatusOK, result)
}
