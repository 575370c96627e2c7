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

	// Room for what nobody has signed in for is scarce on purpose; a client that
	// means well needs it for a fraction of a second.
	maxAnonymousStreams           = 2000
	maxAnonymousStreamsPerAddress = 50
	maxStreamsPerUser             = 20
)

// stream is one realtime connection of a client to the gateway.
type stream struct {
	name     string // the database asked for; may not exist
	address  string // of the client
	client   subscriptions.Client
	end      context.CancelFunc
	attached chan struct{} // closed when a session has subscribed

	// Set once, by streams.attach; read after attached or under the lock of streams.
	handle *Handle // pins the database
	claims session.Claims
}

// streams are all open streams by client id.
type streams struct {
	mu        sync.Mutex
	byClient  map[string]*stream
	anonymous map[string]int // not yet attached ones, by address
	waiting   int            // not yet attached ones in all
	byUser    map[string]int // attached ones
}

func newStreams() *streams {
	return &streams{byClient: map[string]*stream{}, anonymous: map[string]int{}, byUser: map[string]int{}}
}

// add takes a new, anonymous stream in unless there are too many.
func (s *streams) add(st *stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting >= maxAnonymousStreams || s.anonymous[st.address] >= maxAnonymousStreamsPerAddress {
		return false
	}
	s.waiting++
	s.anonymous[st.address]++
	s.byClient[st.client.Id()] = st
	return true
}

var (
	errTooManyStreams = errors.New("the user has too many streams")
	errNotWaiting     = errors.New("the stream has ended or is attached")
)

// attach binds a stream to a database and a session.
func (s *streams) attach(st *stream, handle *Handle, claims session.Claims) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byClient[st.client.Id()] != st || st.handle != nil {
		return errNotWaiting
	}
	if s.byUser[claims.UserID] >= maxStreamsPerUser {
		return errTooManyStreams
	}
	s.leaveWaiting(st)
	s.byUser[claims.UserID]++
	st.handle, st.claims = handle, claims
	handle.App.SubscriptionsBroker().Register(st.client)
	close(st.attached)
	return nil
}

func (s *streams) leaveWaiting(st *stream) {
	s.waiting--
	if s.anonymous[st.address]--; s.anonymous[st.address] == 0 {
		delete(s.anonymous, st.address)
	}
}

// remove ends a stream's part in its database.
func (s *streams) remove(st *stream) {
	s.mu.Lock()
	delete(s.byClient, st.client.Id())
	handle := st.handle
	if handle == nil {
		s.leaveWaiting(st)
	} else if s.byUser[st.claims.UserID]--; s.byUser[st.claims.UserID] == 0 {
		delete(s.byUser, st.claims.UserID)
	}
	s.mu.Unlock()

	if handle == nil {
		st.client.Discard()
		return
	}
	handle.App.SubscriptionsBroker().Unregister(st.client.Id())
	handle.Release()
}

func (s *streams) find(clientID string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byClient[clientID]
}

// of lists the attached streams of a user or to a database.
func (s *streams) of(userID, name string) []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*stream
	for _, st := range s.byClient {
		if st.handle != nil && (st.claims.UserID == userID || st.name == name) {
			found = append(found, st)
		}
	}
	return found
}

// recheckStreams ends the streams whose session is no longer good.
func (g *Gateway) recheckStreams(userID, name string) {
	for _, st := range g.streams.of(userID, name) {
		if err := g.stillGood(context.Background(), st.claims, st.name); err != nil {
			st.end()
		}
	}
}

// serveStream opens a realtime stream in the way of PocketBase's own handler
// (apis/realtime.go), but for any name and without a database.
func (g *Gateway) serveStream(e *core.RequestEvent, name string) error {
	ctx, cancel := context.WithTimeout(e.Request.Context(), streamMaxTimeout)
	defer cancel()
	writer := newDeadlineWriter(ctx, e.Response)
	defer writer.done()
	e.Response = writer

	st := &stream{name: name, address: e.RealIP(), client: subscriptions.NewDefaultClient(), end: cancel, attached: make(chan struct{})}
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
			expiry := time.AfterFunc(time.Until(st.claims.ExpiresAt), st.end) // the SDK connects again
			defer expiry.Stop()
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
	if err := g.streams.attach(st, own, visit.claims); err != nil {
		own.Release()
		if errors.Is(err, errTooManyStreams) {
			return e.TooManyRequestsError("Too many open pages. Close some and try again.", nil)
		}
		return nil
	}
	// Looked at again after the attaching, when recheckStreams would find the
	// stream: the session may have ended while the body of this request came in.
	if err := g.stillGood(e.Request.Context(), visit.claims, st.name); err != nil {
		st.end()
		return e.UnauthorizedError("A valid session for this database is required.", err)
	}
	return nil
}
