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

// startIdentityProvider starts an OpenID Connect provider with one account.
func startIdentityProvider(t testing.TB, email string) *httptest.Server {
	t.Helper()
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		responses := map[string]map[string]any{
			"/token": {"access_token": "access", "token_type": "Bearer", "expires_in": 3600},
			"/user":  {"sub": "person-1", "email": email, "email_verified": true, "name": "Ada"},
		}
		assert.NoError(t, json.NewEncoder(w).Encode(responses[r.URL.Path]))
	}))
	t.Cleanup(provider.Close)
	return provider
}

// useIdentityProvider lets users sign in with a provider that has one account. It returns the sign-in.
func useIdentityProvider(s *apptest.Server, email string) func() apptest.Answer {
	s.T.Helper()
	provider := startIdentityProvider(s.T, email)
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(s.T, err)
	users.OAuth2.Enabled = true
	users.OAuth2.Providers = []core.OAuth2ProviderConfig{{
		Name: "oidc", ClientId: "id", ClientSecret: "secret",
		AuthURL: provider.URL + "/auth", TokenURL: provider.URL + "/token", UserInfoURL: provider.URL + "/user",
	}}
	require.NoError(s.T, s.App.Save(users))
	return func() apptest.Answer {
		return s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-oauth2", "", map[string]any{
			"provider": "oidc", "code": "code", "codeVerifier": "verifier", "redirectURL": s.URL + "/api/oauth2-redirect",
		})
	}
}

func TestOAuth2SignInProvisionsDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	signIn := useIdentityProvider(s, "ada@example.com")
	first := signIn()
	require.Equal(t, 200, first.Status, first.Raw)
	assert.Equal(t, "ada", ownerPart(t, first.Text("meta.database.name")))
	assert.Equal(t, true, first.Get("meta.isNew"), "the OAuth2 metadata must be kept")
	assert.Equal(t, "Ada", first.Text("meta.name"))
	p := apptest.Person{Server: s, DatabaseURL: first.Text("meta.database.url"), Session: first.Text("meta.database.token")}
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, first.Text("meta.database.name"), signIn().Text("meta.database.name"))
}

// signInWithCode signs in with a one-time password. sentTo is the address to which it was sent, if any.
func signInWithCode(s *apptest.Server, email, sentTo string) apptest.Answer {
	s.T.Helper()
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(s.T, err)
	users.OTP.Enabled, users.MFA.Enabled = true, false // as an operator who lets people sign in with codes alone
	require.NoError(s.T, s.App.Save(users))
	user, err := s.App.FindAuthRecordByEmail("users", email)
	require.NoError(s.T, err)
	otp := core.NewOTP(s.App)
	otp.SetCollectionRef(users.Id)
	otp.SetRecordRef(user.Id)
	otp.SetPassword("12345678")
	otp.SetSentTo(sentTo)
	require.NoError(s.T, s.App.Save(otp))
	return s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-otp", "", map[string]any{"otpId": otp.Id, "password": "12345678"})
}

func TestOneTimePasswordSignInReturnsDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.Equal(t, 200, s.SignUpOnly("ada@example.com").Status)
	auth := signInWithCode(s, "ada@example.com", "")
	require.Equal(t, 200, auth.Status, auth.Raw)
	assert.NotEmpty(t, auth.Text("meta.database.token"))
}
