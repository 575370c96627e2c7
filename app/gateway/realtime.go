package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

const (
	// subscribeTimeout limits how long a stream may have no subscriptions. A browser's EventSource
	// sends no session, so a stream is anonymous and opens no database until a POST sets them.
	subscribeTimeout = 15 * time.Second

	// These are the same as PocketBase's.
	streamIdleTimeout = 5 * time.Minute
	streamMaxDuration = 30 * time.Minute
)

// serveStream serves a realtime stream like PocketBase's own handler (apis/realtime.go), but it does
// not open the database, which may not even exist.
func (g *Gateway) serveStream(e *core.RequestEvent, state *requestState) error {
	ctx, cancel := context.WithTimeout(e.Request.Context(), streamMaxDuration)
	defer cancel()
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	defer writer.Finish()
	e.Response = writer

	st := &stream{name: state.name, client: sse.NewClient(cancel, nil), end: cancel, attached: make(chan struct{})}
	if !g.streams.add(st, state.network) {
		return sse.TooManyStreams(e)
	}
	defer g.streams.remove(st)

	header := e.Response.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	hello := subscriptions.Message{Name: "PB_CONNECT", Data: []byte(`{"clientId":"` + st.client.Id() + `"}`)}
	if !sendMessage(e, st.client, hello) {
		return nil
	}
	g.sendMessages(ctx, e, st)
	return nil
}

// sendMessages sends messages to the client until the stream ends.
func (g *Gateway) sendMessages(ctx context.Context, e *core.RequestEvent, st *stream) {
	timeout := time.NewTimer(g.subscribeTimeout)
	defer timeout.Stop()
	attached := st.attached
	for {
		select {
		case <-attached:
			attached = nil
			timeout.Reset(streamIdleTimeout)
			expiry := time.AfterFunc(st.principal.expires.Sub(g.now()), st.end) // the SDK reconnects
			defer expiry.Stop()
		case message := <-st.client.Channel():
			if !sendMessage(e, st.client, message) {
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

// sendMessage sends a message and reports whether that succeeded.
func sendMessage(e *core.RequestEvent, client subscriptions.Client, message subscriptions.Message) bool {
	return message.WriteSSE(e.Response, client.Id()) == nil && e.Flush() == nil
}

// attachStream attaches an anonymous stream to the database of an authorized request, before
// PocketBase's handler looks for the client. That handler responds with 404 to an unknown client
// id.
func (g *Gateway) attachStream(e *core.RequestEvent, state *requestState) error {
	var body struct {
		ClientID      string   `json:"clientId" form:"clientId"`
		Subscriptions []string `json:"subscriptions" form:"subscriptions"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if err := sse.CheckSubscriptions(body.Subscriptions); err != nil {
		return err
	}
	if state.principal.token != nil && !areTopicsOfTokens(body.Subscriptions) {
		return tokens.ErrForbidden
	}
	st := g.streams.find(body.ClientID)
	if st == nil || st.name != state.name {
		return nil
	}
	if !st.client.CountSubscriptions(g.streams.topics, state.principal.id, body.Subscriptions) {
		return sse.TooManyUserSubscriptions()
	}
	unwatch := g.databases.Watch(st.name)
	remove := g.sessionBound.add(&sessionBoundRequest{database: st.name, principal: state.principal, cancel: st.end})
	detach := func() { remove(); unwatch() }
	if err := g.streams.attach(st, state.handle.Database, state.principal, detach); err != nil {
		detach()
		if errors.Is(err, errTooManyStreams) {
			return sse.TooManyUserStreams()
		}
		return nil // the stream has ended or was attached before
	}
	if err := state.principal.revalidate(e.Request.Context()); err != nil {
		st.end()
		return err
	}
	return nil
}
