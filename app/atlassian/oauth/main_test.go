package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	redirectURI = "http://localhost:8090/atlassian-callback"
	issuerPath  = "/tenant-1234"
)

var now = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

// fakeServer is an MCP server's metadata and an authorization server with a path in its issuer. Its token endpoint
// checks what Atlassian checks.
type fakeServer struct {
	*httptest.Server

	mu       sync.Mutex
	requests []*http.Request // with Form, if it was a form
	bodies   []string
	answers  map[string]http.HandlerFunc // by path; replace the standard answers
	refresh  string                      // the only refresh token that is valid
}

func newFakeServer(t *testing.T) *fakeServer {
	t.Helper()
	f := &fakeServer{answers: map[string]http.HandlerFunc{}, refresh: "refresh-1"}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	f.answers["/.well-known/oauth-protected-resource/v2/mcp"] = respond(200, map[string]any{
		"resource": f.URL + "/v2/mcp", "authorization_servers": []string{f.URL + issuerPath},
		"scopes_supported": []string{"read:me", "offline_access", "read:loom:agent-interface", "write:loom:agent-interface", "read:jira"},
	})
	f.answers["/.well-known/oauth-authorization-server"+issuerPath] = respond(200, f.metadata(nil))
	f.answers[issuerPath+"/dcr/register"] = respond(201, map[string]any{"client_id": "client-1"})
	f.answers["/oauth/token"] = f.token
	f.answers["/oauth/revoke"] = func(http.ResponseWriter, *http.Request) {}
	return f
}

// metadata returns that of the authorization server, with some changes.
func (f *fakeServer) metadata(changes map[string]any) map[string]any {
	metadata := map[string]any{
		"issuer": f.URL + issuerPath, "authorization_endpoint": f.URL + "/authorize?audience=x", "token_endpoint": f.URL + "/oauth/token",
		"registration_endpoint": f.URL + issuerPath + "/dcr/register", "revocation_endpoint": f.URL + "/oauth/revoke",
		"code_challenge_methods_supported": []string{"S256"},
	}
	for key, value := range changes {
		metadata[key] = value
	}
	return metadata
}

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		r.Form, _ = url.ParseQuery(string(body))
	}
	f.mu.Lock()
	f.requests, f.bodies = append(f.requests, r), append(f.bodies, string(body))
	answer := f.answers[r.URL.Path]
	f.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

// token is the token endpoint: a refresh token is valid once.
func (f *fakeServer) token(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	valid := r.Form.Get("resource") == f.URL+"/v2/mcp" && r.Form.Get("client_id") == "client-1"
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		valid = valid && r.Form.Get("code") == "code-1" && r.Form.Get("redirect_uri") == redirectURI && len(r.Form.Get("code_verifier")) >= 43
	case "refresh_token":
		valid = valid && r.Form.Get("refresh_token") == f.refresh
	}
	if !valid {
		respond(400, map[string]any{"error": "invalid_grant", "error_description": "Unknown or invalid refresh token " + r.Form.Get("refresh_token")})(w, r)
		return
	}
	f.refresh += "1"
	respond(200, map[string]any{
		"access_token": "access-of-" + f.refresh, "refresh_token": f.refresh, "token_type": "bearer", "expires_in": "28800", "scope": "read:me",
	})(w, r)
}

// on replaces the answer of a path.
func (f *fakeServer) on(path string, answer http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[path] = answer
}

// received returns the requests for a path.
func (f *fakeServer) received(path string) []*http.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.requests), func(r *http.Request) bool { return r.URL.Path != path })
}

func respond(status int, body any, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		if text, ok := body.(string); ok {
			_, _ = io.WriteString(w, text)
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}
}

func newClient(t *testing.T, f *fakeServer, change func(*oauth.Config)) *oauth.Client {
	t.Helper()
	cfg := oauth.Config{Resource: f.URL + "/v2/mcp?tools=all", HTTP: f.Client(), Now: func() time.Time { return now }}
	if change != nil {
		change(&cfg)
	}
	client, err := oauth.New(cfg)
	require.NoError(t, err)
	return client
}

// signedIn returns a client with what a sign-in has stored.
func signedIn(t *testing.T, f *fakeServer) (*oauth.Client, oauth.Server, oauth.Registration) {
	t.Helper()
	client := newClient(t, f, nil)
	server, err := client.Discover(t.Context())
	require.NoError(t, err)
	registration, err := client.Register(t.Context(), server, redirectURI)
	require.NoError(t, err)
	return client, server, registration
}

func failure(t *testing.T, err error) *oauth.Error {
	t.Helper()
	var failed *oauth.Error
	require.ErrorAs(t, err, &failed)
	assert.NotContains(t, err.Error(), "http://")
	return failed
}
