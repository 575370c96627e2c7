package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
)

func TestSignInRefreshAndRevocation(t *testing.T) {
	f := newFakeServer(t)
	client, server, registration := signedIn(t, f)
	assert.Equal(t, f.URL+"/v2/mcp", server.Resource, "without the query")
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(f.bodies[len(f.bodies)-1]), &body))
	assert.Equal(t, map[string]any{
		"client_name": "Fathom-to-Loom", "redirect_uris": []any{redirectURI}, "grant_types": []any{"authorization_code", "refresh_token"},
		"response_types": []any{"code"}, "token_endpoint_auth_method": "none",
	}, body)

	address, pending, err := client.Begin(server, registration)
	require.NoError(t, err)
	u, err := url.Parse(address)
	require.NoError(t, err)
	challenge := sha256.Sum256([]byte(pending.Verifier))
	assert.Equal(t, "/authorize", u.Path)
	assert.Equal(t, url.Values{
		"audience": {"x"}, "response_type": {"code"}, "client_id": {"client-1"}, "redirect_uri": {redirectURI}, "state": {pending.State},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"}, "resource": {server.Resource},
		"prompt": {"consent"}, "scope": {"read:me offline_access read:loom:agent-interface write:loom:agent-interface"},
	}, u.Query())
	assert.True(t, pending.Matches(u.Query().Get("state")))
	assert.False(t, pending.Matches(""))
	assert.False(t, oauth.Pending{}.Matches(""))

	token, err := client.Exchange(t.Context(), server, registration, pending, "code-1")
	require.NoError(t, err)
	assert.Equal(t, oauth.Token{Access: "access-of-refresh-11", Refresh: "refresh-11", Expires: now.Add(8 * time.Hour), Scope: "read:me"}, token)
	f.mu.Lock()
	f.refresh = token.Refresh
	f.mu.Unlock()

	renewed, err := client.Refresh(t.Context(), server, registration, token.Refresh)
	require.NoError(t, err)
	assert.Equal(t, "refresh-111", renewed.Refresh)
	_, err = client.Refresh(t.Context(), server, registration, token.Refresh)
	failed := failure(t, err)
	assert.Equal(t, oauth.KindDead, failed.Kind, "a refresh token is valid once")
	assert.False(t, failed.Temporary())
	assert.Equal(t, "invalid_grant", failed.Code)
	assert.Equal(t, "Unknown or invalid refresh token [redacted]", failed.Message)
	for _, r := range f.received("/oauth/token") {
		assert.Equal(t, server.Resource, r.Form.Get("resource"))
		assert.False(t, r.Form.Has("client_secret"))
	}

	require.NoError(t, client.Revoke(t.Context(), server, registration, renewed))
	revoked := f.received("/oauth/revoke")
	require.Len(t, revoked, 2)
	assert.Equal(t, url.Values{"token": {renewed.Refresh}, "token_type_hint": {"refresh_token"}, "client_id": {"client-1"}}, revoked[0].Form)
	assert.Equal(t, url.Values{"token": {renewed.Access}, "token_type_hint": {"access_token"}, "client_id": {"client-1"}}, revoked[1].Form)
}

func TestSecretsOfRegistrationsAreSent(t *testing.T) {
	for method, check := range map[string]func(r *http.Request){
		"none":               func(r *http.Request) { assert.Equal(t, "s+e/c:ret", r.Form.Get("client_secret")) },
		"client_secret_post": func(r *http.Request) { assert.Equal(t, "s+e/c:ret", r.Form.Get("client_secret")) },
		"client_secret_basic": func(r *http.Request) {
			user, password, ok := r.BasicAuth()
			assert.True(t, ok)
			assert.Equal(t, "client-1", user)
			assert.Equal(t, url.QueryEscape("s+e/c:ret"), password)
			assert.False(t, r.Form.Has("client_secret"))
		},
	} {
		f := newFakeServer(t)
		f.on(issuerPath+"/dcr/register", respond(201, map[string]any{
			"client_id": "client-1", "client_secret": "s+e/c:ret", "token_endpoint_auth_method": method, "client_secret_expires_at": now.Add(time.Hour).Unix(),
		}))
		f.on("/oauth/token", respond(200, map[string]any{"access_token": "a", "token_type": "Bearer"}))
		client, server, registration := signedIn(t, f)
		token, err := client.Refresh(t.Context(), server, registration, "old")
		require.NoError(t, err)
		assert.Equal(t, oauth.Token{Access: "a", Refresh: "old"}, token, "not replaced, expiry unknown")
		check(f.received("/oauth/token")[0])

		assert.True(t, registration.Fits(server, redirectURI, now))
		assert.False(t, registration.Fits(server, redirectURI, now.Add(time.Hour)), "the secret has expired")
		assert.False(t, registration.Fits(server, redirectURI+"/", now))
		assert.False(t, registration.Fits(oauth.Server{Issuer: "https://other.example.com"}, redirectURI, now))
		assert.False(t, oauth.Registration{}.Fits(oauth.Server{}, "", now))
	}
}

