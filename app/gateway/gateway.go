// Package gateway serves user databases over HTTP: at /db/{name}/ on the
// server's own port and, where that is wanted, at a port each.
//
// It decides who may enter before anything is opened, and what it answers to
// those who may not is the same whether or not the database exists. One router
// serves all databases. Everything here is safe for concurrent use.
package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// PathPrefix is where user databases are served: /db/{name}/...
const PathPrefix = "/db/"

// Connection is what a client needs to use a user database.
type Connection struct {
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// Config of a Gateway. All but Ports, Routes, Logger and Now are required.
type Config struct {
	App       core.App // the global database
	Databases *userdb.Service
	Sessions  *session.Issuer
	BaseURL   string   // public URL of this server, without a trailing slash
	Origins   []string // allowed CORS origins
	Ports     Ports
	// Routes adds routes of ours to those every user database has. Their requests
	// have the user database as their app.
	Routes func(*router.Router[*core.RequestEvent])
	Logger *slog.Logger
	Now    func() time.Time
}

// Gateway serves every user database.
type Gateway struct {
	app       core.App
	databases *userdb.Service
	sessions  *session.Issuer
	baseURL   string
	origins   []string
	logger    *slog.Logger
	now       func() time.Time
	global    http.Handler // the global database, for the sign-in of superusers
	outer     http.Handler // CORS, then admission
	inner     http.Handler // PocketBase's own routes, shared by all databases
	streams   *streams
	lastings  *lastings
	limits    *limit.Rate
	requests  *limit.Concurrency // under way, by user or superuser
	pins      *limit.Concurrency // databases that are held open, by the address of the client
	ports     *ports

	subscribeWithin time.Duration // the life of a stream that nobody subscribes with
}

// New builds the one router that all user databases share.
func New(cfg Config) (*Gateway, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	g := &Gateway{
		app: cfg.App, databases: cfg.Databases, sessions: cfg.Sessions, logger: cfg.Logger, now: cfg.Now,
		baseURL: strings.TrimSuffix(cfg.BaseURL, "/"), origins: cfg.Origins, streams: newStreams(), lastings: newLastings(),
		limits: limit.NewRate(cfg.Now), requests: limit.NewConcurrency(math.MaxInt, maxRequestsPerUser),
		pins: limit.NewConcurrency(math.MaxInt, maxPinsPerAddress), subscribeWithin: subscribeWithin,
	}
	var err error
	if g.inner, err = buildInner(g.enter, cfg.Routes); err != nil {
		return nil, err
	}
	if g.outer, err = g.buildOuter(PathPrefix + "{name}"); err != nil {
		return nil, err
	}
	atPorts, err := g.buildOuter("")
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(g.baseURL)
	if err != nil {
		return nil, fmt.Errorf("the public URL: %w", err)
	}
	g.ports = newPorts(cfg.Ports, base, atPorts, cfg.Databases, cfg.Logger, cfg.Now)
	cfg.Databases.OnOpened(g.streams.opened)
	cfg.Databases.OnClosing(g.streams.closing)
	cfg.Databases.OnChange(g.changed)
	return g, nil
}

// Wrap sends requests below /db/ to the gateway and the others to global, to which
// the gateway also hands the sign-in of superusers from then on.
func (g *Gateway) Wrap(global http.Handler) http.Handler {
	g.global = global
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, PathPrefix) {
			g.outer.ServeHTTP(w, r)
			return
		}
		global.ServeHTTP(w, r)
	})
}

// changed is called after a user or a row of the registry has changed.
func (g *Gateway) changed(userID, name string) {
	g.lastings.recheck(context.Background(), userID, name)
	g.ports.changed(name)
}

// buildOuter builds what decides about a request. The prefix is the pattern of
// where databases are; without one the name is in the context of the request.
func (g *Gateway) buildOuter(prefix string) (http.Handler, error) {
	r := router.NewRouter(func(w http.ResponseWriter, req *http.Request) (*core.RequestEvent, router.EventCleanupFunc) {
		event := new(core.RequestEvent)
		event.Response, event.Request, event.App = w, req, g.app
		return event, nil
	})
	r.Bind(apis.CORS(apis.CORSConfig{
		AllowOrigins: g.origins,
		AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete},
	}))
	bindAdminUI(r, prefix+"/_")
	if prefix == "" {
		r.Any("/", g.serve)
	} else {
		r.Any(prefix+"/{path...}", g.serve)
	}
	return r.BuildMux()
}

// buildInner builds PocketBase's routes once. Its handlers use the app of the
// request event, which a first middleware sets to the database of the request.
func buildInner(enter func(*core.RequestEvent) error, routes func(*router.Router[*core.RequestEvent])) (http.Handler, error) {
	unused := core.NewBaseApp(core.BaseAppConfig{}) // some hooks are bound to it; it is never bootstrapped
	r, err := apis.NewRouter(unused)
	if err != nil {
		return nil, err
	}
	// The gateway settles who is asking, from where, and how often they may, before
	// it opens the database; and a log of requests in every user's database serves
	// nobody.
	r.Unbind(apis.DefaultActivityLoggerMiddlewareId, apis.DefaultRateLimitMiddlewareId,
		apis.DefaultLoadAuthTokenMiddlewareId, apis.DefaultSuperuserIPsWhitelistMiddlewareId)
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "userDatabase",
		Priority: apis.DefaultActivityLoggerMiddlewarePriority - 1000, // first: every other one reads the app
		Func:     enter,
	})
	if routes != nil {
		routes(r)
	}
	return r.BuildMux()
}
