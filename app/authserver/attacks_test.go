package authserver_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// Until a request proves where its assistant is, nobody is sent anywhere.
func TestRequestsWithoutAValidClientAreOnlyShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	registered, err := h.Register(authserver.Metadata{RedirectURIs: []string{callback}})
	require.NoError(t, err)
	forged := registered.ClientID[:len(registered.ClientID)-4] + "AAAA"
	for name, changes := range map[string][]string{
		"no client":                {"client_id", "-"},
		"client over http":         {"client_id", strings.Replace(h.clientID(), "https:", "http:", 1)},
		"client is no URL":         {"client_id", "assistant"},
		"client with a fragment":   {"client_id", h.clientID() + "#x"},
		"client of a file":         {"client_id", "file:///etc/passwd"},
		"other registration":       {"client_id", forged},
		"unsigned registration":    {"client_id", "f2l-client-eyJyIjpbXX0"},
		"no redirect":              {"redirect_uri", "-"},
		"foreign redirect":         {"redirect_uri", "https://evil.example.com/callback"},
		"redirect with a suffix":   {"redirect_uri", callback + "/x"},
		"redirect with a query":    {"redirect_uri", callback + "?x=1"},
		"redirect with a fragment": {"redirect_uri", callback + "#x"},
		"redirect with a user":     {"redirect_uri", "https://assistant.example.com@evil.example.com/callback"},
		"redirect over http":       {"redirect_uri", strings.Replace(callback, "https:", "http:", 1)},
		"redirect to a script":     {"redirect_uri", "javascript:alert(1)"},
		"redirect to a port":       {"redirect_uri", "https://assistant.example.com:8443/callback"},
	} {
		_, err := h.ask(h.request(append(changes, "scope", "admin")...)) // an error that others would redirect with
		shown(t, err)
		assert.NotEmpty(t, err.Error(), name)
	}
	for _, query := range []string{"%", "a;b", h.request().Encode() + "&redirect_uri=https%3A%2F%2Fevil.example.com%2F", h.request().Encode() + "&client_id=x"} {
		_, err := h.Ask(t.Context(), h.user.Id, query)
		shown(t, err)
	}
}

