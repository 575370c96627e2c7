package simulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	verifier = "a-verifier-of-at-least-43-characters-for-the-tests"
	callback = "http://127.0.0.1:8090/atlassian-callback"
)

// oauth is a client of the authorization server, written against RFC 6749, 7591, 7636, 8414 and 9728.
type oauth struct {
	*sim
	resource string
	server   struct {
		Issuer                string
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		TokenEndpoint         string `json:"token_endpoint"`
		RevocationEndpoint    string `json:"revocation_endpoint"`
		RegistrationEndpoint  string `json:"registration_endpoint"`
	}
	id, secret string
}

// tokens is an answer of the token endpoint.
type tokens struct {
	status       int
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string
	Error        string
	Description  string `json:"error_description"`
}

// discover finds the authorization server, starting with the response to a request without credentials.
func (s *sim) discover() *oauth {
	s.t.Helper()
	out := &oauth{sim: s}
	res, err := s.send(http.MethodPost, s.AtlassianURL(), "{}")
	require.NoError(s.t, err)
	_, link, _ := strings.Cut(res.Header.Get("WWW-Authenticate"), `resource_metadata="`)
	var resource struct {
		Resource             string
		AuthorizationServers []string `json:"authorization_servers"`
		ScopesSupported      []string `json:"scopes_supported"`
	}
	s.getURL(strings.TrimSuffix(link, `"`)).decode(s.t, &resource)
	assert.Equal(s.t, s.AtlassianURL(), resource.Resource)
	assert.Len(s.t, resource.ScopesSupported, 38)
	out.resource = resource.Resource
	issuer, err := url.Parse(resource.AuthorizationServers[0])
	require.NoError(s.t, err)
	require.NotEmpty(s.t, strings.Trim(issuer.Path, "/"), "the issuer has a path")
	s.getURL(issuer.Scheme+"://"+issuer.Host+"/.well-known/oauth-authorization-server"+issuer.Path).decode(s.t, &out.server)
	assert.Equal(s.t, issuer.String(), out.server.Issuer)
	return out
}

// register registers a client with this redirect URI.
func (o *oauth) register(redirect string) {
	o.t.Helper()
	body, err := json.Marshal(map[string]any{
		"redirect_uris": []string{redirect}, "client_name": "Fathom-to-Loom", "token_endpoint_auth_method": "none",
	})
	require.NoError(o.t, err)
	res, err := o.send(http.MethodPost, o.server.RegistrationEndpoint, string(body), "Content-Type", "application/json")
	require.NoError(o.t, err)
	require.Equal(o.t, http.StatusCreated, res.StatusCode, "%s", res.body)
	var answer struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	res.decode(o.t, &answer)
	o.id, o.secret = answer.ClientID, answer.ClientSecret
}

// request returns the parameters of an authorization request.
func (o *oauth) request(redirect string) url.Values {
	challenge := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {o.id}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {"st&te"}, "resource": {o.resource},
		"scope":          {"read:me read:account offline_access read:loom:agent-interface write:loom:agent-interface"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"}, "prompt": {"consent"},
	}
}

// consent accepts a request and returns the parameters of the callback.
func (o *oauth) consent(request url.Values) (url.Values, error) {
	link, err := o.Consent(o.t.Context(), o.server.AuthorizationEndpoint+"?"+request.Encode())
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(link)
	require.NoError(o.t, err)
	assert.True(o.t, strings.HasPrefix(link, request.Get("redirect_uri")))
	assert.Equal(o.t, "st&te", u.Query().Get("state"))
	return u.Query(), nil
}

// code returns a new code.
func (o *oauth) code() string {
	o.t.Helper()
	answer, err := o.consent(o.request(callback))
	require.NoError(o.t, err)
	require.NotEmpty(o.t, answer.Get("code"), "%v", answer)
	return answer.Get("code")
}

