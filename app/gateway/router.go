package gateway

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// buildOuter builds the handler that requests reach first. prefix is the path pattern of a
// database; if it is empty, the port determines the database.
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
	if err := g.bindAdminUI(r, prefix+"/_"); err != nil {
		return nil, err
	}
	if prefix == "" {
		r.Any("/", g.serve)
	} else {
		r.Any(prefix+"/{path...}", g.serve)
	}
	return r.BuildMux()
}

// buildInner builds PocketBase's routes once for all databases. Their handlers use the App of the
// request event, which bindDatabase sets.
func (g *Gateway) buildInner(addRoutes func(*router.Router[*core.RequestEvent])) (http.Handler, error) {
	// NewRouter also binds hooks to the app it is given. This one is never bootstrapped.
	r, err := apis.NewRouter(core.NewBaseApp(core.BaseAppConfig{}))
	if err != nil {
		return nil, err
	}
	// The gateway has already checked token, address and rate before it opened the database.
	// PocketBase's log of requests would only add writes to every user's database.
	r.Unbind(apis.DefaultActivityLoggerMiddlewareId, apis.DefaultRateLimitMiddlewareId,
		apis.DefaultLoadAuthTokenMiddlewareId, apis.DefaultSuperuserIPsWhitelistMiddlewareId)
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "bindUserDatabase",
		Priority: apis.DefaultActivityLoggerMiddlewarePriority - 1000, // first, because every other middleware uses the app
		Func:     g.bindDatabase,
	})
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "limitReads",
		Priority: apis.DefaultRateLimitMiddlewarePriority,
		Func:     func(e *core.RequestEvent) error { return g.reads.Limit(e, stateFrom(e).principal.caller()) },
	})
	if addRoutes != nil {
		addRoutes(r)
	}
	return r.BuildMux()
}
