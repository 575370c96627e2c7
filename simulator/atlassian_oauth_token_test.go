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