// post sends a form to the token endpoint.
func (o *oauth) post(form url.Values) (out tokens) {
	o.t.Helper()
	res, err := o.send(http.MethodPost, o.server.TokenEndpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	require.NoError(o.t, err)
	res.decode(o.t, &out)
	out.status = res.StatusCode
	return out
}

func (o *oauth) exchange(code string, change ...string) tokens {
	o.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {o.id}, "code": {code}, "redirect_uri": {callback},
		"code_verifier": {verifier}, "resource": {o.resource},
	}
	if o.secret != "" {
		form.Set("client_secret", o.secret)
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return o.post(form)
}

func (o *oauth) refresh(token string, change ...string) tokens {
	o.t.Helper()
	return o.exchange("", append([]string{"grant_type", "refresh_token", "refresh_token", token}, change...)...)
}

// status returns the status of connecting with an access token.
func (o *oauth) status(access string) int {
	session, err := o.connect("Bearer "+access, true)
	if err == nil {
		assert.Contains(o.t, session.mustCall("listLoomVideos", nil), "videos")
	}
	return session.http.status
}

// signedIn discovers, registers and signs in.
func (s *sim) signedIn() (*oauth, tokens) {
	s.t.Helper()
	o := s.discover()
	o.register(callback)
	t := o.exchange(o.code())
	require.Equal(s.t, http.StatusOK, t.status, "%+v", t)
	return o, t
}

func TestSignInWithOAuth(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Sites: []simulator.AtlassianSite{
		{ID: northwind, Name: "northwind", URL: "https://northwind.atlassian.net"},
		{ID: "11111111-2222-4333-8444-555555555555", Name: "other", URL: "https://other.atlassian.net"},
	}})
	o, first := s.signedIn()
	assert.Empty(t, o.secret)
	assert.Equal(t, int((8 * time.Hour).Seconds()), first.ExpiresIn)
	assert.Contains(t, first.Scope, "write:loom:agent-interface")
	session, err := s.connect("Bearer "+first.AccessToken, true)
	require.NoError(t, err)
	text, err := session.callTool("getAccessibleAtlassianResources", nil)
	require.NoError(t, err)
	assert.Contains(t, text, northwind)
	assert.NotContains(t, text, "11111111", "consent is for one site")
	session.refusedCall("isn't explicitly granted", "listLoomVideos", map[string]any{"cloudId": "other"})

	second := o.refresh(first.RefreshToken)
	require.Equal(t, http.StatusOK, second.status, "%+v", second)
	assert.NotEqual(t, first.RefreshToken, second.RefreshToken)
	assert.Equal(t, http.StatusOK, o.status(second.AccessToken))
	stats := s.AtlassianStats()
	assert.Equal(t, []int{1, 1, 1, 1}, []int{stats.Registrations, stats.Exchanges, stats.Refreshes, stats.Grants})

	s.ExpireAtlassianAccess()
	assert.Equal(t, http.StatusUnauthorized, o.status(second.AccessToken))
	third := o.refresh(second.RefreshToken)
	assert.Equal(t, http.StatusOK, o.status(third.AccessToken))
	s.EndAtlassianGrants()
	assert.Equal(t, http.StatusUnauthorized, o.status(third.AccessToken))
	assert.Equal(t, "invalid_grant", o.refresh(third.RefreshToken).Error)
}

