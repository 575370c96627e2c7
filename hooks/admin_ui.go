package hooks

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/pocketbase/pocketbase/core"
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
	e.Router.BindFunc(func(e *core.RequestEvent) error {
		// By default, browsers would cache these files for two weeks, even after an upgrade.
		if strings.HasPrefix(e.Request.URL.Path, "/_/extensions") {
			e.Response.Header().Set("Cache-Control", "no-cache")
		}
		return e.Next()
	})
	return nil
}
