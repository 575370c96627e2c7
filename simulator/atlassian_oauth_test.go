package simulator_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

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

func TestMetadataOfTheOldVersionLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	var old map[string]any
	s.getURL(s.URL()+"/.well-known/oauth-authorization-server").decode(t, &old)
	assert.Equal(t, http.StatusNotFound, s.getURL(old["authorization_endpoint"].(string)).StatusCode)
}
