package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

type visitKey struct{}

// visit is an admitted request on its way through the shared router.
type visit struct {
	visitor    visitor
	address    string // of the client, by the global database's trusted proxies
	handle     *userdb.Handle
	unpin      func()
	subscribes bool     // sets the subscriptions of a realtime stream
	batch      []string // the requests in a batch, such as "PATCH /api/collections/..."
}

func visitOf(e *core.RequestEvent) *visit { return e.Request.Context().Value(visitKey{}).(*visit) }

const (
	// maxRequestsPerUser is how many requests and downloads of one user may be under
	// way at a time.
	maxRequestsPerUser = 50

	// maxPinsPerAddress is how many databases the requests from one address may
	// hold open at a time: somebody with many accounts must leave room for others.
	maxPinsPerAddress = 100

	// answerWithin is how long a client may take to accept an answer.
	answerWithin = time.Minute
)

// serve admits a request, opens the database and passes the request on.
func (g *Gateway) serve(e *core.RequestEvent) error {
	setSecurityHeaders(e.Response.Header())
	name, tail := nameOf(e.Request), pathOf(e.Request)
	if !registry.ValidName(name) {
		return e.NotFoundError("", nil)
	}
	route := routeOf(e.Request.Method, tail)
	switch {
	case route == routeStream:
		return g.serveStream(e, name)
	case route == routeSuperuserAuth && path.Clean(tail) == tail:
		return g.signInSuperuser(e, tail)
	}

	visitor, err := g.admit(e, name, route)
	if err != nil {
		return err
	}
	visit := &visit{visitor: visitor, address: e.RealIP(), subscribes: route == routeSubscribe}
	if visitor.superuser == nil {
		return g.serveVisit(e, name, tail, route, visit)
	}
	answer := e.Response
	err = g.serveVisit(e, name, tail, route, visit)
	g.audit(e, answer, name, visit, err)
	return err
}

func (g *Gateway) serveVisit(e *core.RequestEvent, name, tail string, route routeKind, visit *visit) error {
	if !g.limits.allow(visit.visitor.id) {
		e.Response.Header().Set("Retry-After", "1")
		return e.TooManyRequestsError("Too many requests. Slow down a little.", nil)
	}
	if !route.openTo(visit.visitor) || path.Clean(tail) != strings.TrimSuffix(tail, "/") {
		return closed(e, visit.visitor)
	}
	leave, ok := g.requests.Take(visit.visitor.id)
	if !ok {
		e.Response.Header().Set("Retry-After", "2")
		return e.TooManyRequestsError("Too many requests and downloads at once. Wait for some to end.", nil)
	}
	defer leave()
	if err := readBody(e); err != nil {
		return err
	}
	unpin, ok := g.pins.Take(visit.address)
	if !ok {
		return g.openError(e, name, visit.visitor, userdb.ErrBusy)
	}
	defer unpin()
	handle, err := g.databases.Acquire(e.Request.Context(), name)
	if err != nil {
		return g.openError(e, name, visit.visitor, err)
	}
	defer handle.Release()
	if visit.visitor.superuser == nil && handle.UserID != visit.visitor.id {
		return e.ForbiddenError("This session is for another database.", nil)
	}
	visit.handle, visit.unpin = handle, unpin
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(answerWithin)) // a test's writer has none
	return g.forward(e, tail, route, visit)
}

// closed answers a request for a route that is not for this visitor. An owner is
// not told that there is such a route.
func closed(e *core.RequestEvent, visitor visitor) error {
	if visitor.superuser == nil {
		return e.NotFoundError("", nil)
	}
	return e.ForbiddenError("This is closed in a user database: its schema, settings, backups and crons belong to the server.", nil)
}

// forward passes an admitted request on under its path within the database.
func (g *Gateway) forward(e *core.RequestEvent, tail string, route routeKind, visit *visit) error {
	inside := *e.Request.URL
	inside.Path, inside.RawPath = tail, ""
	if route == routeFile {
		// PocketBase's own file token in place of ours, for this request alone.
		token, err := visit.handle.Owner().NewFileToken()
		if err != nil {
			return e.InternalServerError("", err)
		}
		query := inside.Query()
		query.Set("token", token)
		inside.RawQuery = query.Encode()
	}
	if route == routeFile || route == routeExport {
		end, err := g.beginDownload(e, visit)
		if err != nil {
			return err
		}
		defer end()
	}
	request := e.Request.WithContext(context.WithValue(e.Request.Context(), visitKey{}, visit))
	request.URL, request.RequestURI = &inside, inside.RequestURI()
	g.inner.ServeHTTP(e.Response, request)
	return nil
}

// enter makes the database of a visit the app of its request, and the visitor the
// one it acts as.
func (g *Gateway) enter(e *core.RequestEvent) error {
	visit := visitOf(e)
	e.App, e.Auth = visit.handle.App, visit.visitor.record(visit.handle.Database)
	if visit.subscribes {
		if err := g.attachStream(e, visit); err != nil {
			return err
		}
	}
	err := e.Next()
	LogFailure(g.logger.With("database", visit.handle.Name), e, err)
	return err
}

// DatabaseOf is the user database that a request inside the gateway is for.
func DatabaseOf(e *core.RequestEvent) *userdb.Database {
	return visitOf(e).handle.Database
}

// AddressOf is where a request inside the gateway comes from. RealIP would go by
// the settings of the user database, which knows of no proxy.
func AddressOf(e *core.RequestEvent) string { return visitOf(e).address }

// LogFailure tells the operator what a 5xx hides from the client. An answer with
// Retry-After is no failure: there is no room just now.
func LogFailure(logger *slog.Logger, e *core.RequestEvent, err error) {
	if err == nil || errors.Is(err, context.Canceled) || e.Response.Header().Get("Retry-After") != "" {
		return
	}
	if answer := router.ToApiError(err); answer.Status >= http.StatusInternalServerError {
		logger.Error("request failed", "method", e.Request.Method, "path", e.Request.URL.Path,
			"status", answer.Status, "error", err, "cause", answer.RawData())
	}
}

func (g *Gateway) openError(e *core.RequestEvent, name string, visitor visitor, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, userdb.ErrBusy), errors.Is(err, userdb.ErrClosed):
		e.Response.Header().Set("Retry-After", "2")
		return router.NewApiError(http.StatusServiceUnavailable, "The server is busy. Try again in a moment.", nil)
	case errors.Is(err, registry.ErrNotFound) && visitor.superuser != nil:
		return e.NotFoundError("There is no such user database, or it is archived or being deleted.", nil)
	case errors.Is(err, registry.ErrNotFound):
		return e.UnauthorizedError("A valid session for this database is required.", nil)
	}
	g.logger.Error("open user database", "database", name, "error", err,
		"hint", "fathom-to-loom userdb verify "+name)
	if visitor.superuser != nil {
		return router.NewApiError(http.StatusServiceUnavailable, "This database can't be opened. The log says why.", nil)
	}
	return router.NewApiError(http.StatusServiceUnavailable, "Your database can't be opened right now. The operator has been told; nothing of yours was changed.", nil)
}

func setSecurityHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Referrer-Policy", "no-referrer")
}
