package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// responseTimeout is how long a client may take to accept a response that is neither a stream nor a
// download.
const responseTimeout = time.Minute

// requestState is what the gateway knows about a request on its way from serve to PocketBase's
// handler.
type requestState struct {
	name    string // valid name of a user database that may not exist
	subpath string // path within the database, such as /api/collections/meetings/records
	class   routeClass
	address string       // IP address of the client, according to the trusted proxies of the global database
	network limit.Caller // network of address

	principal principal      // set by authorize
	handle    *userdb.Handle // set by acquireDatabase
	release   func()         // lets the database close; further calls do nothing

	batch []string // requests in a batch, such as "PATCH /api/collections/meetings/records/x"; see AuditBatch
}

type stateKey struct{}

// stateFrom returns the state of a request that forward has passed on.
func stateFrom(e *core.RequestEvent) *requestState {
	return e.Request.Context().Value(stateKey{}).(*requestState)
}

// serve handles every request for a user database except those for the admin UI.
func (g *Gateway) serve(e *core.RequestEvent) error {
	name := databaseName(e.Request)
	if !registry.ValidName(name) {
		return e.NotFoundError("", nil)
	}
	logging.Add(e.Request.Context(), slog.String(logging.DatabaseKey, name))
	state := &requestState{name: name, subpath: subpath(e.Request), address: e.RealIP()}
	state.network = limit.Network(state.address)
	state.class = classify(e.Request.Method, state.subpath)
	switch {
	case state.class == routeStream:
		return g.serveStream(e, state)
	case state.class == routeSuperuserAuth && path.Clean(state.subpath) == state.subpath:
		return g.forwardSuperuserAuth(e, state)
	}

	response := e.Response // a download replaces it
	var err error
	if state.principal, err = g.authorize(e, state); err == nil {
		LogCaller(e.Request.Context(), state.principal.id, state.principal.isSuperuser())
		err = g.serveAuthorized(e, state)
	} else if !g.refused.Allow(state.network) {
		err = errRateExceeded
	}
	if !errors.Is(err, errOpenFailed) { // that has a response of its own
		err = g.ExplainUnavailable(e, err)
	}
	err = g.apiError(e, state, err)
	if state.principal.isSuperuser() {
		g.audit(e, response, state, err)
	}
	return err
}

// serveAuthorized checks the limits, reads the body, opens the database and forwards the request.
func (g *Gateway) serveAuthorized(e *core.RequestEvent, state *requestState) error {
	if !g.requestRate.Allow(limit.Account(state.principal.id)) {
		return errRateExceeded
	}
	if !state.class.allows(state.principal) || path.Clean(state.subpath) != strings.TrimSuffix(state.subpath, "/") {
		return errForbidden
	}
	endRequest, err := g.beginRequest(e, state)
	if err != nil {
		return err
	}
	defer endRequest()
	if err := g.acquireDatabase(e.Request.Context(), state); err != nil {
		return err
	}
	defer state.release()
	if !state.principal.isSuperuser() && state.handle.UserID != state.principal.id {
		return session.ErrWrongDatabase
	}
	// This fails only with the response writers of tests, which have no deadlines.
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(responseTimeout))
	return g.forward(e, state)
}

// beginRequest counts a request among those that its caller has running, reads its body and waits for its turn.
func (g *Gateway) beginRequest(e *core.RequestEvent, state *requestState) (end func(), err error) {
	endRequest, ok := g.requests.Acquire(limit.Account(state.principal.id))
	if !ok {
		return nil, errTooManyRequests
	}
	err = readBody(e)
	if err == nil {
		var endTurn func()
		if endTurn, err = g.reads.WaitTurn(e.Response, e.Request, state.subpath, state.principal.caller()); err == nil {
			return func() { endTurn(); endRequest() }, nil
		}
	}
	endRequest()
	return nil, err
}

// acquireDatabase opens the database if necessary and keeps it open until state.release is called.
func (g *Gateway) acquireDatabase(ctx context.Context, state *requestState) error {
	unpin, ok := g.pins.Acquire(state.network)
	if !ok {
		return userdb.ErrBusy
	}
	handle, err := g.databases.AcquireForRequest(ctx, state.name)
	if err != nil {
		unpin()
		return fmt.Errorf("%w: %w", errOpenFailed, descriptors.Explain(err))
	}
	g.databases.Use(handle.Database)
	state.handle = handle
	state.release = func() {
		handle.Release()
		unpin()
	}
	return nil
}

// forward passes a request to PocketBase's routes under its path within the database.
func (g *Gateway) forward(e *core.RequestEvent, state *requestState) error {
	target := *e.Request.URL
	target.Path, target.RawPath = state.subpath, ""
	if state.class == routeFile {
		if err := checkFileOfToken(state); err != nil {
			return err
		}
		// PocketBase checks a file token of its own, which replaces ours for this request only.
		token, err := state.handle.Owner().NewFileToken()
		if err != nil {
			return fmt.Errorf("issue PocketBase file token: %w", err)
		}
		query := target.Query()
		query.Set("token", token)
		target.RawQuery = query.Encode()
	}
	if state.class == routeFile || state.class == routeExport || state.class == routeBundle {
		endDownload, err := g.beginDownload(e, state)
		if err != nil {
			return err
		}
		defer endDownload()
	}
	request := e.Request.WithContext(context.WithValue(e.Request.Context(), stateKey{}, state))
	request.URL, request.RequestURI = &target, target.RequestURI()
	g.inner.ServeHTTP(e.Response, request)
	return nil
}

// bindDatabase is the first middleware of PocketBase's routes. It makes the database of the request
// its App, and the principal its authenticated record.
func (g *Gateway) bindDatabase(e *core.RequestEvent) error {
	state := stateFrom(e)
	audit.SetActor(e, state.actor(e.Request))
	e.App, e.Auth = state.handle.App, state.principal.recordIn(state.handle.Database)
	if state.class == routeSubscribe {
		if err := g.attachStream(e, state); err != nil {
			return g.apiError(e, state, err)
		}
	}
	err := g.disk.Explain(e, g.ExplainUnavailable(e, e.Next()))
	LogFailure(g.logger, e, err, "database", state.name)
	return err
}

// DatabaseOf returns the user database of a request to one of its routes.
func DatabaseOf(e *core.RequestEvent) *userdb.Database { return stateFrom(e).handle.Database }

// ClientNetwork returns the network of the client of a request to a route of a user database. RealIP
// would use the settings of the user database, which trust no proxy.
func ClientNetwork(e *core.RequestEvent) limit.Caller { return stateFrom(e).network }
