package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

const (
	// HeaderTimeout and BodyTimeout are how long a client may take to send the head of a request and its body. A client
	// that stops halfway occupies a connection for this long, unless a new connection needs its place.
	HeaderTimeout = 10 * time.Second
	// MaxHeaderBytes is how long the head of a request can be, with its address.
	MaxHeaderBytes = 64 << 10
	BodyTimeout    = 30 * time.Second
)

// readBody reads the whole body of a request into memory before its database is opened, so that a
// slow sender doesn't keep the database open.
func readBody(e *core.RequestEvent) error {
	if e.Request.Body == nil || e.Request.Body == http.NoBody || e.Request.ContentLength == 0 {
		return nil
	}
	// This fails only with the response writers of tests, which have no deadlines.
	_ = http.NewResponseController(e.Response).SetReadDeadline(time.Now().Add(BodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, limit.MaxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return errBodyTooLarge
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errBodyUnreadable, err)
	}
	e.Request.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
