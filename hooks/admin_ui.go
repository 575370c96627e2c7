package hooks

import (
	"embed"
	"io/fs"

	"github.com/pocketbase/pocketbase/core"
)

//go:embed admin_ui
var adminUIFiles embed.FS

func (h handlers) bindAdminUI() { h.onServe("adminUI", addQueuePage) }

// addQueuePage adds the page "Queue" to the admin UI of the global database.
func addQueuePage(e *core.ServeEvent) error {
	files, err := fs.Sub(adminUIFiles, "admin_ui")
	if err != nil {
		return err
	}
	e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "queue", FS: files})
	e.Router.BindFunc(func(e *core.RequestEvent) error {
		if e.Request.URL.Path == "/_/extensions.js" { // browsers would cache it for two weeks, even after an upgrade
			e.Response.Header().Set("Cache-Control", "no-cache")
		}
		return e.Next()
	})
	return nil
}
