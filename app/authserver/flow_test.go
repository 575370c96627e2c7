package authserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

func TestAssistantGetsAccessAfterConsent(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	question, err := h.ask(h.request())
	require.NoError(t, err)
	assert.Equal(t, "Assistant", question.Name)
	assert.Equal(t, "https://"+question.Host+"/client.json", h.clientID())
	assert.Equal(t, "assistant.example.com", question.RedirectHost)
	assert.False(t, question.IsLocal)
	assert.Equal(t, h.now.Add(90*24*time.Hour), question.Ends)

	answer, err := h.decide(question.Decision, true)
	require.NoError(t, err)
	assert.Equal(t, callback, answer.Scheme+"://"+answer.Host+answer.Path)
	assert.Equal(t, "a state & more", answer.Query().Get("state"))
	assert.Equal(t, baseURL, answer.Query().Get("iss"))
	assert.Zero(t, h.grants(), "nothing is stored before the assistant has used the code")

	grant, err := h.exchange(answer.Query().Get("code"))
	require.NoError(t, err)
	token, err := h.tokens.Verify(t.Context(), grant.Access.Reveal(), "192.0.2.1")
	require.NoError(t, err)
	assert.Equal(t, h.user.Id, token.UserID)
	assert.Equal(t, []tokens.Scope{tokens.Read}, token.Scopes)
	assert.Equal(t, "Assistant", token.Name)
	assert.Equal(t, question.Host, token.Client)

	next, err := h.refresh(grant.Refresh.Reveal())
	require.NoError(t, err)
	assert.False(t, h.isValid(grant.Access))
	assert.True(t, h.isValid(next.Access))
	assert.EqualValues(t, 1, h.grants())
}

func TestDeniedRequestTellsTheAssistant(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	question, err := h.ask(h.request("redirect_uri", "http://127.0.0.1:50123/callback"))
	require.NoError(t, err)
	assert.True(t, question.IsLocal)
	answer, err := h.decide(question.Decision, false)
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:50123", answer.Host)
	assert.Equal(t, "access_denied", answer.Query().Get("error"))
	assert.Equal(t, "a state & more", answer.Query().Get("state"))
	assert.Equal(t, baseURL, answer.Query().Get("iss"))
	assert.False(t, answer.Query().Has("code"))
}

func TestRegistrationStoresNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	metadata := authserver.Metadata{ClientName: "Editor\u202e\n with a name", RedirectURIs: []string{"http://localhost:8080/callback"}, AuthMethod: "none"}
	registered, err := h.Register(metadata)
	require.NoError(t, err)
	assert.Equal(t, "none", registered.AuthMethod)
	for range 1000 {
		_, err := h.Register(metadata)
		require.NoError(t, err)
	}
	assert.Zero(t, h.grants())

	local := "http://localhost:50123/callback"
	question, err := h.ask(h.request("client_id", registered.ClientID, "redirect_uri", local))
	require.NoError(t, err)
	assert.Equal(t, "Editor with a name", question.Name)
	assert.Empty(t, question.Host)
	answer, err := h.decide(question.Decision, true)
	require.NoError(t, err)
	grant, err := h.exchange(answer.Query().Get("code"), "client_id", registered.ClientID, "redirect_uri", local)
	require.NoError(t, err)
	assert.True(t, h.isValid(grant.Access))
	assert.Zero(t, h.requests.Load(), "no document was fetched")
}

func TestRegistrationsSurviveARotationOfTheSecret(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	former, latest := []byte(strings.Repeat("f", 64)), []byte(strings.Repeat("l", 64))
	registered, err := h.newService(outbound.Network{}, former, nil).Register(authserver.Metadata{RedirectURIs: []string{callback}})
	require.NoError(t, err)
	request := h.request("client_id", registered.ClientID).Encode()
	_, err = h.newService(outbound.Network{}, latest, former).Ask(t.Context(), h.user.Id, request)
	require.NoError(t, err)
	_, err = h.newService(outbound.Network{}, latest, nil).Ask(t.Context(), h.user.Id, request)
	shown(t, err)
}

func TestDocumentsAreKeptForAsLongAsTheySay(t *testing.T) {
	t.Parallel()
	for control, kept := range map[string]time.Duration{
		"":                       5 * time.Minute,
		"max-age=600":            10 * time.Minute,
		"private, max-age=60":    time.Minute,
		"max-age=99999999999":    24 * time.Hour,
		"max-age=x":              5 * time.Minute,
		"max-age=-1":             0,
		"no-store":               0,
		"no-cache, max-age=6000": 0,
	} {
		h := newHarness(t)
		h.describe("client_name", "Assistant", "Cache-Control", control)
		_, err := h.ask(h.request())
		require.NoError(t, err)
		h.now = h.now.Add(kept - time.Second)
		_, err = h.ask(h.request())
		require.NoError(t, err)
		expected := 1
		if kept == 0 {
			expected = 2
		}
		assert.EqualValues(t, expected, h.requests.Load(), control)
		h.now = h.now.Add(time.Second)
		_, err = h.ask(h.request())
		require.NoError(t, err)
		assert.EqualValues(t, expected+1, h.requests.Load(), control)
	}
}

func TestMetadataNameTheEndpointsBelowThePublicURL(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	server, resourceMetadata := h.ServerMetadata(), h.ResourceMetadata()
	assert.Equal(t, baseURL, server.Issuer)
	assert.Equal(t, baseURL+"/oauth/token", server.TokenEndpoint)
	assert.Equal(t, []string{"S256"}, server.ChallengeMethods)
	assert.Equal(t, []string{"none"}, server.TokenAuthMethods)
	assert.Equal(t, resource, resourceMetadata.Resource)
	assert.Equal(t, []string{baseURL}, resourceMetadata.Servers)
	assert.Equal(t, baseURL+"/.well-known/oauth-protected-resource/mcp", h.ResourceMetadataURL())
	assert.Contains(t, h.ResourceMetadataPaths(), "/.well-known/oauth-protected-resource/f2l/mcp")
	assert.Contains(t, h.ServerMetadataPaths(), "/.well-known/oauth-authorization-server/f2l")
}
