package userdb

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
)

// PathPrefix is where the gateway serves user databases: /db/{name}/...
const PathPrefix = "/db/"

// filesAudience starts the audience of a file token. No database name starts
// with a letter, so that neither kind of token can stand in for the other.
const filesAudience = "files."

// Connection is what a client needs to use a user database.
type Connection struct {
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// GatewayConfig of a Gateway. All but Logger are required.
type GatewayConfig struct {
	Service  *Service
	Sessions *session.Issuer
	BaseURL  string   // public URL of this server, without a trailing slash
	Origins  []string // allowed CORS origins
	Logger   *slog.Logger
}

// Gateway serves every user database over HTTP. It decides who may enter before
// anything is opened, and what it answers to those who may not is the same
// whether or not the database exists.
type Gateway struct {
	service  *Service
	sessions *session.Issuer
	baseURL  string
	logger   *slog.Logger
	outer    http.Handler // CORS, then admission
	inner    http.Handler // PocketBase's own routes, shared by all databases
	streams  *streams
	limits   *userLimits
}

// NewGateway builds the one router that all user databases share.
func NewGateway(cfg GatewayConfig) (*Gateway, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	g := &Gateway{
		service: cfg.Service, sessions: cfg.Sessions, logger: cfg.Logger,
		baseURL: strings.TrimSuffix(cfg.BaseURL, "/"), streams: newStreams(),
		limits: newUserLimits(cfg.Service.now),
	}
	var err error
	if g.inner, err = g.buildInner(); err != nil {
		return nil, err
	}
	if g.outer, err = g.buildOuter(cfg.Origins); err != nil {
		return nil, err
	}
	cfg.Service.notifyChanges(g.recheckStreams)
	return g, nil
}

// Connect issues a session of a user for their database.
func (g *Gateway) Connect(user *core.Record, entry Entry) (Connection, error) {
	token, expires, err := g.sessions.Issue(user.Id, entry.Name, user.TokenKey())
	if err != nil {
		return Connection{}, err
	}
	return Connection{Name: entry.Name, URL: g.baseURL + PathPrefix + entry.Name, Token: token, Expires: expires}, nil
}

// Wrap sends requests below /db/ to the gateway and the others to next.
func (g *Gateway) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, PathPrefix) {
			g.outer.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *Gateway) buildOuter(origins []string) (http.Handler, error) {
	r := router.NewRouter(func(w http.ResponseWriter, req *http.Request) (*core.RequestEvent, router.EventCleanupFunc) {
		event := new(core.RequestEvent)
		event.Response, event.Request, event.App = w, req, g.service.app
		return event, nil
	})
	r.Bind(apis.CORS(apis.CORSConfig{
		AllowOrigins: origins,
		AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete},
	}))
	r.Any(PathPrefix+"{name}/{path...}", g.serve)
	return r.BuildMux()
}

// buildInner builds PocketBase's routes once. Its handlers use the app of the
// request event, which a first middleware sets to the database in the context.
func (g *Gateway) buildInner() (http.Handler, error) {
	unused := core.NewBaseApp(core.BaseAppConfig{}) // some hooks are bound to it; it is never bootstrapped
	r, err := apis.NewRouter(unused)
	if err != nil {
		return nil, err
	}
	// The gateway settles who is asking, and how often they may, before it opens
	// the database; and a log of requests in every user's database serves nobody.
	r.Unbind(apis.DefaultActivityLoggerMiddlewareId, apis.DefaultRateLimitMiddlewareId, apis.DefaultLoadAuthTokenMiddlewareId)
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "userDatabase",
		Priority: apis.DefaultActivityLoggerMiddlewarePriority - 1000, // first: every other one reads the app
		Func: func(e *core.RequestEvent) error {
			visit := e.Request.Context().Value(visitKey{}).(*visit)
			e.App, e.Auth = visit.handle.App, visit.handle.Owner()
			if visit.subscribes {
				if err := g.attachStream(e, visit); err != nil {
					return err
				}
			}
			err := e.Next()
			g.logFailure(e, visit.handle.Name, err)
			return err
		},
	})
	return r.BuildMux()
}

// logFailure tells the operator what a 5xx hides from the client.
func (g *Gateway) logFailure(e *core.RequestEvent, name string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	answer := router.ToApiError(err)
	if answer.Status < http.StatusInternalServerError {
		return
	}
	g.logger.Error("request failed", "database", name, "method", e.Request.Method, "path", e.Request.URL.Path,
		"status", answer.Status, "error", err, "cause", answer.RawData())
}

type visitKey struct{}

// visit is an admitted request on its way through the shared router.
type visit struct {
	handle     *Handle
	claims     session.Claims
	subscribes bool // sets the subscriptions of a realtime stream
}

