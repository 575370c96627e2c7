package hooks

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/staticfiles"
	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

func (h handlers) bindWebApp() {
	h.onServe("webApp", func(e *core.ServeEvent) error {
		files, err := webAppFiles()
		if err != nil {
			return err
		}
		site := webApp{files, contentSecurityPolicy(h.Config, h.Blobs)}
		e.Router.GET("/api/app", h.describeApp)
		e.Router.GET("/{path...}", site.serveFile).Bind(apis.SkipSuccessActivityLog())
		return nil
	})
}

// describeApp responds with the settings that the web app needs, such as Loom's URL, which may be the
// simulator's.
func (h handlers) describeApp(e *core.RequestEvent) error {
	return e.JSON(http.StatusOK, map[string]any{
		"version":         app.BuildVersion(),
		"loom_upload_url": strings.TrimSuffix(h.Config.LoomURL, "/") + "/looms/videos",
		"loom_uploader":   h.Config.LoomUploader,
		"sign_up":         h.Config.SignUp,
		"mail":            h.Settings().SMTP.Enabled,
		"delete_grace":    int(h.Config.UserDBDeleteGrace.Std().Seconds()), // seconds in which a deleted account can be restored
	})
}

// contentSecurityPolicy lets the page run its own scripts, call this server and play recordings, and nothing else.
// PUBLIC_URL may differ from the origin under which the page was opened, such as localhost, and
// databases may have ports of their own.
func contentSecurityPolicy(cfg *config.Config, recordings blob.Stores) string {
	server := cfg.BaseOrigin()
	if public, err := url.Parse(server); err == nil && cfg.UserDBPorts.Last > 0 {
		server += " " + public.Scheme + "://" + public.Hostname() + ":*"
	}
	files := server // which are links into S3, if that stores the recordings
	if recordings.S3 != nil {
		files += " " + recordings.S3.Origin()
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"media-src 'self' " + files,
		"connect-src 'self' " + files,
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

// webApp serves the files of the web app.
type webApp struct {
	files  *staticfiles.Files
	policy string // Content-Security-Policy
}

// webAppFiles are shared by all servers of a process.
var webAppFiles = sync.OnceValues(func() (*staticfiles.Files, error) {
	return staticfiles.New(pb_public.Files, func(name string) bool { return path.Ext(name) == ".go" })
})

// atlassianCallback is the path to which Atlassian sends people back after they have signed in. The page there reads the
// code in its address and posts it with the session.
const atlassianCallback = "atlassian-callback"

// serveFile responds with 404 to every path that isn't a file. The web app uses hash routes, so no other path
// is a page, except for the one to which Atlassian returns.
func (w webApp) serveFile(e *core.RequestEvent) error {
	name, caching := e.Request.PathValue("path"), "no-cache" // browsers check the ETag every time
	switch name {
	case "":
		name = "index.html"
	case atlassianCallback:
		name, caching = "index.html", "no-store" // the code in the address isn't to remain in a cache
	}
	if !w.files.Has(name) {
		return e.NotFoundError("", nil)
	}
	header := e.Response.Header()
	header.Set("Cache-Control", caching)
	header.Set("Content-Security-Policy", w.policy)
	return w.files.Serve(e.Response, e.Request, name)
}
