package gateway

import (
	"context"
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// NoteStop tells the Gateway that the server is about to cancel all requests.
func (g *Gateway) NoteStop() { g.stopping.Store(true) }

// ExplainUnavailable returns the response to a request that failed because the server stops, or can't open a file at the moment.
// PocketBase would respond with 400, as if the request were wrong, and a client wouldn't repeat it. Every other error is returned
// unchanged, including nil.
func (g *Gateway) ExplainUnavailable(e *core.RequestEvent, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), g.stopping.Load() && e.Request.Context().Err() != nil:
	case disk.CantOpen(err):
		if descriptors.IsExhausted(descriptors.Explain(err)) {
			g.logger.ErrorContext(e.Request.Context(), "out of file descriptors: a request failed", "advice", descriptors.Advice(), "error", err)
		} else {
			g.logger.ErrorContext(e.Request.Context(), "failed to open a file of a database", "path", redact.Path(e.Request.URL.Path), "error", err)
		}
	default:
		return err
	}
	e.Response.Header().Set("Retry-After", "2")
	return router.NewApiError(http.StatusServiceUnavailable, busyServer, err)
}
