package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

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