// Even then it is the person who returns, so that a link to this server leads nowhere else.
func TestInvalidRequestsAreShownWithAWayBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		changes []string
		code    string
	}{
		"no PKCE":            {[]string{"code_challenge", "-", "code_challenge_method", "-"}, "invalid_request"},
		"PKCE without S256":  {[]string{"code_challenge_method", "-"}, "invalid_request"},
		"plain PKCE":         {[]string{"code_challenge", verifier, "code_challenge_method", "plain"}, "invalid_request"},
		"short challenge":    {[]string{"code_challenge", "abc"}, "invalid_request"},
		"implicit flow":      {[]string{"response_type", "token"}, "unsupported_response_type"},
		"no flow":            {[]string{"response_type", "-"}, "unsupported_response_type"},
		"fragment response":  {[]string{"response_mode", "fragment"}, "invalid_request"},
		"request object":     {[]string{"request_uri", "https://evil.example.com/"}, "invalid_request"},
		"no resource":        {[]string{"resource", "-"}, "invalid_target"},
		"foreign resource":   {[]string{"resource", "https://other.example.com/mcp"}, "invalid_target"},
		"wider resource":     {[]string{"resource", baseURL}, "invalid_target"},
		"other scope":        {[]string{"scope", "transfer"}, "invalid_scope"},
		"wider scope":        {[]string{"scope", "read transfer"}, "invalid_scope"},
		"scope of a PAT":     {[]string{"scope", "read share"}, "invalid_scope"},
		"large state":        {[]string{"state", strings.Repeat("x", 2001)}, "invalid_request"},
		"state as a header":  {[]string{"scope", "x", "state", "a\r\nSet-Cookie: x=y"}, "invalid_scope"},
		"state as parameter": {[]string{"scope", "x", "state", "x&code=stolen"}, "invalid_scope"},
	} {
		request := h.request(test.changes...)
		_, err := h.ask(request)
		page := &authserver.PageError{}
		require.ErrorAs(t, err, &page, name)
		assert.True(t, strings.HasPrefix(page.ReturnURL, callback+"?"), name)
		assert.Contains(t, page.ReturnURL, "error="+test.code, name)
		assert.Contains(t, page.ReturnURL, "iss=", name)
		assert.NotContains(t, page.ReturnURL, "\r\n", name)
		assert.NotContains(t, page.ReturnURL, "&code=", name)
	}
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	const isJSON = "application/json"
	for name, change := range map[string]func(h *harness){
		"other client_id": func(h *harness) { h.describe("client_id", "https://claude.ai/client.json") },
		"no client_id":    func(h *harness) { h.describe("client_id", nil) },
		"no redirects":    func(h *harness) { h.describe("redirect_uris", []string{}) },
		"http redirect":   func(h *harness) { h.describe("redirect_uris", []string{callback, "http://evil.example.com/"}) },
		"secret":          func(h *harness) { h.describe("token_endpoint_auth_method", "client_secret_post") },
		"key":             func(h *harness) { h.describe("token_endpoint_auth_method", "private_key_jwt") },
		"other grant":     func(h *harness) { h.describe("grant_types", []string{"client_credentials"}) },
		"other response":  func(h *harness) { h.describe("response_types", []string{"token"}) },
		"large":           func(h *harness) { h.describe("x", strings.Repeat("x", 40<<10)) },
		"page":            func(h *harness) { h.describe("x", 1, "Content-Type", "text/html") },
		"no type":         func(h *harness) { h.describe("x", 1, "Content-Type", "") },
		"list":            func(h *harness) { h.answer(respond(200, "[]", "Content-Type", isJSON)) },
		"no JSON":         func(h *harness) { h.answer(respond(200, "client_id", "Content-Type", isJSON)) },
		"not found":       func(h *harness) { h.answer(respond(404, `{}`, "Content-Type", isJSON)) },
		"redirect":        func(h *harness) { h.answer(respond(302, "", "Location", "/other.json")) },
		"large header": func(h *harness) {
			h.describe("x", 1, "X-Large", strings.Repeat("x", 200<<10))
		},
		"endless": func(h *harness) {
			h.answer(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", isJSON)
				for r.Context().Err() == nil {
					if _, err := w.Write([]byte(strings.Repeat(" ", 1<<16))); err != nil {
						return
					}
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			change(h)
			_, err := h.ask(h.request())
			shown(t, err)
			assert.EqualValues(t, 1, h.requests.Load())
			assert.Contains(t, h.log.String(), "failed to read the description of an assistant")
		})
	}
}

