package hooks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	maxTitles     = 100 // jobs in a request
	titlesTimeout = 2 * time.Second
)

// bindOperatorJobs adds what the page "Queue" of the admin UI needs besides the API for everybody.
func (h handlers) bindOperatorJobs() {
	h.onServe("operatorJobs", func(e *core.ServeEvent) error {
		e.Router.POST("/api/operator/titles", h.showTitles).Bind(apis.RequireSuperuserAuth())
		return nil
	})
}

// showTitles responds with the titles of the meetings that some jobs are about, by job, as far as they can be found within
// titlesTimeout. The owners see in their activity that a superuser has read them.
func (h handlers) showTitles(e *core.RequestEvent) error {
	var body struct {
		Jobs []string `json:"jobs"`
	}
	if err := bindJSON(e, &body, "jobs, a list of ids"); err != nil {
		return err
	}
	if len(body.Jobs) > maxTitles {
		return e.BadRequestError(fmt.Sprintf("A request can contain at most %d job ids.", maxTitles), nil)
	}
	jobs, err := e.App.FindRecordsByIds(migrations.GlobalQueue, body.Jobs)
	if err != nil {
		return e.InternalServerError("", err)
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), titlesTimeout)
	defer cancel()
	found, err := h.Transfers.JobTitles(ctx, jobs)
	if err != nil {
		return e.InternalServerError("", err)
	}
	titles, databases := map[string]string{}, []string{}
	for _, title := range found {
		titles[title.Job] = title.Title
		if !slices.Contains(databases, title.Database) {
			databases = append(databases, title.Database)
			h.Audit.Count(e.Request.Context(), audit.Event{Owner: title.Owner, Kind: audit.TitlesShown, Database: title.Database})
		}
	}
	if len(databases) > 0 {
		h.Log.WarnContext(e.Request.Context(), "superuser read titles of meetings", "superuser", e.Auth.Email(), "databases", databases)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{"titles": titles})
}
