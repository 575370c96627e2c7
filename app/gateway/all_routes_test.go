package gateway_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// route is a route of a user database.
type route struct{ method, pattern string }

func (r route) String() string { return r.method + " " + r.pattern }

// opensStream reports whether a request to the route gets a response without an end.
func (r route) opensStream() bool { return r == route{"GET", "/api/realtime"} }

// path replaces the parameters of the pattern with values.
func (r route) path(t *testing.T, values map[string]string) string {
	t.Helper()
	path := r.pattern
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	require.NotContains(t, path, "{", "the test has no value for a parameter of the route")
	return path
}

// allRoutes returns PocketBase's routes and ours, sorted. They come from the router itself, so that
// routes added by a later version of PocketBase are included.
func allRoutes(t *testing.T, s *apptest.Server) []route {
	t.Helper()
	r, err := apis.NewRouter(core.NewBaseApp(core.BaseAppConfig{}))
	require.NoError(t, err)
	s.App.UserDatabaseRoutes(r)
	found := map[route]bool{}
	collectRoutes(reflect.ValueOf(r.RouterGroup), "", found)
	require.GreaterOrEqual(t, len(found), 50, "routes are missing")
	return slices.SortedFunc(maps.Keys(found), func(a, b route) int { return strings.Compare(a.String(), b.String()) })
}

func collectRoutes(group reflect.Value, prefix string, found map[route]bool) {
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
			found[route{method, prefix + child.Path}] = true
		case *router.RouterGroup[*core.RequestEvent]:
			collectRoutes(reflect.ValueOf(child), prefix, found)
		}
	}
}
