package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// behindProxy lets a test choose the address of each request.
const behindProxy = "TRUSTED_PROXY_HEADERS=X-Real-IP"

// sendFrom sends JSON from an address.
func sendFrom(s *apptest.Server, address, path, token string, body any) apptest.Answer {
	s.T.Helper()
	answer, err := apptest.SendFrom(address, http.MethodPost, s.URL+path, token, body)
	require.NoError(s.T, err)
	return answer
}

const usersPath = "/api/collections/users/records"

func signUpFrom(s *apptest.Server, address, email string) apptest.Answer {
	s.T.Helper()
	return sendFrom(s, address, usersPath, "", map[string]any{"email": email, "password": apptest.Password, "passwordConfirm": apptest.Password})
}

func TestSignUpsAreLimitedByNetworkAndInTotal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{behindProxy, "SIGNUP_LIMITS=3,5,8"}})
	signUps := func(addresses string, attempts int) (created int) {
		for i := range attempts {
			address := fmt.Sprintf(addresses, i)
			got := signUpFrom(s, address, fmt.Sprintf("p%d@%x.example.com", i, addresses))
			if got.Status == 200 {
				created++
				continue
			}
			assert.Equal(t, 429, got.Status, got.Raw)
			assert.NotEmpty(t, got.Header.Get("Retry-After"))
		}
		return created
	}
	require.Equal(t, 200, signUpFrom(s, "203.0.113.1", "ada@example.com").Status)
	for range 5 {
		assert.Equal(t, 400, signUpFrom(s, "203.0.113.2", "ada@example.com").Status, "an account that isn't created doesn't count")
	}
	body := map[string]any{"email": "hidden@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password}
	require.Empty(t, sendFrom(s, "203.0.113.3", usersPath+"?fields=id:unknown", "", body).Raw)
	require.Equal(t, 200, s.SignIn("hidden@example.com").Status, "the account was created although the response failed")
	assert.Equal(t, 1, signUps("203.0.113.%d", 6), "a /24 is one network")
	assert.Equal(t, 3, signUps("2001:db8:5:1::%x", 6), "a /64 is one network")
	assert.Equal(t, 2, signUps("198.51.%d.1", 6), "all networks together have a limit")
	admin := map[string]any{"email": "by-admin@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password}
	assert.Equal(t, 200, sendFrom(s, "203.0.113.1", usersPath, s.SuperuserToken(), admin).Status, "superusers have no limit")
	assert.Equal(t, 200, s.SignIn("ada@example.com").Status)
}

func TestAccountsCreatedByOAuth2AreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SIGNUP_LIMITS=1,0,0"}})
	provider := startIdentityProvider(t, "ada@example.com")
	users, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	users.OAuth2.Enabled = true
	users.OAuth2.Providers = []core.OAuth2ProviderConfig{{
		Name: "oidc", ClientId: "id", ClientSecret: "secret",
		AuthURL: provider.URL + "/auth", TokenURL: provider.URL + "/token", UserInfoURL: provider.URL + "/user",
	}}
	require.NoError(t, s.App.Save(users))
	require.Equal(t, 200, s.SignUpOnly("first@example.com").Status)
	got := s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-oauth2", "", map[string]any{
		"provider": "oidc", "code": "code", "codeVerifier": "verifier", "redirectURL": s.URL + "/api/oauth2-redirect",
	})
	assert.Equal(t, 429, got.Status, got.Raw)
	_, err = s.App.FindAuthRecordByEmail("users", "ada@example.com")
	assert.Error(t, err, "the account must not exist")
}
