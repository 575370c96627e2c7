package hooks

import (
	"embed"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

//go:embed admin_ui
var adminUIFiles embed.FS

// bindAdminUI adds the page of the queue to the admin UI of the global database.
func bindAdminUI(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "adminUI", Func: func(e *core.ServeEvent) error {
		files, err := fs.Sub(adminUIFiles, "admin_ui")
		if err != nil {
			return err
		}
		e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "queue", FS: files})
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			if e.Request.URL.Path == "/_/extensions.js" { // or browsers keep it for two weeks, over an upgrade
				e.Response.Header().Set("Cache-Control", "no-cache")
			}
			return e.Next()
		})
		return e.Next()
	}})
}
