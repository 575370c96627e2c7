package hooks

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/staticfiles"
	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

// pages are the first names in the paths of the web app's pages, which src/lib/router.js knows in full.
var pages = []string{
	"", "activity", "atlassian-callback", "authorize", "confirm-email", "forgot-password", "help", "meetings", "oauth-callback",
	"reset-password", "search", "settings", "sign-in", "sign-up", "upload", "verify-email",
}

// sourceFolder contains the sources of the web app, relative to the repository.
const sourceFolder = "pb_public"

// webApp serves the web app: its page at the addresses of all its pages, and its files.
type webApp struct {
	policy  string // Content-Security-Policy
	sources bool   // serve the sources, as they are at the moment, instead of the bundle; see serve --dev

	files *staticfiles.Files
	page  string
}

// bundledFiles are shared by all servers of a process.
var bundledFiles = sync.OnceValues(func() (*staticfiles.Files, error) { return staticfiles.New(pb_public.Files, nil) })

// load reads the page and lists the files. Without the sources at hand, the bundle is served.
func (w *webApp) load() (err error) {
	from, name := fs.FS(pb_public.Files), "dist/index.html"
	if w.sources {
		if folder := os.DirFS(sourceFolder); isFile(folder, "src/main.js") {
			from, name = folder, "index.html"
			if w.files, err = staticfiles.New(from, nil); err != nil {
				return err
			}
		} else {
			w.sources = false
		}
	}
	if !w.sources {
		if w.files, err = bundledFiles(); err != nil {
			return err
		}
	}
	page, err := fs.ReadFile(from, name)
	if err != nil {
		return fmt.Errorf("read the web app's page: %w", err)
	}
	w.page = string(page)
	return nil
}

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

func (w *webApp) serveFile(e *core.RequestEvent) error {
	if w.sources {
		current := &webApp{policy: w.policy, sources: true}
		if err := current.load(); err != nil {
			return err
		}
		w = current
	}
	name := e.Request.PathValue("path")
	first, _, _ := strings.Cut(name, "/")
	switch {
	case slices.Contains(pages, first):
		return w.servePage(e, http.StatusOK)
	case !w.files.Has(name) || path.Ext(name) == ".html":
		return w.refuse(e, first)
	}
	header := e.Response.Header()
	header.Set("Cache-Control", "no-cache") // browsers check the ETag every time
	if strings.HasPrefix(name, "dist/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable") // the name contains a hash
	}
	header.Set("Content-Security-Policy", w.policy)
	return w.files.Serve(e.Response, e.Request, name)
}

// refuse responds to an unknown path: with the app, which says that there is no such page, to a browser that opens it.
func (w *webApp) refuse(e *core.RequestEvent, first string) error {
	if first == "api" || !strings.Contains(e.Request.Header.Get("Accept"), "text/html") {
		return e.NotFoundError("", nil)
	}
	return w.servePage(e, http.StatusNotFound)
}

// servePage responds with the app. Its base is relative to the address of the page, so that the app also works below a path that
// only the reverse proxy knows.
func (w *webApp) servePage(e *core.RequestEvent, status int) error {
	name := e.Request.PathValue("path")
	header := e.Response.Header()
	header.Set("Cache-Control", "no-cache")
	if strings.HasSuffix(name, "-callback") {
		header.Set("Cache-Control", "no-store") // the code in the address isn't to remain in a cache
	}
	header.Set("Content-Security-Policy", w.policy)
	base := cmp.Or(strings.Repeat("../", strings.Count(name, "/")), "./")
	return e.HTML(status, strings.Replace(w.page, `<base href="./">`, `<base href="`+base+`">`, 1))
}
