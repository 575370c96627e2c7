package connlimit

import (
	"io"
	"net/http"
	"time"
)

// A connection on which at least uploadStep bytes of a body arrive every uploadGrace is in use: 2 KB/s are enough, so
// that people on a slow line behind a busy proxy can upload, and holding a thousand connections takes 2 MB/s.
const (
	uploadStep  = 4 << 10
	uploadGrace = 2 * time.Second
)

// maxUnused is how many bytes of a body that nobody needs are read.
const maxUnused = 256 << 10

// serveBody serves a request with a body. While the body is being read, the connection counts as waiting for its
// client. A handler that doesn't read the body keeps the connection in use.
func (c *conn) serveBody(w http.ResponseWriter, r *http.Request, next http.Handler) {
	c.touch()
	body := &watchedBody{r.Body, c, 0}
	r = r.WithContext(r.Context()) // a copy, because net/http relies on the body of the original
	r.Body = body
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		// The body has no meaning, but net/http reads it before it sends a file. It would wait for the client while
		// the connection counts as in use.
		if n, err := io.CopyN(io.Discard, body, maxUnused); err != io.EOF {
			status := http.StatusBadRequest
			if n == maxUnused {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "Send this request without a body.", status)
			return
		}
		r.Body, r.ContentLength = http.NoBody, 0
	}
	next.ServeHTTP(w, r)
}

// requestEnded counts a request no longer.
func (c *conn) requestEnded() {
	c.uploading.Store(0)
	c.requests.Add(-1)
	c.touch()
}

// watchedBody is a body that the server may be waiting for.
type watchedBody struct {
	io.ReadCloser
	conn     *conn
	received int // bytes since the last step
}

// Read implements io.Reader.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.conn.requests.Add(-1)
	defer b.conn.requests.Add(1)
	n, err := b.ReadCloser.Read(p)
	if b.received += n; b.received >= uploadStep {
		b.received = 0
		b.conn.uploading.Store(b.conn.limiter.now().Add(uploadGrace).UnixNano())
		b.conn.touch()
	}
	return n, err
}
