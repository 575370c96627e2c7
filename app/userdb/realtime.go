package userdb

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
)

const (
	// A browser's EventSource sends no session, so that a stream is anonymous
	// until the POST that sets its subscriptions brings one. Until then it
	// opens no database, and it ends soon when none comes.
	streamSubscribeWithin = 15 * time.Second

	streamIdleTimeout = 5 * time.Minute // as PocketBase's own
	streamMaxTimeout  = 30 * time.Minute
	maxStreams        = 10_000
)

// stream is one realtime connection of a client to the gateway.
type stream struct {
	name     string // the database asked for; may not exist
	client   subscriptions.Client
	end      context.CancelFunc
	attached chan struct{} // closed when a session has subscribed

	mu     sync.Mutex
	handle *Handle // pins the database once attached
	claims session.Claims
	ended  bool
}

// streams are all open streams by client id.
type streams struct {
	mu       sync.Mutex
	byClient map[string]*stream
}

func newStreams() *streams {
	return &streams{byClient: map[string]*stream{}}
}

func (s *streams) add(st *stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byClient) >= maxStreams {
		return false
	}
	s.byClient[st.client.Id()] = st
	return true
}

func (s *streams) remove(st *stream) {
	s.mu.Lock()
	delete(s.byClient, st.client.Id())
	s.mu.Unlock()
	st.detach()
}

func (s *streams) find(clientID string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byClient[clientID]
}

// of lists the attached streams of a user.
func (s *streams) of(userID string) []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*stream
	for _, st := range s.byClient {
		st.mu.Lock()
		if st.handle != nil && st.handle.UserID == userID {
			found = append(found, st)
		}
		st.mu.Unlock()
	}
	return found
}

// recheckStreams ends the streams of a user whose session is no longer good.
func (g *Gateway) recheckStreams(userID string) {
	for _, st := range g.streams.of(userID) {
		if err := g.stillGood(context.Background(), st.claims, st.name); err != nil {
			st.end()
		}
	}
}

// serveStream opens a realtime stream in the way of PocketBase's own handler
// (apis/realtime.go), but for any name and without a database.
func (g *Gateway) serveStream(e *core.RequestEvent, name string) error {
	controller := http.NewResponseController(e.Response)
	if err := controller.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return e.InternalServerError("", err)
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), streamMaxTimeout)
	defer cancel()

	st := &stream{name: name, client: subscriptions.NewDefaultClient(), end: cancel, attached: make(chan struct{})}
	if !g.streams.add(st) {
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
	timeout := time.NewTimer(streamSubscribeWithin)
	defer timeout.Stop()
	attached := st.attached
	for {
		select {
		case <-attached:
			attached = nil
			timeout.Reset(streamIdleTimeout)
		case message, ok := <-st.client.Channel():
			if !ok || !send(e, st.client, message) {
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
		ClientID string `json:"clientId" form:"clientId"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	st := g.streams.find(body.ClientID)
	if st == nil || st.name != visit.handle.Name {
		return nil
	}
	// A pin of the stream's own: it outlives this request.
	own, err := g.service.Acquire(e.Request.Context(), st.name)
	if err != nil {
		return g.openError(e, st.name, err)
	}
	if !st.attach(own, visit.claims) {
		own.Release()
	}
	return nil
}

// attach registers the stream's client with the database's broker. It reports
// false when the stream has ended or was attached before.
func (st *stream) attach(handle *Handle, claims session.Claims) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.ended || st.handle != nil {
		return false
	}
	st.handle, st.claims = handle, claims
	handle.App.SubscriptionsBroker().Register(st.client)
	close(st.attached)
	return true
}

func (st *stream) detach() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ended = true
	if st.handle == nil {
		st.client.Discard()
		return
	}
	st.handle.App.SubscriptionsBroker().Unregister(st.client.Id())
	st.handle.Release()
}
