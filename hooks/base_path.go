package hooks

import (
	"io"
	"net/http"
	"strings"
)

// underPath wraps the server's handler when PUBLIC_URL has a path, which a reverse proxy removes from requests: it adds
// the path to redirects within this server. Without a path, it returns next.
func underPath(path string, next http.Handler) http.Handler {
	if path == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&redirectWriter{w, path}, r)
	})
}

// redirectWriter adds a path to the Location of redirects.
type redirectWriter struct {
	http.ResponseWriter
	path string
}

// WriteHeader implements http.ResponseWriter.
func (w *redirectWriter) WriteHeader(status int) {
	location := w.Header().Get("Location")
	if status/100 == 3 && strings.HasPrefix(location, "/") && !strings.HasPrefix(location, "//") {
		w.Header().Set("Location", w.path+location)
	}
	w.ResponseWriter.WriteHeader(status)
}

// ReadFrom implements io.ReaderFrom, so that files are still sent without a copy in memory.
func (w *redirectWriter) ReadFrom(r io.Reader) (int64, error) { return io.Copy(w.ResponseWriter, r) }

// Flush implements http.Flusher.
func (w *redirectWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the writer of the server.
func (w *redirectWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
