package hooks_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const (
	oauthCallback = "http://127.0.0.1:50123/callback"
	oauthVerifier = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
)

// oauthClient is a program that asks for access.
type oauthClient struct {
	*apptest.Server
	clientID, redirect string
}

func startOAuth(t *testing.T, settings ...string) *apptest.Server {
	t.Helper()
	return apptest.Start(t, apptest.Options{Settings: append([]string{"MCP_OAUTH=on"}, settings...)})
}

func registerAssistant(s *apptest.Server) oauthClient {
	s.T.Helper()
	registered := s.Call("POST", s.URL+"/oauth/register", "", map[string]any{"client_name": "Assistant", "redirect_uris": []string{oauthCallback}})
	require.Equal(s.T, 201, registered.Status, registered.Raw)
	return oauthClient{s, registered.Text("client_id"), oauthCallback}
}

// query returns the query of a request for access.
func (a oauthClient) query() string {
	sum := sha256.Sum256([]byte(oauthVerifier))
	return url.Values{
		"response_type": {"code"}, "client_id": {a.clientID}, "redirect_uri": {a.redirect}, "state": {"xyz"}, "resource": {a.App.Config.BaseURL() + "/mcp"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode()
}

// post sends a form to an endpoint for assistants.
func (a oauthClient) post(path string, form url.Values, header ...string) apptest.Answer {
	a.T.Helper()
	request, err := http.NewRequest(http.MethodPost, a.URL+path, strings.NewReader(form.Encode()))
	require.NoError(a.T, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return a.Do(request)
}

// decide has a person decide, and returns where they go.
func (a oauthClient) decide(p apptest.Person, allow bool) url.Values {
	a.T.Helper()
	question := p.Call("POST", p.URL+"/api/oauth/question", p.Token, map[string]any{"query": a.query()})
	require.Equal(a.T, 200, question.Status, question.Raw)
	decided := p.Call("POST", p.URL+"/api/oauth/decision", p.Token, map[string]any{"decision": question.Text("decision"), "allow": allow})
	require.Equal(a.T, 200, decided.Status, decided.Raw)
	redirect, err := url.Parse(decided.Text("redirect"))
	require.NoError(a.T, err)
	require.Equal(a.T, a.redirect, redirect.Scheme+"://"+redirect.Host+redirect.Path)
	return redirect.Query()
}

func (a oauthClient) codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_id": {a.clientID}, "redirect_uri": {a.redirect}, "code_verifier": {oauthVerifier}}
}

func (a oauthClient) refreshForm(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {a.clientID}}
}

// connect returns the tokens that a person allows.
func (a oauthClient) connect(p apptest.Person) apptest.Answer {
	a.T.Helper()
	issued := a.post("/oauth/token", a.codeForm(a.decide(p, true).Get("code")))
	require.Equal(a.T, 200, issued.Status, issued.Raw)
	return issued
}

func TestOAuthIsOffByDefault(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for _, path := range []string{
		"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server",
		"/oauth/authorize?client_id=x",
	} {
		assert.Equal(t, 404, s.Call("GET", s.URL+path, "", nil).Status, path)
	}
	for _, path := range []string{"/oauth/token", "/oauth/register", "/oauth/revoke", "/api/oauth/question", "/api/oauth/decision"} {
		assert.Equal(t, 404, s.Call("POST", s.URL+path, p.Token, map[string]any{}).Status, path)
	}
}

func TestAssistantIsConnectedOverHTTP(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUp("ada@example.com")
	a := registerAssistant(s)

	opened := s.Call("GET", s.URL+"/oauth/authorize?"+a.query(), "", nil)
	assert.Equal(t, 303, opened.Status)
	assert.Equal(t, "/authorize?"+a.query(), opened.Header.Get("Location"))
	page := s.Call("GET", s.URL+"/", "", nil)
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")

	denied := a.decide(p, false)
	assert.Equal(t, "access_denied", denied.Get("error"))
	allowed := a.decide(p, true)
	assert.Equal(t, "xyz", allowed.Get("state"))
	assert.Equal(t, s.URL, allowed.Get("iss"))
	assert.Empty(t, listTokens(p), "nothing is stored before the code is used")
	issued := a.post("/oauth/token", a.codeForm(allowed.Get("code")))
	require.Equal(t, 200, issued.Status, issued.Raw)
	assert.Equal(t, "no-store", issued.Header.Get("Cache-Control"))
	assert.Equal(t, "Bearer", issued.Text("token_type"))
	assert.Equal(t, "read", issued.Text("scope"))
	assert.InDelta(t, 3600, issued.Get("expires_in"), 5)

	list := listTokens(p)
	require.Len(t, list, 1)
	shown := list[0].(map[string]any)
	assert.Equal(t, "Assistant", shown["name"])
	assert.Equal(t, "127.0.0.1", shown["client"])
	for _, secret := range []string{issued.Text("access_token"), issued.Text("refresh_token"), allowed.Get("code")} {
		assert.NotContains(t, s.Log.String(), secret)
	}
	seen := s.Call("GET", s.URL+tokensPath, s.SuperuserToken(), nil)
	require.Len(t, seen.Items(), 1)
	for field := range seen.Items()[0] {
		assert.NotContains(t, field, "hash")
	}

	next := a.post("/oauth/token", a.refreshForm(issued.Text("refresh_token")))
	require.Equal(t, 200, next.Status, next.Raw)
	p.RevokeToken(shown["id"].(string))
	assert.Equal(t, 400, a.post("/oauth/token", a.refreshForm(next.Text("refresh_token"))).Status)
	details := map[string]any{}
	for _, event := range activity(s, p.Token, p.ID) {
		details[event["event"].(string)] = event["detail"]
	}
	assert.Equal(t, "Assistant (127.0.0.1)", details["assistant_connected"])
	assert.Equal(t, "Assistant (127.0.0.1)", details["assistant_disconnected"])
}

func TestTokensOfAssistantsOpenNothingElse(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUpWithMeetings("ada@example.com")
	a := registerAssistant(s)
	issued := a.connect(p)
	access, refresh := issued.Text("access_token"), issued.Text("refresh_token")
	meetings := p.DatabaseURL + "/api/collections/meetings/records"
	for _, request := range []struct{ method, link string }{
		{"GET", s.URL + "/api/queue"},
		{"GET", s.URL + "/api/health"},
		{"GET", s.URL + apptest.JobsPath},
		{"POST", s.URL + apptest.JobsPath},
		{"GET", s.URL + "/api/tokens"},
		{"POST", s.URL + "/api/tokens"},
		{"POST", s.URL + "/api/session"},
		{"POST", s.URL + "/api/oauth/question"},
		{"POST", s.URL + "/api/oauth/decision"},
		{"POST", s.URL + "/api/collections/users/auth-refresh"},
		{"GET", p.DatabaseURL + "/api/health"},
		{"GET", p.DatabaseURL + "/api/search?q=a"},
		{"GET", meetings},
		{"POST", p.DatabaseURL + "/api/transfers"},
	} {
		for _, token := range []string{access, "Bearer " + access} {
			got := s.Call(request.method, request.link, token, nil)
			assert.Equal(t, 403, got.Status, "%s %s: %s", request.method, request.link, got.Raw)
		}
	}
	assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", refresh, nil).Status)
	assert.Equal(t, 401, s.Call("GET", meetings, refresh, nil).Status)
}

// What an assistant may do at /mcp is what any token with the scope read may.
func TestTokensOfAssistantsRead(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUpWithMeetings("ada@example.com")
	issued := registerAssistant(s).connect(p)
	authorization := []string{"Authorization", "Bearer " + issued.Text("access_token")}
	listed := post(s, callList, authorization...)
	require.Equal(t, 200, listed.Status, listed.Raw)
	assert.Contains(t, listed.Raw, "Weekly product sync")
	assert.NotContains(t, post(s, listTools, authorization...).Raw, `"name":"request_transfer"`)
	transfer := strings.Replace(callList, `"list_meetings","arguments":{}`, `"request_transfer","arguments":{"recording_ids":[1001]}`, 1)
	assert.NotContains(t, post(s, transfer, authorization...).Raw, `"isError":false`)
	assert.Empty(t, p.ListOwn("transfers", ""))
	assert.Equal(t, 405, s.Call("GET", s.URL+"/mcp", authorization[1], nil).Status)
	assert.Equal(t, 401, post(s, callList, "Authorization", "Bearer "+issued.Text("refresh_token")).Status)
}

func TestConsentByRole(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	a := registerAssistant(s)
	_, token := p.CreateToken("read", "transfer", "share")
	question := p.Call("POST", s.URL+"/api/oauth/question", p.Token, map[string]any{"query": a.query()})
	require.Equal(t, 200, question.Status, question.Raw)
	body := map[string]any{"query": a.query(), "decision": question.Text("decision"), "allow": true}
	for name, caller := range map[string]struct {
		token  string
		status int
	}{
		"guest": {"", 401}, "session of the database": {p.Session, 401}, "API token": {token, 403}, "superuser": {s.SuperuserToken(), 403},
	} {
		for _, path := range []string{"/api/oauth/question", "/api/oauth/decision"} {
			got := s.Call("POST", s.URL+path, caller.token, body)
			assert.Equal(t, caller.status, got.Status, "%s %s: %s", name, path, got.Raw)
		}
	}
	assert.Equal(t, 400, s.Call("POST", s.URL+"/api/oauth/decision", other.Token, body).Status, "a decision is the person's who was asked")
	assert.Empty(t, listTokens(other))
}

func TestPasswordResetEndsTheAccessOfAssistants(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUp("ada@example.com")
	a := registerAssistant(s)
	issued, pending := a.connect(p), a.decide(p, true)
	reset, err := p.User(p.ID).NewPasswordResetToken()
	require.NoError(t, err)
	got := p.Call("POST", p.URL+"/api/collections/users/confirm-password-reset", "", map[string]any{
		"token": reset, "password": "another-password", "passwordConfirm": "another-password",
	})
	require.Equal(t, 204, got.Status, got.Raw)
	assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", issued.Text("access_token"), nil).Status)
	for name, form := range map[string]url.Values{"refresh": a.refreshForm(issued.Text("refresh_token")), "code": a.codeForm(pending.Get("code"))} {
		refused := a.post("/oauth/token", form)
		assert.Equal(t, 400, refused.Status, name)
		assert.Equal(t, "invalid_grant", refused.Text("error"), name)
	}
}

func TestMalformedOAuthRequests(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUp("ada@example.com")
	a := registerAssistant(s)
	code := a.decide(p, true).Get("code")
	form := a.codeForm(code)

	inJSON := s.Call("POST", s.URL+"/oauth/token", "", map[string]string{"grant_type": "authorization_code", "code": code, "client_id": a.clientID})
	assert.Equal(t, 400, inJSON.Status, inJSON.Raw)
	inQuery := a.post("/oauth/token?"+form.Encode(), url.Values{})
	assert.Equal(t, 400, inQuery.Status, inQuery.Raw)
	withSecret := a.post("/oauth/token", form, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(a.clientID+":secret")))
	assert.Equal(t, 401, withSecret.Status)
	assert.Equal(t, "invalid_client", withSecret.Text("error"))
	assert.Equal(t, 413, a.post("/oauth/token", url.Values{"code": {strings.Repeat("x", 2<<20)}}).Status)
	assert.Equal(t, 400, a.post("/oauth/token", url.Values{"code": {strings.Repeat("x", 100<<10)}}).Status)
	assert.Equal(t, 404, s.Call("GET", s.URL+"/oauth/token?"+form.Encode(), "", nil).Status, "codes in addresses are refused")
	assert.Equal(t, 200, a.post("/oauth/token", form).Status, "none of that has used the code")

	assert.Equal(t, 400, s.Call("POST", s.URL+"/oauth/register", "", []string{}).Status)
	refused := s.Call("POST", s.URL+"/oauth/register", "", map[string]any{"redirect_uris": []string{"http://evil.example.com/"}})
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "invalid_redirect_uri", refused.Text("error"))

	page := p.Call("POST", s.URL+"/api/oauth/question", p.Token, map[string]any{"query": strings.Replace(a.query(), "S256", "plain", 1)})
	assert.Equal(t, 400, page.Status)
	assert.NotEmpty(t, page.Text("message"))
	assert.True(t, strings.HasPrefix(page.Text("return_url"), a.redirect+"?"), page.Raw)
	page = p.Call("POST", s.URL+"/api/oauth/question", p.Token, map[string]any{"query": strings.Replace(a.query(), "50123%2Fcallback", "50123%2Fother", 1)})
	assert.Equal(t, 400, page.Status)
	assert.Empty(t, page.Text("return_url"))
}