func TestScopesAreASetting(t *testing.T) {
	f := newFakeServer(t)
	all := "read:me offline_access read:loom:agent-interface write:loom:agent-interface read:jira"
	for setting, want := range map[string]string{
		"": "read:me offline_access read:loom:agent-interface write:loom:agent-interface", "all": all, "none": "", " a, b:c  d": "a b:c d",
	} {
		client := newClient(t, f, func(cfg *oauth.Config) { cfg.Scopes = setting })
		server, err := client.Discover(t.Context())
		require.NoError(t, err)
		address, _, err := client.Begin(server, oauth.Registration{ClientID: "c", RedirectURI: redirectURI})
		require.NoError(t, err)
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, want, u.Query().Get("scope"), setting)
		assert.Equal(t, want != "", u.Query().Has("scope"), setting)
		server.Scopes = nil
		if setting == "" {
			address, _, err = client.Begin(server, oauth.Registration{})
			require.NoError(t, err)
			assert.Contains(t, address, url.QueryEscape(oauth.DefaultScopes), "nothing is advertised")
		}
	}
}

func TestSecretsPrintAsRedactedButAreStored(t *testing.T) {
	token := oauth.Token{Access: "topsecret", Refresh: "topsecret", Expires: now}
	registration := oauth.Registration{ClientID: "c", ClientSecret: "topsecret", RedirectURI: redirectURI}
	pending := oauth.Pending{State: "topsecret", Verifier: "topsecret"}
	for _, value := range []any{token, &token, registration, pending, []oauth.Token{token}, struct{ T oauth.Token }{token}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, value), "topsecret")
			assert.NotContains(t, fmt.Sprintf(verb, value), "746f70736563726574")
		}
	}
	assert.Equal(t, "[redacted]", token.LogValue().String())
	assert.Equal(t, "[redacted]", pending.String())
	stored, err := json.Marshal(struct {
		T oauth.Token
		R oauth.Registration
		P oauth.Pending
	}{token, registration, pending})
	require.NoError(t, err)
	var read struct {
		T oauth.Token
		R oauth.Registration
		P oauth.Pending
	}
	require.NoError(t, json.Unmarshal(stored, &read))
	assert.Equal(t, token, read.T)
	assert.Equal(t, registration, read.R)
	assert.Equal(t, pending, read.P)
}

func TestRegistrationFailures(t *testing.T) {
	f := newFakeServer(t)
	client, server, _ := signedIn(t, f)
	for redirect, kind := range map[string]oauth.Kind{
		"http://192.168.1.5/cb": oauth.KindUnsupported, "javascript:alert(1)": oauth.KindUnsupported, "https://loom.example.com/cb": "",
	} {
		_, err := client.Register(t.Context(), server, redirect)
		if kind == "" {
			assert.NoError(t, err, redirect)
		} else {
			assert.Equal(t, kind, failure(t, err).Kind, redirect)
		}
	}
	f.on(issuerPath+"/dcr/register", respond(201, `{}`))
	_, err := client.Register(t.Context(), server, redirectURI)
	assert.Equal(t, oauth.KindProtocol, failure(t, err).Kind)
	f.on(issuerPath+"/dcr/register", respond(400, `{"error":"invalid_redirect_uri","error_description":"Your admin has blocked this domain"}`))
	_, err = client.Register(t.Context(), server, redirectURI)
	failed := failure(t, err)
	assert.Equal(t, oauth.KindRefused, failed.Kind)
	assert.Equal(t, "invalid_redirect_uri", failed.Code)
	assert.Equal(t, "Your admin has blocked this domain", failed.Message)
	server.RegisterURL = ""
	_, err = client.Register(t.Context(), server, redirectURI)
	assert.Equal(t, oauth.KindUnsupported, failure(t, err).Kind)
}

// A server that was stored may have been stored by an attacker, or under other settings.
func TestStoredServersAreCheckedAgain(t *testing.T) {
	f := newFakeServer(t)
	client, server, registration := signedIn(t, f)
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { assert.Fail(t, "must not be called") }))
	defer other.Close()
	foreign := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	server.TokenURL, server.RevokeURL, server.RegisterURL, server.AuthorizeURL = foreign, foreign, foreign, foreign
	_, err := client.Exchange(t.Context(), server, registration, oauth.Pending{}, "code-1")
	assert.Equal(t, oauth.KindProtocol, failure(t, err).Kind)
	_, err = client.Refresh(t.Context(), server, registration, "refresh-1")
	assert.Equal(t, oauth.KindProtocol, failure(t, err).Kind)
	_, err = client.Register(t.Context(), server, redirectURI)
	assert.Equal(t, oauth.KindProtocol, failure(t, err).Kind)
	_, _, err = client.Begin(server, registration)
	assert.Equal(t, oauth.KindProtocol, failure(t, err).Kind)
	assert.Equal(t, oauth.KindProtocol, failure(t, client.Revoke(t.Context(), server, registration, oauth.Token{Refresh: "r"})).Kind)
}
