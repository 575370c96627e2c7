package gateway

import (
	"net/http"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
)

// routes are the classes of requests to user databases, as metrics name them.
var routes = map[routeClass]metrics.Route{
	routeForbidden:     {Name: "db_other"},
	routeShared:        {Name: "db_records"},
	routeFile:          {Name: "db_file"},
	routeOwner:         {Name: "db_owner"},
	routeExport:        {Name: "db_export"},
	routeBundle:        {Name: "db_bundle"},
	routeSubscribe:     {Name: "db_subscribe"},
	routeStream:        {Name: "db_stream", IsStream: true},
	routeSuperuser:     {Name: "db_superuser"},
	routeSuperuserAuth: {Name: "db_superuser_auth"},
}

var adminUIRoute = metrics.Route{Name: "db_admin_ui"}

// RouteOf returns the class of a request to a user database. Without a port of its own, the path must begin with
// PathPrefix.
func RouteOf(r *http.Request) metrics.Route {
	path := r.URL.Path
	if portListenerOf(r) == nil {
		_, rest, _ := strings.Cut(strings.TrimPrefix(path, PathPrefix), "/")
		path = "/" + rest
	}
	if path == "/_" || strings.HasPrefix(path, "/_/") {
		return adminUIRoute
	}
	return routes[classify(r.Method, path)]
}
