package hooks_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
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
	s := apptest.Start(t, apptest.Options{})
	provider := identityProvider(t, "ada@example.com")
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OAuth2.Enabled = true
	users.OAuth2.Providers = []core.OAuth2ProviderConfig{{
		Name: "oidc", ClientId: "id", ClientSecret: "secret",
		AuthURL: provider.URL + "/auth", TokenURL: provider.URL + "/token", UserInfoURL: provider.URL + "/user",
	}}
	require.NoError(t, s.App.Save(users))

	sign := func() apptest.Answer {
		return s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-oauth2", "", map[string]any{
			"provider": "oidc", "code": "code", "codeVerifier": "verifier", "redirectURL": s.URL + "/api/oauth2-redirect"})
	}
	first := sign()
	require.Equal(t, 200, first.Status, first.Raw)
	assert.Equal(t, "ada", first.Text("meta.database.name")[len("2006-01-02-001-"):])
	assert.Equal(t, true, first.Get("meta.isNew"), "what OAuth2 itself has to say is kept")
	assert.Equal(t, "Ada", first.Text("meta.name"))
	p := apptest.Person{Server: s, DatabaseURL: first.Text("meta.database.url"), Session: first.Text("meta.database.token")}
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, first.Text("meta.database.name"), sign().Text("meta.database.name"))
}

func TestSigningInWithAOneTimePasswordProvisions(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OTP.Enabled = true
	require.NoError(t, s.App.Save(users))
	user, err := s.App.FindAuthRecordByEmail("users", "ada@example.com")
	require.NoError(t, err)
	otp := core.NewOTP(s.App)
	otp.SetCollectionRef(users.Id)
	otp.SetRecordRef(user.Id)
	otp.SetPassword("12345678")
	require.NoError(t, s.App.Save(otp))

	auth := s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp.Id, "password": "12345678"})
	require.Equal(t, 200, auth.Status, auth.Raw)
	assert.NotEmpty(t, auth.Text("meta.database.token"))
}

func TestOAuth2FollowsTheSettings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"GOOGLE_CLIENT_ID=id", "GOOGLE_CLIENT_SECRET=hidden-secret", "GITHUB_CLIENT_ID=id", "GITHUB_CLIENT_SECRET=hidden-secret"}})
	methods := s.Call(http.MethodGet, s.URL+"/api/collections/users/auth-methods", "", nil)
	assert.Equal(t, true, methods.Get("oauth2.enabled"))
	assert.Len(t, methods.Get("oauth2.providers"), 2)
	assert.NotContains(t, methods.Raw, "hidden-secret")
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Equal(t, false, next.Call(http.MethodGet, next.URL+"/api/collections/users/auth-methods", "", nil).Get("oauth2.enabled"))
}

func TestTheSuperuserFollowsTheSettings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	token := s.SuperuserToken()
	settings := s.Call(http.MethodGet, s.URL+"/api/settings", token, nil)
	assert.Equal(t, s.URL, settings.Text("meta.appURL"))
	ui := s.Call(http.MethodGet, s.URL+"/_/", "", nil)
	assert.Equal(t, 200, ui.Status)
	assert.Contains(t, ui.Raw, "<html")
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Equal(t, 200, next.Call(http.MethodGet, next.URL+"/api/settings", token, nil).Status, "a restart ends no superuser's session")
}

func TestTheWebAppIsServed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	page := s.Call(http.MethodGet, s.URL+"/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Type"), "text/html")
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	request, err := http.NewRequest(http.MethodGet, s.URL+"/src/main.js", nil)
	require.NoError(t, err)
	script := s.Do(request)
	assert.Contains(t, script.Header.Get("Content-Type"), "javascript")
	request.Header.Set("If-None-Match", script.Header.Get("ETag"))
	assert.Equal(t, 304, s.Do(request).Status)
	for _, missing := range []string{"/src/missing.js", "/pb_public.go", "/src"} {
		assert.Equal(t, 404, s.Call(http.MethodGet, s.URL+missing, "", nil).Status, missing)
	}
	about := s.Call(http.MethodGet, s.URL+"/api/app", "", nil)
	assert.Equal(t, s.Simulator.LoomURL()+"/looms/videos", about.Text("loom_upload_url"))
}
