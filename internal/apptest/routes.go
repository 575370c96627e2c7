package apptest

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/require"
)

// Route is a route of a router, with the pattern of its path.
type Route struct{ Method, Pattern string }

// String returns the route as in GET /api/health.
func (r Route) String() string { return r.Method + " " + r.Pattern }

// OpensStream reports whether a request to the route gets a response without an end.
func (r Route) OpensStream() bool { return r == Route{"GET", "/api/realtime"} }

// Path replaces the parameters of the pattern with values.
func (r Route) Path(t testing.TB, values map[string]string) string {
	t.Helper()
	path := r.Pattern
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	require.NotContains(t, path, "{", "the test has no value for a parameter of the route")
	return path
}

// Routes returns the routes of a router, sorted. They come from the router itself, so that routes added by a later version
// of PocketBase are included.
func Routes(t testing.TB, r *router.Router[*core.RequestEvent]) []Route {
	t.Helper()
	found := map[Route]bool{}
	collectRoutes(reflect.ValueOf(r.RouterGroup), "", found)
	require.GreaterOrEqual(t, len(found), 50, "routes are missing")
	return slices.SortedFunc(maps.Keys(found), func(a, b Route) int { return strings.Compare(a.String(), b.String()) })
}

func collectRoutes(group reflect.Value, prefix string, found map[Route]bool) {
	prefix += group.Elem().FieldByName("Prefix").String()
	children := group.Elem().FieldByName("children") // the router exports no way to list its routes
	children = reflect.NewAt(children.Type(), unsafe.Pointer(children.UnsafeAddr())).Elem()
	for i := range children.Len() {
		switch child := children.Index(i).Interface().(type) {
		case *router.Route[*core.RequestEvent]:
			method := child.Method
			if method == "" {
				method = "GET"
			}
			found[Route{method, prefix + child.Path}] = true
		case *router.RouterGroup[*core.RequestEvent]:
			collectRoutes(reflect.ValueOf(child), prefix, found)
		}
	}
}
