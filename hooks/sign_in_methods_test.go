package hooks_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// identityProvider is an OpenID Connect provider that knows one person.
func identityProvider(t *testing.T, email string) *httptest.Server {
	t.Helper()
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answers := map[string]map[string]any{
			"/token": {"access_token": "access", "token_type": "Bearer", "expires_in": 3600},
			"/user":  {"sub": "person-1", "email": email, "email_verified": true, "name": "Ada"},
		}
		assert.NoError(t, json.NewEncoder(w).Encode(answers[r.URL.Path]))
	}))
	t.Cleanup(provider.Close)
	return provider
}

func TestSigningInWithOAuth2Provisions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	provider := identityProvider(t, "ada@example.com")
	users, err := s.app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OAuth2.Enabled = true
	users.OAuth2.Providers = []core.OAuth2ProviderConfig{{
		Name: "oidc", ClientId: "id", ClientSecret: "secret",
		AuthURL: provider.URL + "/auth", TokenURL: provider.URL + "/token", UserInfoURL: provider.URL + "/user",
	}}
	require.NoError(t, s.app.Save(users))

	sign := func() answer {
		return s.call(http.MethodPost, s.url+"/api/collections/users/auth-with-oauth2", "", map[string]any{
			"provider": "oidc", "code": "code", "codeVerifier": "verifier", "redirectURL": s.url + "/api/oauth2-redirect"})
	}
	first := sign()
	require.Equal(t, 200, first.Status, first.Raw)
	assert.Equal(t, "ada", first.text("meta.database.name")[len("2006-01-02-001-"):])
	assert.Equal(t, true, first.get("meta.isNew"), "what OAuth2 itself has to say is kept")
	assert.Equal(t, "Ada", first.text("meta.name"))
	p := person{server: s, db: first.text("meta.database.url"), session: first.text("meta.database.token")}
	assert.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, first.text("meta.database.name"), sign().text("meta.database.name"))
}

func TestSigningInWithAOneTimePasswordProvisions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	require.Equal(t, 200, s.register("ada@example.com").Status)
	users, err := s.app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OTP.Enabled = true
	require.NoError(t, s.app.Save(users))
	user, err := s.app.FindAuthRecordByEmail("users", "ada@example.com")
	require.NoError(t, err)
	otp := core.NewOTP(s.app)
	otp.SetCollectionRef(users.Id)
	otp.SetRecordRef(user.Id)
	otp.SetPassword("12345678")
	require.NoError(t, s.app.Save(otp))

	auth := s.call(http.MethodPost, s.url+"/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp.Id, "password": "12345678"})
	require.Equal(t, 200, auth.Status, auth.Raw)
	assert.NotEmpty(t, auth.text("meta.database.token"))
}

func TestOAuth2FollowsTheSettings(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"GOOGLE_CLIENT_ID=id", "GOOGLE_CLIENT_SECRET=hidden-secret", "GITHUB_CLIENT_ID=id", "GITHUB_CLIENT_SECRET=hidden-secret"}})
	methods := s.call(http.MethodGet, s.url+"/api/collections/users/auth-methods", "", nil)
	assert.Equal(t, true, methods.get("oauth2.enabled"))
	assert.Len(t, methods.get("oauth2.providers"), 2)
	assert.NotContains(t, methods.Raw, "hidden-secret")
	require.NoError(t, s.stop())

	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.Equal(t, false, next.call(http.MethodGet, next.url+"/api/collections/users/auth-methods", "", nil).get("oauth2.enabled"))
}

func TestTheSuperuserFollowsTheSettings(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	token := s.superuser()
	settings := s.call(http.MethodGet, s.url+"/api/settings", token, nil)
	assert.Equal(t, s.url, settings.text("meta.appURL"))
	ui := s.call(http.MethodGet, s.url+"/_/", "", nil)
	assert.Equal(t, 200, ui.Status)
	assert.Contains(t, ui.Raw, "<html")
	require.NoError(t, s.stop())

	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.Equal(t, 200, next.call(http.MethodGet, next.url+"/api/settings", token, nil).Status, "a restart ends no superuser's session")
}

func TestTheWebAppIsServed(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	page := s.call(http.MethodGet, s.url+"/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Type"), "text/html")
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	request, err := http.NewRequest(http.MethodGet, s.url+"/src/main.js", nil)
	require.NoError(t, err)
	script := s.do(request)
	assert.Contains(t, script.Header.Get("Content-Type"), "javascript")
	request.Header.Set("If-None-Match", script.Header.Get("ETag"))
	assert.Equal(t, 304, s.do(request).Status)
	for _, missing := range []string{"/src/missing.js", "/pb_public.go", "/src"} {
		assert.Equal(t, 404, s.call(http.MethodGet, s.url+missing, "", nil).Status, missing)
	}
	about := s.call(http.MethodGet, s.url+"/api/app", "", nil)
	assert.Equal(t, s.sim.LoomURL()+"/looms/videos", about.text("loom_upload_url"))
}
