package gateway_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// forbidden is the place of a status in allowedRoutes when the role may not use the route.
const forbidden = 0

// allowedRoutes holds the routes that the owner of a database or a superuser may use, and the status
// each gets for a request with an empty JSON object. All other routes are forbidden to both.
var allowedRoutes = map[string]struct{ owner, superuser int }{
	"GET /api/collections/{collection}/records":         {200, 200},
	"POST /api/collections/{collection}/records":        {403, 400}, // only the server creates meetings, which need a recording_id
	"GET /api/collections/{collection}/records/{id}":    {200, 200},
	"PATCH /api/collections/{collection}/records/{id}":  {403, 200},
	"DELETE /api/collections/{collection}/records/{id}": {204, 404}, // the owner comes first
	"POST /api/batch":       {400, 400},
	"GET /api/health":       {200, 200},
	"POST /api/realtime":    {400, 400},
	"POST /api/files/token": {200, 200},
	"GET /api/files/{collection}/{recordId}/{filename}": {404, 404},
	"GET /api/usage":                             {200, 200},
	"GET /api/export":                            {200, forbidden},
	"POST /api/export":                           {200, forbidden},
	"GET /api/usage/meetings":                    {200, 200},
	"GET /api/search":                            {400, forbidden}, // without a query
	"GET /api/library":                           {200, forbidden},
	"GET /api/meetings/{id}/chapters":            {200, forbidden},
	"GET /api/meetings/{id}/chapters.vtt":        {200, forbidden},
	"GET /api/meetings/{id}/captions.vtt":        {200, forbidden},
	"GET /api/meetings/{id}/poster":              {200, 200},
	"PUT /api/meetings/{id}/poster":              {400, forbidden}, // JSON isn't a JPEG
	"GET /api/fathom-webhook":                    {200, 200},
	"GET /api/bundles":                           {200, forbidden},
	"POST /api/bundles":                          {200, forbidden},
	"POST /api/share-links":                      {400, forbidden},
	"POST /api/transfers":                        {400, forbidden},
	"POST /api/rules/test":                       {400, forbidden},
	"POST /api/loom/sign-in":                     {400, forbidden},
	"POST /api/loom/sign-in/complete":            {400, forbidden},
	"POST /api/loom/check":                       {404, forbidden},
	"GET /api/loom/folders":                      {404, forbidden},
	"GET /api/collections":                       {forbidden, 200},
	"GET /api/collections/{collection}":          {forbidden, 200},
	"GET /api/collections/meta/oauth2-providers": {forbidden, 200},
	"GET /api/collections/meta/scaffolds":        {forbidden, 200},
	"GET /api/logs":                              {forbidden, 200},
	"GET /api/logs/stats":                        {forbidden, 200},
	"GET /api/logs/{id}":                         {forbidden, 404},
	"GET /api/settings":                          {forbidden, 200},
}

// TestRouteAccessByRole fails when a later version of PocketBase adds a route that the gateway allows,
// because allowedRoutes doesn't list it.
func TestRouteAccessByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("owner@example.com")
	samples := p.CreateSamples()
	values := map[string]string{
		"collection": "meetings", "id": samples.Meeting, "recordId": samples.Recording, "filename": samples.File, "key": "backup.zip",
	}
	superuser := s.SuperuserToken()
	missing := maps.Clone(allowedRoutes)
	routes := allRoutes(t, s)
	slices.SortStableFunc(routes, func(a, b apptest.Route) int { // deletions last, because the other routes need the records
		return strings.Count(a.Method, "DELETE") - strings.Count(b.Method, "DELETE")
	})
	for _, r := range routes {
		if r.OpensStream() {
			continue // see TestEventsReachOnlySubscribersOfTheirDatabase
		}
		path := p.DatabaseURL + r.Path(t, values)
		want := allowedRoutes[r.String()]
		delete(missing, r.String())
		for _, role := range []struct {
			name, token           string
			want, forbiddenStatus int
		}{{"owner", p.Session, want.owner, 404}, {"superuser", superuser, want.superuser, 403}} {
			got := s.Call(r.Method, path, role.token, map[string]any{})
			refused := strings.Contains(got.Raw, "not available in a user database")
			if role.want == forbidden {
				assert.Equal(t, role.forbiddenStatus, got.Status, "%s as %s: %s", r, role.name, got.Raw)
				assert.Equal(t, role.name == "superuser", refused, "%s as %s: %s", r, role.name, got.Raw)
				continue
			}
			assert.Equal(t, role.want, got.Status, "%s as %s: %.200s", r, role.name, got.Raw)
			assert.False(t, refused, "%s as %s", r, role.name)
		}
	}
	assert.Empty(t, missing, "PocketBase no longer has these routes")
}
