package hooks

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
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
		if r.ContentLength != 0 {
			r.Body = newTimedBody(w, r.Body)
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// timedBody is a body that the client must send within gateway.BodyTimeout.
type timedBody struct {
	io.ReadCloser
	response *http.ResponseController
}

func newTimedBody(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	b := timedBody{body, http.NewResponseController(w)}
	// This fails only with the response writers of tests, which have no deadlines.
	_ = b.response.SetReadDeadline(time.Now().Add(gateway.BodyTimeout))
	return b
}

// Read ends the time limit with the body, because an expired one would cancel the request that is being handled.
func (b timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.response.SetReadDeadline(time.Time{})
	}
	return n, err
}

// removeUploads deletes the temporary files of a form. net/http does so only for the original request.
func removeUploads(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // after an error, the operating system cleans up
	}
}
