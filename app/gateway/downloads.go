package gateway

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/pocketbase/pocketbase/core"
)

// Release lets the database of a request be closed before the request has ended.
// A download does so as soon as it has its file: it may take an hour.
func Release(e *core.RequestEvent) {
	visit := visitOf(e)
	visit.handle.Release()
	visit.unpin()
}

// beginDownload prepares the answer of a request that sends a file or an archive:
// it may take as long as it needs, but ends when the session is revoked.
func (g *Gateway) beginDownload(e *core.RequestEvent, visit *visit) (end func(), err error) {
	ctx, cancel := context.WithCancel(e.Request.Context())
	remove := g.lastings.add(&lasting{name: visit.handle.Name, visitor: visit.visitor, end: cancel})
	if err := visit.visitor.recheck(ctx); err != nil {
		remove()
		cancel()
		return nil, e.UnauthorizedError("A valid session for this database is required.", err)
	}
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	e.Request, e.Response = e.Request.WithContext(ctx), writer
	return func() {
		remove()
		writer.Done()
		cancel()
	}, nil
}
