package gateway

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
)

// ReleaseDatabase lets the database of a request close before the request has ended. A download
// calls it as soon as it has opened its file, because sending the file may take an hour.
func ReleaseDatabase(e *core.RequestEvent) { stateFrom(e).release() }

// beginDownload prepares the response of a request that sends a file or an archive: it has no
// overall time limit, but ends when the session is revoked.
func (g *Gateway) beginDownload(e *core.RequestEvent, state *requestState) (endDownload func(), err error) {
	ctx, cancel := context.WithCancel(e.Request.Context())
	remove := g.sessionBound.add(&sessionBoundRequest{database: state.name, principal: state.principal, cancel: cancel})
	if err := state.principal.revalidate(ctx); err != nil {
		remove()
		cancel()
		return nil, err
	}
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	e.Request, e.Response = e.Request.WithContext(ctx), writer
	return func() {
		remove()
		writer.Finish()
		cancel()
	}, nil
}
