package hooks

import (
	"bufio"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// bindUserDatabaseRoutes adds our routes to those of every user database. Who may
// use them is the gateway's to say.
func bindUserDatabaseRoutes(a *app.App) {
	a.UserDatabaseRoutes = func(r *router.Router[*core.RequestEvent]) {
		r.GET("/api/usage", showUsage(a))
		r.POST("/api/export", prepareExport(a))
		r.GET("/api/export", export(a, limit.NewConcurrency(maxExports, maxExportsPerAddress)))
	}
}

// showUsage tells how much room the database takes, and how much it may.
func showUsage(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		usage, err := a.Databases.Usage(gateway.DatabaseOf(e))
		if err != nil {
			return e.InternalServerError("", err)
		}
		return e.JSON(http.StatusOK, usage)
	}
}

// prepareExport gives the path of everything in one archive, for a browser to
// download: a link can't carry an Authorization header.
func prepareExport(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		token, err := a.Gateway.ExportToken(e.Request.Context(), gateway.DatabaseOf(e))
		if err != nil {
			return e.InternalServerError("", err)
		}
		return e.JSON(http.StatusOK, map[string]string{"path": "/api/export?token=" + url.QueryEscape(token)})
	}
}

const (
	// maxExports bounds how many exports run at once: each needs room on the disk
	// for a copy of the database for as long as its reader takes.
	maxExports           = 32
	maxExportsPerAddress = 4

	// exportBuffer has to be taken within the minute that a single write may last.
	exportBuffer = 1 << 20
)

// export streams the archive. After its first byte an error can only be told by
// ending the connection.
func export(a *app.App, places *limit.Concurrency) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		leave, ok := places.Acquire(gateway.ClientAddress(e))
		if !ok {
			e.Response.Header().Set("Retry-After", "30")
			return e.Error(http.StatusServiceUnavailable, "Too many exports are under way. Try again in a minute.", nil)
		}
		defer leave()
		db := gateway.DatabaseOf(e)
		header := e.Response.Header()
		header.Set("Content-Type", "application/zip")
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{
			"filename": "fathom-to-loom-" + db.Name + "-" + time.Now().UTC().Format(time.DateOnly) + ".zip"}))
		header.Set("Cache-Control", "no-store")
		buffered := bufio.NewWriterSize(e.Response, exportBuffer)
		err := a.Databases.Export(e.Request.Context(), db, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		if err == nil {
			return nil
		}
		if !e.Written() {
			for _, name := range []string{"Content-Type", "Content-Disposition"} {
				header.Del(name)
			}
			return refuseExport(e, err)
		}
		if e.Request.Context().Err() == nil {
			a.Log.Error("export a user database", "database", db.Name, "error", err)
		}
		panic(http.ErrAbortHandler) // ends the connection: the archive must not look whole
	}
}

// refuseExport answers for an export that has not begun.
func refuseExport(e *core.RequestEvent, err error) error {
	if errors.Is(err, userdb.ErrExporting) {
		e.Response.Header().Set("Retry-After", "30")
		return e.TooManyRequestsError("An export is under way already. Wait until it has ended.", nil)
	}
	return e.InternalServerError("", err)
}
