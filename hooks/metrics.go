package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindMetrics() {
	h.onServe("metrics", func(e *core.ServeEvent) error {
		e.Router.GET("/metrics", h.serveMetrics).Unbind(callerLimitsID, apis.DefaultRateLimitMiddlewareId)
		return nil
	})
}

// serveMetrics requires METRICS_TOKEN, also from superusers, whose tokens expire, and from loopback addresses, from which
// a reverse proxy on this machine connects. Without the setting, the route doesn't exist.
func (h handlers) serveMetrics(e *core.RequestEvent) error {
	switch {
	case !h.Config.MetricsToken.IsSet():
		return e.NotFoundError("", nil)
	case !h.hasMetricsToken(e.Request):
		e.Response.Header().Set("WWW-Authenticate", "Bearer")
		return e.UnauthorizedError("Send METRICS_TOKEN as a bearer token.", nil)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	h.Metrics.Handler().ServeHTTP(e.Response, e.Request)
	return nil
}

// measure counts the requests of a handler. It belongs inside limitBodies, which needs the response writer of net/http
// to close the connection of a client that sends too much.
func (h handlers) measure(next http.Handler) http.Handler { return h.Metrics.Measure(routeOf, next) }

// routeOf returns the class of a request, as metrics name it.
func routeOf(r *http.Request) metrics.Route {
	path := r.URL.Path
	if gateway.IsOnPort(r) || strings.HasPrefix(path, gateway.PathPrefix) {
		return gateway.RouteOf(r)
	}
	switch rest, isAPI := strings.CutPrefix(path, "/api/"); {
	case isAPI:
		return apiRouteOf(r.Method, rest)
	case strings.HasPrefix(path, "/_/"):
		return metrics.Route{Name: "admin_ui"}
	case path == assistantsPath:
		return metrics.Route{Name: "assistants"}
	case strings.HasPrefix(path, share.Path):
		return metrics.Route{Name: "share"}
	case path == "/livez", path == "/readyz":
		return metrics.Route{Name: "health"}
	case path == "/metrics":
		return metrics.Route{Name: "metrics"}
	}
	return metrics.Route{Name: "web_app"}
}

// apiRouteOf returns the class of a request to the API of the global database, by its path behind /api/.
func apiRouteOf(method, path string) metrics.Route {
	first, rest, _ := strings.Cut(path, "/")
	switch first {
	case "collections":
		return metrics.Route{Name: collectionRoute(rest)}
	case "realtime":
		if method == http.MethodGet {
			return metrics.Route{Name: "stream", IsStream: true}
		}
		return metrics.Route{Name: "subscribe"}
	case "batch":
		return metrics.Route{Name: "batch"}
	case "fathom":
		return metrics.Route{Name: "fathom_webhook"}
	case "health":
		return metrics.Route{Name: "health"}
	}
	return metrics.Route{Name: "api"}
}

// collectionRoute returns the class of a path behind /api/collections/.
func collectionRoute(path string) string {
	collection, rest, _ := strings.Cut(path, "/")
	action, _, _ := strings.Cut(rest, "/")
	switch {
	case action == "records" && collection == migrations.GlobalQueue:
		return "jobs"
	case action == "records":
		return "records"
	case strings.HasPrefix(action, "auth-"), action == "request-otp":
		return "sign_in"
	}
	return "collections"
}