func TestConsentPageHasButtons(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o := s.discover()
	o.register(callback)
	request := o.request(callback)
	page := s.getURL(o.server.AuthorizationEndpoint + "?" + request.Encode())
	assert.Equal(t, http.StatusOK, page.StatusCode)
	for _, text := range []string{"Accept", "Cancel", simulator.DemoAtlassianEmail, `value="st&amp;te"`, "northwind.atlassian.net"} {
		assert.Contains(t, string(page.body), text)
	}
	press := func(decision string) url.Values {
		form := o.request(callback)
		form.Set("decision", decision)
		form.Set("site", northwind)
		res, err := s.send(http.MethodPost, o.server.AuthorizationEndpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		require.NoError(t, err)
		require.Equal(t, http.StatusFound, res.StatusCode)
		u, err := url.Parse(res.Header.Get("Location"))
		require.NoError(t, err)
		return u.Query()
	}
	assert.Equal(t, "access_denied", press("deny").Get("error"))
	assert.Equal(t, http.StatusOK, o.exchange(press("accept").Get("code")).status)
}

func TestAuthorizationRequestsAreChecked(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o := s.discover()
	o.register(callback)
	for name, c := range map[string]struct{ parameter, value, callback, page string }{
		"no PKCE":          {"code_challenge", "", "invalid_request", ""},
		"plain PKCE":       {"code_challenge_method", "plain", "invalid_request", ""},
		"implicit":         {"response_type", "token", "unsupported_response_type", ""},
		"unknown scope":    {"scope", "read:everything", "invalid_scope", ""},
		"no resource":      {"resource", "", "", "Invalid context provided"},
		"unknown client":   {"client_id", "x", "", "unknown client_id"},
		"another redirect": {"redirect_uri", "http://127.0.0.1:9999/", "", "redirect_uri is not registered"},
	} {
		request := o.request(callback)
		request.Set(c.parameter, c.value)
		answer, err := o.consent(request)
		if c.page != "" {
			require.ErrorContains(t, err, c.page, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, c.callback, answer.Get("error"), name)
	}
	request := o.request(callback)
	request.Del("scope")
	answer, err := o.consent(request)
	require.NoError(t, err)
	assert.Contains(t, o.exchange(answer.Get("code")).Scope, "read:jira", "no scope means all")

	_, err = s.Consent(t.Context(), s.URL()+"/elsewhere")
	require.Error(t, err)
	page := s.getURL(o.server.AuthorizationEndpoint + "?client_id=x")
	assert.Equal(t, http.StatusBadRequest, page.StatusCode)
}

func TestConsentCanEndWithoutCallback(t *testing.T) {
	t.Parallel()
	const domain, redirect = "https://loom.example.com", "https://loom.example.com/atlassian-callback"
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o := s.discover()
	o.register(redirect)
	_, err := o.consent(o.request(redirect))
	require.ErrorContains(t, err, "invalid_request", "the domain is not listed")
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.AllowedDomains = []string{domain} })
	_, err = o.consent(o.request(redirect))
	require.NoError(t, err)
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.DomainsBlocked = true })
	_, err = o.consent(o.request(redirect))
	require.ErrorContains(t, err, "blocked this domain")

	o.register(callback)
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ScopesRefused = true })
	_, err = o.consent(o.request(callback))
	require.ErrorContains(t, err, "invalid_request")
	request := o.request(callback)
	request.Del("scope")
	_, err = o.consent(request)
	require.NoError(t, err)
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ConsentRefused = "A site admin must consent first." })
	_, err = o.consent(request)
	require.ErrorContains(t, err, "A site admin")
}

func TestExchangeIsChecked(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, simulator.Config{Meetings: -1, Now: clock.Now, Atlassian: &simulator.AtlassianConfig{}})
	o := s.discover()
	o.register(callback)
	for name, c := range map[string]struct{ parameter, value, err string }{
		"wrong verifier": {"code_verifier", "x", "invalid_grant"},
		"other redirect": {"redirect_uri", "http://127.0.0.1/", "invalid_grant"},
		"no resource":    {"resource", "", "invalid_request"},
		"other client":   {"client_id", "x", "invalid_client"},
		"other grant":    {"grant_type", "password", "unsupported_grant_type"},
	} {
		assert.Equal(t, c.err, o.exchange(o.code(), c.parameter, c.value).Error, name)
	}
	code := o.code()
	assert.Equal(t, http.StatusOK, o.exchange(code).status)
	assert.Equal(t, "invalid_grant", o.exchange(code).Error, "a code can be used once")
	code = o.code()
	clock.Advance(2 * time.Minute)
	assert.Equal(t, "invalid_grant", o.exchange(code).Error, "the code has expired")
}

