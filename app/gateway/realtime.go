package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

const (
	// A browser's EventSource sends no session, so that a stream is anonymous
	// until the POST that sets its subscriptions brings one. Until then it
	// opens no database, and it ends soon when none comes.
	subscribeWithin = 15 * time.Second

	streamIdleTimeout = 5 * time.Minute // as PocketBase's own
	streamMaxTimeout  = 30 * time.Minute
)

// serveStream opens a realtime stream in the way of PocketBase's own handler
// (apis/realtime.go), but for any name and without a database.
func (g *Gateway) serveStream(e *core.RequestEvent, name string) error {
	ctx, cancel := context.WithTimeout(e.Request.Context(), streamMaxTimeout)
	defer cancel()
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	defer writer.Done()
	e.Response = writer

	st := &stream{name: name, client: sse.NewClient(cancel, nil), end: cancel, attached: make(chan struct{})}
	if !g.streams.add(st, e.RealIP()) {
		e.Response.Header().Set("Retry-After", "10")
		return router.NewApiError(http.StatusServiceUnavailable, "Too many open streams. Try again in a moment.", nil)
	}
	defer g.streams.remove(st)

	header := e.Response.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	hello := subscriptions.Message{Name: "PB_CONNECT", Data: []byte(`{"clientId":"` + st.client.Id() + `"}`)}
	if !send(e, st.client, hello) {
		return nil
	}
	g.pump(ctx, e, st)
	return nil
}

// pump copies messages to the client until the stream ends.
func (g *Gateway) pump(ctx context.Context, e *core.RequestEvent, st *stream) {
	timeout := time.NewTimer(g.subscribeWithin)
	defer timeout.Stop()
	attached := st.attached
	for {
		select {
		case <-attached:
			attached = nil
			timeout.Reset(streamIdleTimeout)
			expiry := time.AfterFunc(time.Until(st.visitor.expires), st.end) // the SDK connects again
			defer expiry.Stop()
		case message := <-st.client.Channel():
			if !send(e, st.client, message) {
				return
			}
			timeout.Reset(streamIdleTimeout)
		case <-timeout.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// send writes a message and reports whether the client is still there.
func send(e *core.RequestEvent, client subscriptions.Client, message subscriptions.Message) bool {
	return message.WriteSSE(e.Response, client.Id()) == nil && e.Flush() == nil
}

// attachStream binds an anonymous stream to the database of an admitted
// request, before PocketBase's handler looks the client up. An unknown client
// id is left to that handler, which answers 404.
func (g *Gateway) attachStream(e *core.RequestEvent, visit *visit) error {
	var body struct {
		ClientID      string   `json:"clientId" form:"clientId"`
		Subscriptions []string `json:"subscriptions" form:"subscriptions"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if err := sse.CheckSubscriptions(e, body.Subscriptions); err != nil {
		return err
	}
	st := g.streams.find(body.ClientID)
	if st == nil || st.name != visit.handle.Name {
		return nil
	}
	unwatch := g.databases.Watch(st.name)
	remove := g.lastings.add(&lasting{name: st.name, visitor: visit.visitor, end: st.end})
	detach := func() { remove(); unwatch() }
	if err := g.streams.attach(st, visit.handle.Database, visit.visitor, detach); err != nil {
		detach()
		if errors.Is(err, errTooManyStreams) {
			return e.TooManyRequestsError("Too many open pages. Close some and try again.", nil)
		}
		return nil
	}
	if err := visit.visitor.recheck(e.Request.Context()); err != nil {
		st.end()
		return e.UnauthorizedError("A valid session for this database is required.", err)
	}
	return nil
}
