package hooks

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// minCompressed is the size in bytes from which a response is compressed. Smaller ones fit into one packet anyway.
const minCompressed = 1400

// jsonCompression returns a function that wraps a handler, so that it compresses the JSON that clients read. Responses to other
// requests may contain both a secret and what somebody else chose, which their size would reveal together
// (https://www.breachattack.com).
func jsonCompression() (func(http.Handler) http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.ContentTypes([]string{"application/json"}), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	return func(next http.Handler) http.Handler {
		compressed := compress(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && readsJSON(r.URL.Path) {
				compressed.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// readsJSON reports whether a path of the global database or of a user's leads to records or other data, and not to a file or
// to a stream, whose writers have more abilities than that of a compressed response.
func readsJSON(path string) bool {
	_, route, isAPI := strings.Cut(path, "/api/")
	if !isAPI {
		return false
	}
	for _, other := range []string{"files/", "realtime", "export", "bundles", "backups"} {
		if strings.HasPrefix(route, other) {
			return false
		}
	}
	return true
}