func TestRevokedByTheAssistant(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	p := s.SignUp("ada@example.com")
	a := registerAssistant(s)
	issued := a.connect(p)
	_, pat := p.CreateToken("read")
	require.Equal(t, 200, a.post("/oauth/revoke", url.Values{"client_id": {a.clientID}, "token": {pat}}).Status)
	require.Len(t, listTokens(p), 2, "an assistant can't revoke tokens that people create")
	require.Equal(t, 200, a.post("/oauth/revoke", url.Values{"client_id": {a.clientID}, "token": {issued.Text("refresh_token")}}).Status)
	require.Len(t, listTokens(p), 1)
	assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", issued.Text("access_token"), nil).Status)
}

func TestRegistrationFloodStoresNothingAndEnds(t *testing.T) {
	t.Parallel()
	s := startOAuth(t)
	tables := func() (rows map[string]int64) {
		rows = map[string]int64{}
		collections, err := s.App.FindAllCollections()
		require.NoError(t, err)
		for _, collection := range collections {
			rows[collection.Name], err = s.App.CountRecords(collection)
			require.NoError(t, err)
		}
		return rows
	}
	before := tables()
	var refused apptest.Answer
	for range 2 * limit.OAuthRequestBurst {
		refused = s.Call("POST", s.URL+"/oauth/register", "", map[string]any{"redirect_uris": []string{oauthCallback}})
		if refused.Status != 201 {
			break
		}
	}
	assert.Equal(t, 429, refused.Status, refused.Raw)
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	assert.Equal(t, before, tables())
}