func TestRefreshTokensAreForOneUse(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, simulator.Config{Meetings: -1, Now: clock.Now, Atlassian: &simulator.AtlassianConfig{}})
	o, first := s.signedIn()
	clock.Advance(9 * time.Hour)
	assert.Equal(t, http.StatusUnauthorized, o.status(first.AccessToken), "access tokens are valid for 8 hours")
	second := o.refresh(first.RefreshToken)
	require.Equal(t, http.StatusOK, second.status)
	assert.Equal(t, "invalid_grant", o.refresh(first.RefreshToken).Error)
	assert.Equal(t, "invalid_grant", o.refresh(second.RefreshToken).Error, "the grant has ended")
	assert.Equal(t, http.StatusUnauthorized, o.status(second.AccessToken))
	assert.Equal(t, 1, s.AtlassianStats().ReusedRefresh)
	assert.Zero(t, s.AtlassianStats().Grants)

	third := o.exchange(o.code())
	wrong := o.refresh(third.RefreshToken, "resource", "")
	require.Equal(t, http.StatusOK, wrong.status)
	assert.Equal(t, http.StatusUnauthorized, o.status(wrong.AccessToken), "without the resource, the token is for another audience")
	mine := o.id
	o.register(callback)
	assert.Equal(t, "invalid_grant", o.refresh(wrong.RefreshToken).Error, "another client_id")
	o.id = mine
	clock.Advance(91 * 24 * time.Hour)
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.DeadRefresh403 = true })
	expired := o.refresh(wrong.RefreshToken)
	assert.Equal(t, http.StatusForbidden, expired.status)
	assert.Equal(t, "unauthorized_client", expired.Error)
}

func TestThereIsNoRefreshTokenWithoutOfflineAccess(t *testing.T) {
	t.Parallel()
	o := startAtlassian(t, simulator.AtlassianConfig{}).discover()
	o.register(callback)
	request := o.request(callback)
	request.Set("scope", "read:loom:agent-interface")
	answer, err := o.consent(request)
	require.NoError(t, err)
	got := o.exchange(answer.Get("code"))
	assert.Empty(t, got.RefreshToken)
	session, err := o.connect("Bearer "+got.AccessToken, true)
	require.NoError(t, err)
	session.refusedCall("requires write:loom:agent-interface", "publishLoomVideo", map[string]any{"videoId": "x"})
}

func TestRegistrationCanReturnASecret(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{Behaviour: simulator.AtlassianBehaviour{ClientSecrets: true}})
	o := s.discover()
	o.register(callback)
	require.NotEmpty(t, o.secret)
	assert.Equal(t, "invalid_client", o.exchange(o.code(), "client_secret", "").Error)
	assert.Equal(t, http.StatusOK, o.exchange(o.code()).status)
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {o.code()}, "redirect_uri": {callback}, "code_verifier": {verifier}, "resource": {o.resource},
	}
	res, err := s.send(http.MethodPost, o.server.TokenEndpoint, form.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Authorization", basic(o.id, o.secret))
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, res.StatusCode)

	for _, body := range []string{"{", `{}`, `{"redirect_uris":["http://loom.example.com/"]}`, `{"redirect_uris":["https://x/#f"]}`} {
		res, err := s.send(http.MethodPost, o.server.RegistrationEndpoint, body)
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, res.StatusCode, body)
	}
}

func TestTokensCanBeRevoked(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o, token := s.signedIn()
	revoke := func(value string) int {
		form := url.Values{"client_id": {o.id}, "token": {value}}
		res, err := s.send(http.MethodPost, o.server.RevocationEndpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		require.NoError(t, err)
		return res.StatusCode
	}
	assert.Equal(t, http.StatusOK, revoke("unknown"))
	assert.Equal(t, http.StatusOK, o.status(token.AccessToken))
	assert.Equal(t, http.StatusOK, revoke(token.RefreshToken))
	assert.Equal(t, http.StatusUnauthorized, o.status(token.AccessToken))
	assert.Equal(t, "invalid_grant", o.refresh(token.RefreshToken).Error)
	assert.Equal(t, 1, s.AtlassianStats().Revocations)
	assert.Zero(t, s.AtlassianStats().Grants)
}

func TestMetadataOfTheOldVersionLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	var old map[string]any
	s.getURL(s.URL()+"/.well-known/oauth-authorization-server").decode(t, &old)
	assert.Equal(t, http.StatusNotFound, s.getURL(old["authorization_endpoint"].(string)).StatusCode)
}
