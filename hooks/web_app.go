package hooks

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func (h handlers) bindWebApp() {
	h.onServe("webApp", func(e *core.ServeEvent) error {
		site := &webApp{policy: contentSecurityPolicy(h.Config, h.Blobs), sources: h.IsDev()}
		if err := site.load(); err != nil {
			return err
		}
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
		"loom_upload_url": loomURL(h.Config) + "/looms/videos",
		"loom_uploader":   h.Config.LoomUploader,
		"sign_up":         h.Config.SignUp,
		"mail":            h.Settings().SMTP.Enabled,
		"operator":        h.Config.OperatorContact,
		"delete_grace":    int(h.Config.UserDBDeleteGrace.Std().Seconds()), // seconds in which a deleted account can be restored
	})
}

func loomURL(cfg *config.Config) string { return strings.TrimSuffix(cfg.LoomURL, "/") }

// contentSecurityPolicy lets the page run its own scripts, call this server, show its posters and recordings, and embed Loom's
// player, and nothing else.
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
		"img-src 'self' data: " + server,
		"font-src 'self'",
		"media-src 'self' blob: " + files, // captions are blobs, because tracks can't send a session
		"frame-src " + loomURL(cfg) + "/embed/",
		"connect-src 'self' " + files,
		"manifest-src 'self'",
		"base-uri 'self'", // see webApp.servePage
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}
