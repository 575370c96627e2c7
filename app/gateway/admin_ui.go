package gateway

import (
	"cmp"
	_ "embed"
	"net/http"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/ui"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/staticfiles"
)

//go:embed admin_ui.js
var adminUIExtension []byte

// adminUIPolicy lets the admin UI run its own scripts and call this server, and nothing else.
const adminUIPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
	"script-src 'self'; frame-ancestors 'none'"

// AdminUIFiles are the files of PocketBase's admin UI. The admin UIs of all databases share them.
var AdminUIFiles = sync.OnceValues(func() (*staticfiles.Files, error) { return staticfiles.New(ui.DistDirFS, nil) })

// AdminUICacheControl applies to files of the admin UI whose names change with their content.
const AdminUICacheControl = "max-age=1209600, stale-while-revalidate=86400"

// bindAdminUI serves the files of PocketBase's admin UI. They are the same for every database, so
// they need no session and reveal nothing.
func (g *Gateway) bindAdminUI(r *router.Router[*core.RequestEvent], prefix string) error {
	if ui.DistDirFS == nil {
		return nil
	}
	files, err := AdminUIFiles()
	if err != nil {
		return err
	}
	r.GET(prefix, func(e *core.RequestEvent) error {
		return e.Redirect(http.StatusTemporaryRedirect, e.Request.URL.Path+"/")
	})
	r.GET(prefix+"/extensions.js", func(e *core.RequestEvent) error {
		return e.Blob(http.StatusOK, "text/javascript", adminUIExtension)
	}).BindFunc(g.limitFiles)
	r.GET(prefix+"/{path...}", func(e *core.RequestEvent) error {
		name := cmp.Or(e.Request.PathValue("path"), "index.html")
		if !registry.ValidName(databaseName(e.Request)) || !files.Has(name) {
			return e.NotFoundError("", nil)
		}
		header := e.Response.Header()
		header.Set("Content-Security-Policy", adminUIPolicy)
		if strings.HasPrefix(name, "assets/") { // names that change with the content
			header.Set("Cache-Control", AdminUICacheControl)
		}
		return files.Serve(e.Response, e.Request, name)
	}).BindFunc(g.limitFiles)
	return nil
}

// limitFiles limits the requests for files from one network.
func (g *Gateway) limitFiles(e *core.RequestEvent) error {
	if !g.files.Allow(limit.Network(e.RealIP())) {
		e.Response.Header().Set("Retry-After", "1")
		return e.TooManyRequestsError("Too many requests. Wait a moment and try again.", nil)
	}
	return e.Next()
}
