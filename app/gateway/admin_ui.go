package gateway

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/ui"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

//go:embed admin_ui.js
var adminUIExtension []byte

// adminUIPolicy lets the admin UI run its own scripts and call this server, and nothing else.
const adminUIPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
	"script-src 'self'; frame-ancestors 'none'"

// bindAdminUI serves the files of PocketBase's admin UI. They are the same for every database, so
// they need no session and reveal nothing.
func bindAdminUI(r *router.Router[*core.RequestEvent], prefix string) {
	if ui.DistDirFS == nil {
		return
	}
	files := apis.Static(ui.DistDirFS, false)
	r.GET(prefix, func(e *core.RequestEvent) error {
		return e.Redirect(http.StatusTemporaryRedirect, e.Request.URL.Path+"/")
	})
	r.GET(prefix+"/extensions.js", func(e *core.RequestEvent) error {
		return e.Blob(http.StatusOK, "text/javascript", adminUIExtension)
	})
	r.GET(prefix+"/{path...}", func(e *core.RequestEvent) error {
		if !registry.ValidName(databaseName(e.Request)) {
			return e.NotFoundError("", nil)
		}
		header := e.Response.Header()
		setSecurityHeaders(header)
		header.Set("Content-Security-Policy", adminUIPolicy)
		if strings.HasPrefix(e.Request.PathValue("path"), "assets/") { // names that change with the content
			header.Set("Cache-Control", "max-age=1209600, stale-while-revalidate=86400")
		}
		return files(e)
	}).Bind(apis.Gzip())
}
