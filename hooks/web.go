package hooks

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

func bindWeb(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "webApp", Func: func(e *core.ServeEvent) error {
		files, err := loadWebApp(pb_public.Files)
		if err != nil {
			return err
		}
		e.Router.GET("/api/app", describeApp(a))
		e.Router.GET("/{path...}", serveWebApp(files, contentSecurityPolicy(a.Config))).
			Bind(apis.SkipSuccessActivityLog(), apis.Gzip())
		return e.Next()
	}})
}

// describeApp tells the web app what it can't know, such as where Loom is, which
// need not be the real one.
func describeApp(a *app.App) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		return e.JSON(http.StatusOK, map[string]any{
			"version":         app.Version,
			"loom_upload_url": strings.TrimSuffix(a.Config.LoomURL, "/") + "/looms/videos",
			"delete_grace":    int(a.Config.UserDBDeleteGrace.Std().Seconds()), // how long a deleted account can be brought back
		})
	}
}

// contentSecurityPolicy lets the page run its own scripts and talk to this
// server, and nothing else. PUBLIC_URL may be another origin than the one the
// page was opened under, as localhost is; and databases may have ports of their
// own.
func contentSecurityPolicy(cfg *config.Config) string {
	server := cfg.BaseURL()
	if public, err := url.Parse(server); err == nil && cfg.UserDBPorts.Last > 0 {
		server += " " + public.Scheme + "://" + public.Hostname() + ":*"
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"media-src 'self' " + server,
		"connect-src 'self' " + server,
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

// webFile is a file of the web app with the tag browsers revalidate it by: an
// embedded file has no modification time.
type webFile struct {
	content []byte
	etag    string
}

func loadWebApp(files fs.FS) (map[string]webFile, error) {
	loaded := map[string]webFile{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) == ".go" {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		loaded[name] = webFile{content: content, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load the web app: %w", err)
	}
	return loaded, nil
}

// serveWebApp answers 404 for anything that isn't a file: the app routes by
// hash, so that no other path is a page.
func serveWebApp(files map[string]webFile, policy string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		name := e.Request.PathValue("path")
		if name == "" {
			name = "index.html"
		}
		file, ok := files[name]
		if !ok {
			return e.NotFoundError("", nil)
		}
		header := e.Response.Header()
		header.Set("Cache-Control", "no-cache")
		header.Set("Content-Security-Policy", policy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("ETag", file.etag)
		http.ServeContent(e.Response, e.Request, name, time.Time{}, bytes.NewReader(file.content))
		return nil
	}
}
