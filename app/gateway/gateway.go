// Package gateway serves user databases over HTTP: at /db/{name}/ on the server's own port and, if
// configured, each on a port of its own.
//
// A request passes through these steps, one file each: serve, classify (route_class.go), authorize,
// acquire the database, forward to PocketBase's routes (router.go). No database is opened before
// the request is authorized, and the response to a request that isn't must not reveal whether the
// database exists. One router serves all databases.
//
// A Gateway is safe for concurrent use. It decides who may use a database and which routes. It must
// not decide what a record may contain: that is up to PocketBase's rules and the hooks.
package gateway

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/connlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// PathPrefix precedes the name in the path of a user database: /db/{name}/.
const PathPrefix = "/db/"

// Config configures a Gateway. Ports, Routes, Logger and Now are optional.
type Config struct {
	App       core.App // the global database
	Databases *userdb.Service
	Sessions  *session.Issuer
	Tokens    *tokens.Service
	Disk      *disk.Monitor
	BaseURL   string             // public URL of the server
	Origins   []string           // allowed CORS origins
	Reads     *readlimit.Limiter // shared with the global database
	Audit     *audit.Recorder    // records which superusers open databases; nil records nothing
	Ports     Ports
	// Routes adds routes to every user database. The App of their requests is the user database.
	Routes func(*router.Router[*core.RequestEvent])
	// Connections limits the connections to the ports of databases; nil means no limit.
	Connections *connlimit.Limiter
	Logger      *slog.Logger     // default: discards everything
	Now         func() time.Time // default: time.Now
}

// Gateway serves all user databases.
type Gateway struct {
	app       core.App
	databases *userdb.Service
	sessions  *session.Issuer
	tokens    *tokens.Service
	disk      *disk.Monitor
	trail     *audit.Recorder
	baseURL   string
	origins   []string
	logger    *slog.Logger
	now       func() time.Time

	global http.Handler // the global database, where superusers sign in
	outer  http.Handler // CORS, the admin UI, and serve
	inner  http.Handler // PocketBase's routes, shared by all databases

	streams      *streams
	sessionBound *sessionBoundRequests
	ports        *portServer

	requestRate  *limit.Rate        // by user or superuser
	requests     *limit.Concurrency // by user or superuser
	reads        *readlimit.Limiter
	pins         *limit.Concurrency // open databases, by network
	refused      *limit.Rate        // refused requests, by network
	openFailures *limit.Rate        // lines in the log, by database
	files        *limit.Rate        // requests for files of the admin UI, by network

	subscribeTimeout time.Duration // after which a stream without subscriptions ends

	stopping atomic.Bool // all requests are about to be cancelled
}

// New returns a Gateway that isn't started yet.
func New(cfg Config) (*Gateway, error) {
	cfg.Logger = cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	g := &Gateway{
		app: cfg.App, databases: cfg.Databases, sessions: cfg.Sessions, tokens: cfg.Tokens, disk: cfg.Disk, trail: cfg.Audit, baseURL: strings.TrimSuffix(cfg.BaseURL, "/"),
		origins: cfg.Origins, logger: cfg.Logger, now: cfg.Now,
		streams: newStreams(), sessionBound: newSessionBoundRequests(),
		requestRate:  limit.NewRate(limit.RequestsPerSecond, limit.RequestBurst, cfg.Now),
		refused:      limit.NewRate(limit.RefusalsPerSecond, limit.RefusalBurst, cfg.Now),
		openFailures: limit.NewRate(1/openFailureInterval.Seconds(), 1, cfg.Now),
		files:        limit.NewRate(limit.StaticFilesPerSecond, limit.StaticFileBurst, cfg.Now),
		requests:     limit.NewConcurrency(limit.Unlimited, limit.MaxRequestsPerUser), reads: cfg.Reads,
		pins: limit.NewConcurrency(limit.Unlimited, limit.MaxPinsPerNetwork), subscribeTimeout: subscribeTimeout,
	}
	var err error
	if g.inner, err = g.buildInner(cfg.Routes); err != nil {
		return nil, fmt.Errorf("build routes of user databases: %w", err)
	}
	if g.outer, err = g.buildOuter(PathPrefix + "{name}"); err != nil {
		return nil, fmt.Errorf("build gateway: %w", err)
	}
	portHandler, err := g.buildOuter("")
	if err != nil {
		return nil, fmt.Errorf("build gateway for ports: %w", err)
	}
	base, err := url.Parse(g.baseURL)
	if err != nil {
		return nil, fmt.Errorf("parse public URL: %w", err)
	}
	g.ports = newPortServer(cfg.Ports, base, portHandler, cfg.Databases, cfg.Connections, cfg.Logger, cfg.Now)
	cfg.Databases.OnOpened(g.streams.databaseOpened)
	cfg.Databases.OnClosing(g.streams.databaseClosing)
	cfg.Databases.OnChange(g.databaseChanged)
	return g, nil
}

// Start listens on the ports that databases had before the server was restarted. wrap is applied to
// the handler of these ports, as it is to the server's own. If databases have no ports, Start clears
// those that an earlier run recorded.
func (g *Gateway) Start(ctx context.Context, wrap func(http.Handler) http.Handler) error {
	if !g.ports.enabled() {
		return g.databases.ReleasePorts(ctx)
	}
	return g.ports.start(ctx, wrap)
}

// Stop closes the ports of user databases and ends the requests that arrived on them. It may be
// called more than once and without Start.
func (g *Gateway) Stop(ctx context.Context) error { return g.ports.stop(ctx) }

// Wrap returns a handler that serves requests below /db/ itself and passes the others to global.
// The gateway also forwards sign-ins of superusers to global. Call it once, before the first
// request.
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

// databaseChanged is called after a change of a user, a superuser or a registry row, and with two empty
// arguments when all of their sessions may have been revoked.
func (g *Gateway) databaseChanged(userID, name string) {
	g.sessionBound.recheck(context.Background(), userID, name)
	g.ports.databaseChanged(name)
}