func TestSlowDocumentEndsInSeconds(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.answer(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	began := time.Now()
	_, err := h.ask(h.request())
	shown(t, err)
	assert.Less(t, time.Since(began), 20*time.Second)
}

func TestDocumentsInTheNetworkOfTheServerAreNotFetched(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	for _, link := range []string{
		h.clientID(), strings.Replace(h.clientID(), "127.0.0.1", "localhost", 1), "https://[::1]:1/client.json", "https://10.0.0.1/client.json", "https://192.168.1.1/client.json",
		"https://169.254.169.254/latest/meta-data", "https://[::ffff:169.254.169.254]/latest", "https://100.100.100.200/latest", "https://0.0.0.0/client.json", "https://2130706433/client.json",
	} {
		_, err := h.ask(h.request("client_id", link))
		shown(t, err)
		assert.NotContains(t, err.(*authserver.PageError).Message, "private", "the person doesn't learn what the name resolves to")
	}
	assert.Zero(t, h.requests.Load())
}

func TestFetchesForOnePersonAreLimited(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.answer(respond(500, ""))
	for range 50 {
		_, err := h.ask(h.request())
		require.Error(t, err)
	}
	assert.EqualValues(t, 10, h.requests.Load())
	_, err := h.ask(h.request())
	require.ErrorAs(t, err, new(*authserver.RateError))
}

func TestCodesAreBoundToTheirRequest(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other, err := h.Register(authserver.Metadata{RedirectURIs: []string{callback}})
	require.NoError(t, err)
	for name, test := range map[string]struct {
		changes []string
		code    string
	}{
		"no code":            {[]string{"code", "-"}, "invalid_grant"},
		"unknown code":       {[]string{"code", "x"}, "invalid_grant"},
		"other client":       {[]string{"client_id", other.ClientID}, "invalid_grant"},
		"no client":          {[]string{"client_id", "-"}, "invalid_request"},
		"other redirect":     {[]string{"redirect_uri", "http://127.0.0.1/callback"}, "invalid_grant"},
		"no redirect":        {[]string{"redirect_uri", "-"}, "invalid_grant"},
		"wrong verifier":     {[]string{"code_verifier", strings.Repeat("x", 43)}, "invalid_grant"},
		"no verifier":        {[]string{"code_verifier", "-"}, "invalid_grant"},
		"challenge instead":  {[]string{"code_verifier", challenge(verifier)}, "invalid_grant"},
		"foreign resource":   {[]string{"resource", "https://other.example.com/mcp"}, "invalid_target"},
		"wider scope":        {[]string{"scope", "read transfer"}, "invalid_scope"},
		"secret":             {[]string{"client_secret", "x"}, "invalid_client"},
		"assertion":          {[]string{"client_assertion", "x"}, "invalid_client"},
		"other grant":        {[]string{"grant_type", "password"}, "unsupported_grant_type"},
		"client credentials": {[]string{"grant_type", "client_credentials"}, "unsupported_grant_type"},
	} {
		h.now = h.now.Add(time.Minute) // below the limit on decisions
		code := h.code()
		_, err := h.exchange(code, test.changes...)
		refused(t, err, test.code)
		if test.code == "invalid_grant" && name != "no code" && name != "unknown code" {
			_, err = h.exchange(code)
			refused(t, err, "invalid_grant") // a code that somebody else has tried is lost
		}
	}
	assert.Zero(t, h.grants())
	code := h.code()
	_, err = h.Token(t.Context(), map[string][]string{"grant_type": {"authorization_code"}, "client_id": {h.clientID()}, "code": {code, code}})
	refused(t, err, "invalid_request")
	h.now = h.now.Add(time.Minute + time.Second)
	_, err = h.exchange(code)
	refused(t, err, "invalid_grant")
}

func TestReusedCodeRevokesWhatItIssued(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other, err := h.exchange(h.code())
	require.NoError(t, err)
	code := h.code()
	grant, err := h.exchange(code)
	require.NoError(t, err)
	next, err := h.refresh(grant.Refresh.Reveal())
	require.NoError(t, err)
	h.now = h.now.Add(30 * time.Minute)
	_, err = h.exchange(code, "code_verifier", strings.Repeat("x", 43))
	refused(t, err, "invalid_grant")
	assert.False(t, h.isValid(next.Access))
	_, err = h.refresh(next.Refresh.Reveal())
	refused(t, err, "invalid_grant")
	assert.True(t, h.isValid(other.Access))
}

func TestRefreshTokensAreBoundToTheirClient(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	grant, err := h.exchange(h.code())
	require.NoError(t, err)
	token := grant.Refresh.Reveal()
	for name, test := range map[string]struct {
		changes []string
		code    string
	}{
		"other client":     {[]string{"client_id", "https://other.example.com/client.json"}, "invalid_grant"},
		"no client":        {[]string{"client_id", "-"}, "invalid_request"},
		"no token":         {[]string{"refresh_token", "-"}, "invalid_grant"},
		"access token":     {[]string{"refresh_token", grant.Access.Reveal()}, "invalid_grant"},
		"foreign resource": {[]string{"resource", "https://other.example.com/"}, "invalid_target"},
		"wider scope":      {[]string{"scope", "read share"}, "invalid_scope"},
	} {
		_, err := h.refresh(token, test.changes...)
		refused(t, err, test.code)
		assert.True(t, h.isValid(grant.Access), name)
	}
	next, err := h.refresh(token)
	require.NoError(t, err)
	_, err = h.refresh(token)
	refused(t, err, "invalid_grant")
	assert.False(t, h.isValid(next.Access), "a reused token revokes the grant")
	assert.Zero(t, h.grants())
}

func TestDecisionsAreBoundToThePerson(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	question, err := h.ask(h.request())
	require.NoError(t, err)
	h.describe("redirect_uris", []string{"https://evil.example.com/"})
	mallory := dbtest.NewUser(t, h.app, "mallory@example.com")
	_, err = h.Decide(t.Context(), mallory, question.Decision, true, audit.Actor{})
	shown(t, err)
	for _, decision := range []string{"", "x", question.Decision[1:], question.Decision + "A", strings.ToUpper(question.Decision)} {
		_, err = h.decide(decision, true)
		shown(t, err)
	}
	registered, err := h.Register(authserver.Metadata{RedirectURIs: []string{callback}})
	require.NoError(t, err)
	_, err = h.decide(strings.TrimPrefix(registered.ClientID, "f2l-client-"), true)
	shown(t, err) // a registration is no decision
	_, err = h.ask(h.request("client_id", "f2l-client-"+question.Decision))
	shown(t, err) // and the reverse
	h.now = h.now.Add(10*time.Minute + time.Second)
	_, err = h.decide(question.Decision, true)
	shown(t, err)
}

func TestSessionsThatEndTakeTheirCodesWithThem(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	code := h.code()
	h.user.RefreshTokenKey()
	require.NoError(t, h.app.Save(h.user))
	_, err := h.exchange(code)
	refused(t, err, "invalid_grant")
	code = h.code()
	require.NoError(t, h.app.Delete(h.user))
	_, err = h.exchange(code)
	refused(t, err, "invalid_grant")
}

func TestRevokedTokensEndTheirGrant(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	grant, err := h.exchange(h.code())
	require.NoError(t, err)
	token := grant.Access.Reveal()
	refused(t, h.Revoke(t.Context(), map[string][]string{"token": {token}}), "invalid_request")
	refused(t, h.Revoke(t.Context(), map[string][]string{"client_id": {h.clientID()}}), "invalid_request")
	require.NoError(t, h.Revoke(t.Context(), map[string][]string{"client_id": {"https://other.example.com/x"}, "token": {token}}))
	require.NoError(t, h.Revoke(t.Context(), map[string][]string{"client_id": {h.clientID()}, "token": {"unknown"}}))
	assert.True(t, h.isValid(grant.Access))
	require.NoError(t, h.Revoke(t.Context(), map[string][]string{"client_id": {h.clientID()}, "token": {token}}))
	assert.False(t, h.isValid(grant.Access))
}

func TestRegistrationsAreChecked(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	valid := []string{callback}
	for name, test := range map[string]struct {
		metadata authserver.Metadata
		code     string
	}{
		"no redirect":       {authserver.Metadata{}, "invalid_redirect_uri"},
		"http redirect":     {authserver.Metadata{RedirectURIs: []string{"http://evil.example.com/"}}, "invalid_redirect_uri"},
		"custom scheme":     {authserver.Metadata{RedirectURIs: []string{"assistant://callback"}}, "invalid_redirect_uri"},
		"many redirects":    {authserver.Metadata{RedirectURIs: strings.Split(strings.Repeat(callback+" ", 11), " ")[:11]}, "invalid_redirect_uri"},
		"long redirects":    {authserver.Metadata{RedirectURIs: strings.Split(strings.Repeat(callback+"/"+strings.Repeat("x", 400)+" ", 9), " ")[:9]}, "invalid_client_metadata"},
		"client with a key": {authserver.Metadata{RedirectURIs: valid, AuthMethod: "private_key_jwt"}, "invalid_client_metadata"},
		"other grant":       {authserver.Metadata{RedirectURIs: valid, GrantTypes: []string{"implicit"}}, "invalid_client_metadata"},
	} {
		_, err := h.Register(test.metadata)
		require.Error(t, err, name)
		refused(t, err, test.code)
	}
}