func TestMetadataBelowAPath(t *testing.T) {
	t.Parallel()
	s := startOAuth(t, "PUBLIC_URL=https://example.com/f2l")
	for _, path := range []string{"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/f2l"} {
		got := s.Call("GET", s.URL+path, "", nil)
		require.Equal(t, 200, got.Status, path)
		assert.Equal(t, "https://example.com/f2l", got.Text("issuer"))
		assert.Equal(t, "https://example.com/f2l/oauth/authorize", got.Text("authorization_endpoint"))
	}
	for _, path := range []string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource/f2l/mcp"} {
		got := s.Call("GET", s.URL+path, "", nil)
		require.Equal(t, 200, got.Status, path)
		assert.Equal(t, "https://example.com/f2l/mcp", got.Text("resource"))
	}
	for _, path := range []string{"/.well-known/oauth-protected-resource/other", "/.well-known/openid-configuration", "/.well-known/"} {
		assert.Equal(t, 404, s.Call("GET", s.URL+path, "", nil).Status, path)
	}
	assert.Equal(t, "/f2l/authorize?x=1", s.Call("GET", s.URL+"/oauth/authorize?x=1", "", nil).Header.Get("Location"))
}

// The description of an assistant is at an https URL, which the server reads for somebody who is signed in.
func TestDescriptionsAreReadForPeopleWhoAreSignedIn(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	host := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"client_id": "https://" + r.Host + "/client.json", "client_name": "Assistant", "redirect_uris": []string{oauthCallback}})
	}))
	t.Cleanup(host.Close)
	s := apptest.Start(t, apptest.Options{
		Settings: []string{"MCP_OAUTH=on", "OUTBOUND_PRIVATE_RANGES=127.0.0.0/8"},
		Prepare: func(s *apptest.Server) {
			s.App.AssistantsTLS = host.Client().Transport.(*http.Transport).TLSClientConfig
		},
	})
	a := oauthClient{s, host.URL + "/client.json", oauthCallback}
	assert.Equal(t, 303, s.Call("GET", s.URL+"/oauth/authorize?"+a.query(), "", nil).Status)
	assert.Equal(t, 401, s.Call("POST", s.URL+"/api/oauth/question", "", map[string]any{"query": a.query()}).Status)
	assert.Zero(t, requests.Load())
	p := s.SignUp("ada@example.com")
	assert.Equal(t, strings.TrimPrefix(host.URL, "https://"), p.Call("POST", s.URL+"/api/oauth/question", p.Token, map[string]any{"query": a.query()}).Text("host"))
	issued := a.connect(p)
	assert.NotEmpty(t, issued.Text("access_token"))
	assert.EqualValues(t, 1, requests.Load())
}
