package hooks

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/ui"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/staticfiles"
)

//go:embed admin_ui/*.js
var adminUIFiles embed.FS

func (h handlers) bindAdminUI() { h.onServe("adminUI", addQueuePage) }

// addQueuePage adds the page "Queue" to the admin UI of the global database.
func addQueuePage(e *core.ServeEvent) error {
	files, err := fs.Sub(adminUIFiles, "admin_ui")
	if err != nil {
		return err
	}
	e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "queue", FS: files})
	if ui.DistDirFS == nil {
		return nil
	}
	admin := adminFiles{}
	if admin.pocketbase, err = gateway.AdminUIFiles(); err != nil {
		return err
	}
	if admin.queue, err = staticfiles.New(files, nil); err != nil {
		return err
	}
	e.Router.Bind(&hook.Handler[*core.RequestEvent]{
		Id: "adminFiles", Func: admin.serve,
		Priority: apis.DefaultRateLimitMiddlewarePriority + 100, // after the limits, before PocketBase's route
	})
	return nil
}

// adminFiles serves the files of the admin UI. PocketBase would compress each of them for every request.
type adminFiles struct{ pocketbase, queue *staticfiles.Files }

func (a adminFiles) serve(e *core.RequestEvent) error {
	name, ok := strings.CutPrefix(e.Request.URL.Path, "/_/")
	if !ok {
		return e.Next()
	}
	files, header := a.pocketbase, e.Response.Header()
	if strings.HasPrefix(name, "extensions") {
		// By default, browsers would cache these files for two weeks, even after an upgrade.
		header.Set("Cache-Control", "no-cache")
		files, name = a.queue, strings.TrimPrefix(name, "extensions/queue/")
	}
	isRead := e.Request.Method == http.MethodGet || e.Request.Method == http.MethodHead
	if !isRead || !files.Has(name) || strings.HasSuffix(name, ".html") { // PocketBase sets the policy of its pages
		return e.Next()
	}
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", gateway.AdminUICacheControl)
	}
	header.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'")
	return files.Serve(e.Response, e.Request, name)
}
