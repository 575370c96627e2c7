package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// limitBodies wraps the server's handler. It refuses XML, and bodies over limit.MaxBody, on every route
// but the upload of backups, which only superusers can use.
func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, original *http.Request) {
		// Work on a copy, because PocketBase's router replaces the body of the request it is given. net/http
		// would then not notice that a body was not read to its end, keep the connection open, and parse the
		// rest of the body as the next request.
		r := original.WithContext(original.Context())
		defer removeUploads(r)
		if r.URL.Path == "/api/backups/upload" {
			next.ServeHTTP(w, r)
			return
		}
		// Each time PocketBase reads an XML body, it decodes the next document in it, so a check would see a
		// different document from the one that is used.
		if strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "/xml") {
			router.ErrorHandler(w, r, router.NewApiError(http.StatusUnsupportedMediaType, "Send JSON or a form.", nil))
			return
		}
		if r.ContentLength > limit.MaxBody {
			router.ErrorHandler(w, r, router.NewApiError(http.StatusRequestEntityTooLarge, "The request is too large.", nil))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// removeUploads deletes the temporary files of a form. net/http does so only for the original request.
func removeUploads(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // after an error, the operating system cleans up
	}
}
