package hooks_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// tokenScopes holds the scope that a request with an API token needs for each route of the global database, by method and
// path. All other routes are refused.
var tokenScopes = map[string]string{
	"GET /api/health":         "read",
	"GET /api/queue":          "read",
	"POST /mcp":               "read",
	"GET /mcp":                "read", // gets 405
	"DELETE /mcp":             "read", // gets 405
	"POST /api/queue/cancel":  "transfer",
	"POST /api/queue/retry":   "transfer",
	"GET /api/shares":         "share",
	"POST /api/shares":        "share",
	"PATCH /api/shares/some":  "share",
	"DELETE /api/shares/some": "share",

	"GET /api/collections/global_queue/records":        "read",
	"GET /api/collections/global_queue/records/some":   "read",
	"POST /api/collections/global_queue/records":       "transfer",
	"PATCH /api/collections/global_queue/records/some": "transfer",
}

// TestGlobalRouteAccessByTokenScope fails when a new route accepts API tokens, because tokenScopes doesn't list it.
func TestGlobalRouteAccessByTokenScope(t *testing.T) {
	t.Parallel()
	var served *router.Router[*core.RequestEvent]
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) {
		s.App.OnServe().BindFunc(func(e *core.ServeEvent) error {
			served = e.Router
			return e.Next()
		})
	}})
	p := s.SignUp("ada@example.com")
	before := s.Call("GET", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Raw
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	collections, err := s.App.FindAllCollections()
	require.NoError(t, err)
	found := map[string]bool{}
	for _, scope := range []string{"read", "transfer", "share"} {
		_, token := p.CreateToken(scope)
		for _, r := range apptest.Routes(t, served) {
			paths := []string{r.Pattern}
			if strings.Contains(r.Pattern, "{collection}") {
				paths = nil
				for _, collection := range collections {
					paths = append(paths, strings.ReplaceAll(r.Pattern, "{collection}", collection.Name))
				}
			}
			for _, path := range paths {
				path = parameter.ReplaceAllString(path, "some")
				found[r.Method+" "+path] = true
				got := s.Call(r.Method, s.URL+path, token, map[string]any{"kind": "fathom.sync"})
				message := r.Method + " " + path + " with scope " + scope + ": " + got.Raw
				switch needed := tokenScopes[r.Method+" "+path]; needed {
				case scope:
					require.NotEqual(t, 401, got.Status, message)
					require.NotContains(t, got.Raw, "API token", message)
				case "":
					require.Equal(t, 403, got.Status, message)
					require.Contains(t, got.Raw, "API tokens can't be used for this request", message)
				default:
					require.Equal(t, 403, got.Status, message)
					require.Contains(t, got.Raw, `needs an API token with the scope \"`+needed+`\"`, message)
				}
			}
		}
	}
	for path := range tokenScopes {
		assert.True(t, found[path], "%s no longer exists", path)
	}
	assert.Equal(t, before, s.Call("GET", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Raw)
}

func TestTokensManageJobsOfTheirUser(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUpWithMeetings("ada@example.com"), s.SignUpWithMeetings("grace@example.com")
	othersJob := other.Enqueue("fathom.sync", map[string]any{}).Text("id")
	_, read := p.CreateToken("read")
	_, transfer := p.CreateToken("transfer")
	create := func(token, kind string, payload any) apptest.Answer {
		return s.Call("POST", s.URL+apptest.JobsPath, token, map[string]any{"kind": kind, "payload": payload, "run_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	}
	created := create("Bearer "+transfer, "recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status, created.Raw)
	job := apptest.JobsPath + "/" + created.Text("id")
	assert.Equal(t, p.ID, created.Text("user"))
	assert.Equal(t, 200, s.Call("GET", s.URL+job, read, nil).Status)
	for name, got := range map[string]apptest.Answer{
		"parts":              create(transfer, "fathom.parts", map[string]any{"recording_id": 1001}),
		"for somebody else":  s.Call("GET", s.URL+apptest.JobsPath+"/"+othersJob, read, nil),
		"cancel another's":   s.Call("PATCH", s.URL+apptest.JobsPath+"/"+othersJob, transfer, map[string]any{"status": "cancelled"}),
		"delete":             s.Call("DELETE", s.URL+job, transfer, nil),
		"expand":             s.Call("GET", s.URL+job+"?expand=user", read, nil),
		"cancel everything":  s.Call("POST", s.URL+"/api/queue/cancel", transfer, map[string]any{}),
		"batch":              s.Call("POST", s.URL+"/api/batch", transfer, map[string]any{"requests": []map[string]any{{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{"kind": "fathom.sync"}}}}),
		"subscribe":          s.Call("POST", s.URL+"/api/realtime", read, map[string]any{}),
		"session":            s.Call("POST", s.URL+"/api/session", transfer, nil),
		"refresh":            s.Call("POST", s.URL+"/api/collections/users/auth-refresh", transfer, nil),
		"another token":      s.Call("POST", s.URL+"/api/tokens", transfer, map[string]any{}),
		"encoded slash":      s.Call("GET", s.URL+"/api/collections/global_queue%2frecords", read, nil),
		"another case":       s.Call("GET", s.URL+"/api/collections/Global_Queue/records", read, nil),
		"the web app":        s.Call("GET", s.URL+"/", read, nil),
		"token in the query": s.Call("GET", s.URL+"/api/queue?token="+read, "", nil),
		"batch override":     callWith(s, "POST", "/api/batch", transfer, "X-HTTP-Method-Override", "GET"),
	} {
		assert.Contains(t, []int{401, 403, 404}, got.Status, "%s: %s", name, got.Raw)
	}
	assert.NotEqual(t, "cancelled", other.Job(othersJob).Text("status"))
	cancelled := s.Call("PATCH", s.URL+job, transfer, map[string]any{"status": "cancelled"})
	assert.Equal(t, "cancelled", cancelled.Text("status"), cancelled.Raw)
	again := create(transfer, "recording.transfer", map[string]any{"recording_id": 1001})
	selected := s.Call("POST", s.URL+"/api/queue/cancel", transfer, map[string]any{"kind": "recording.transfer"})
	assert.Equal(t, 200, selected.Status, selected.Raw)
	assert.Equal(t, "cancelled", p.Job(again.Text("id")).Text("status"))
	assert.NotContains(t, s.Log.String(), read[12:20])
}

// callWith sends an empty JSON object with a header.
func callWith(s *apptest.Server, method, path, token, header, value string) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest(method, s.URL+path, strings.NewReader("{}"))
	require.NoError(s.T, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	request.Header.Set(header, value)
	return s.Do(request)
}
