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

// route is one that a user database has.
type route struct{ method, pattern string }

func (r route) String() string { return r.method + " " + r.pattern }

// fill puts values in place of the parameters of a pattern.
func (r route) fill(t *testing.T, values map[string]string) string {
	t.Helper()
	path := r.pattern
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	require.NotContains(t, path, "{", "a parameter this test doesn't know")
	return path
}

// allRoutes are the routes PocketBase registers, and ours, read from the router
// itself: one that a later version adds is among them.
func allRoutes(t *testing.T, s *apptest.Server) []route {
	t.Helper()
	r, err := apis.NewRouter(core.NewBaseApp(core.BaseAppConfig{}))
	require.NoError(t, err)
	s.App.UserDatabaseRoutes(r)
	found := map[route]bool{}
	collect(reflect.ValueOf(r.RouterGroup), "", found)
	require.GreaterOrEqual(t, len(found), 50, "the router was not read to its end")
	return slices.SortedFunc(maps.Keys(found), func(a, b route) int { return strings.Compare(a.String(), b.String()) })
}

func collect(group reflect.Value, prefix string, found map[route]bool) {
	prefix += group.Elem().FieldByName("Prefix").String()
	children := group.Elem().FieldByName("children") // not exported, and there is no other way to them
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
			collect(reflect.ValueOf(child), prefix, found)
		}
	}
}

// What is open to an owner and to a superuser, and what either gets for it with an
// empty body; everything else is closed. 0 is closed to them.
var openRoutes = map[string]struct{ owner, superuser int }{
	"GET /api/collections/{collection}/records":         {200, 200},
	"POST /api/collections/{collection}/records":        {403, 400}, // meetings are the server's to make; they need a recording_id
	"GET /api/collections/{collection}/records/{id}":    {200, 200},
	"PATCH /api/collections/{collection}/records/{id}":  {403, 200},
	"DELETE /api/collections/{collection}/records/{id}": {403, 204},
	"POST /api/batch":       {400, 400},
	"GET /api/health":       {200, 200},
	"POST /api/realtime":    {400, 400},
	"POST /api/files/token": {200, 200},
	"GET /api/files/{collection}/{recordId}/{filename}": {404, 404},
	"GET /api/usage":                             {200, 200},
	"GET /api/export":                            {200, 0},
	"POST /api/export":                           {200, 0},
	"GET /api/collections":                       {0, 200},
	"GET /api/collections/{collection}":          {0, 200},
	"GET /api/collections/meta/oauth2-providers": {0, 200},
	"GET /api/collections/meta/scaffolds":        {0, 200},
	"GET /api/logs":                              {0, 200},
	"GET /api/logs/stats":                        {0, 200},
	"GET /api/logs/{id}":                         {0, 404},
	"GET /api/settings":                          {0, 200},
}