// serve admits a request, opens the database and passes the request on.
func (g *Gateway) serve(e *core.RequestEvent) error {
	setSecurityHeaders(e.Response.Header())
	name, tail := e.Request.PathValue("name"), "/"+e.Request.PathValue("path")
	if !validName(name) {
		return e.NotFoundError("", nil)
	}
	route := routeOf(e.Request.Method, tail)
	if route == routeStream {
		return g.serveStream(e, name)
	}

	claims, err := g.admit(e, name, route)
	if err != nil {
		return err
	}
	if !g.limits.allow(claims.UserID) {
		e.Response.Header().Set("Retry-After", "1")
		return e.TooManyRequestsError("Too many requests. Slow down a little.", nil)
	}
	if route == routeClosed || path.Clean(tail) != strings.TrimSuffix(tail, "/") {
		return e.NotFoundError("", nil)
	}

	handle, err := g.service.Acquire(e.Request.Context(), name)
	if err != nil {
		return g.openError(e, name, err)
	}
	defer handle.Release()
	if handle.UserID != claims.UserID {
		return e.ForbiddenError("This session is for another database.", nil)
	}

	return g.forward(e, tail, route, &visit{handle: handle, claims: claims, subscribes: route == routeSubscribe})
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
		writer := newDeadlineWriter(e.Request.Context(), e.Response)
		defer writer.done()
		e.Response = writer
	}
	request := e.Request.WithContext(context.WithValue(e.Request.Context(), visitKey{}, visit))
	request.URL, request.RequestURI = &inside, inside.RequestURI()
	g.inner.ServeHTTP(e.Response, request)
	return nil
}

// admit checks the session of a request, without opening anything. It answers
// 401 to a token that proves nothing (any more) and 403 to a good one for
// another database.
func (g *Gateway) admit(e *core.RequestEvent, name string, route routeKind) (session.Claims, error) {
	token, audience := bearer(e.Request), name
	if route == routeFile && token == "" {
		token, audience = e.Request.URL.Query().Get("token"), filesAudience+name
	}
	claims, err := g.verify(e.Request.Context(), token, audience, name)
	switch {
	case err == nil:
		return claims, nil
	case errors.Is(err, session.ErrWrongDatabase):
		return claims, e.ForbiddenError("This session is for another database.", nil)
	case errors.Is(err, session.ErrExpired):
		return claims, e.UnauthorizedError("The session has expired. Renew it with POST /api/session.", nil)
	case errors.Is(err, session.ErrInvalid), errors.Is(err, ErrNotFound):
		return claims, e.UnauthorizedError("A valid session for this database is required.", nil)
	default:
		err = e.InternalServerError("", err)
		g.logFailure(e, name, err)
		return claims, err
	}
}

func (g *Gateway) verify(ctx context.Context, token, audience, name string) (session.Claims, error) {
	claims, err := g.sessions.Verify(token, audience)
	if err != nil {
		return session.Claims{}, err
	}
	return claims, g.stillGood(ctx, claims, name)
}

// stillGood checks what a token can't say itself: that the database exists and
// is still this user's, and that their password is the one of the sign-in.
func (g *Gateway) stillGood(ctx context.Context, claims session.Claims, name string) error {
	owned, err := g.service.registry.lookup(ctx, name)
	if err != nil {
		return err
	}
	if owned.UserID != claims.UserID || !g.sessions.Matches(claims, owned.tokenKey) {
		return session.ErrInvalid
	}
	return nil
}

// FileToken issues the token that file URLs of a database carry as ?token=. It
// lasts as long as a session does, so that a player can seek in a long video.
func (g *Gateway) FileToken(ctx context.Context, db *Database) (string, error) {
	owned, err := g.service.registry.lookup(ctx, db.Name)
	if err != nil {
		return "", err
	}
	token, _, err := g.sessions.Issue(db.UserID, filesAudience+db.Name, owned.tokenKey)
	return token, err
}

func (g *Gateway) openError(e *core.RequestEvent, name string, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, ErrBusy), errors.Is(err, ErrClosed):
		e.Response.Header().Set("Retry-After", "2")
		return router.NewApiError(http.StatusServiceUnavailable, "The server is busy. Try again in a moment.", nil)
	case errors.Is(err, ErrNotFound):
		return e.UnauthorizedError("A valid session for this database is required.", nil)
	}
	g.logger.Error("open user database", "database", name, "error", err)
	return router.NewApiError(http.StatusServiceUnavailable, "Your database can't be opened right now. The operator has been told; nothing of yours was changed.", nil)
}

func bearer(r *http.Request) string {
	token := r.Header.Get("Authorization")
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		return token[7:]
	}
	return token
}

func setSecurityHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Referrer-Policy", "no-referrer")
}
