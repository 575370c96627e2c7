package gateway

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// MaxBody is what any request may send but an operator's upload of a backup:
// recordings are fetched by the server, nobody uploads them. JSON takes some thirty
// times its size in memory while it is decoded.
const MaxBody = 1 << 20

// bodyWithin is how long a client may take to send it.
const bodyWithin = time.Minute

// readBody takes in the whole body of a request, so that no database is held open
// for a client that sends slowly.
func readBody(e *core.RequestEvent) error {
	if e.Request.Body == nil || e.Request.Body == http.NoBody || e.Request.ContentLength == 0 {
		return nil
	}
	// A writer without deadlines is one of a test.
	_ = http.NewResponseController(e.Response).SetReadDeadline(time.Now().Add(bodyWithin))
	body, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, MaxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return e.Error(http.StatusRequestEntityTooLarge, "The request is too large.", nil)
	}
	if err != nil {
		return e.BadRequestError("The request could not be read.", err)
	}
	e.Request.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
