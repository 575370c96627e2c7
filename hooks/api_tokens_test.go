package hooks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const tokensPath = "/api/collections/api_tokens/records"

// tokenRequest returns the body of a request for an API token with a change.
func tokenRequest(field string, value any) map[string]any {
	body := map[string]any{"name": "backup", "scopes": []string{"read"}, "expires": time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)}
	if field != "" {
		body[field] = value
	}
	return body
}

// listTokens lists the API tokens of a person.
func listTokens(p apptest.Person) []any {
	p.T.Helper()
	got := p.Call("GET", p.URL+"/api/tokens", p.Token, nil)
	require.Equal(p.T, 200, got.Status, got.Raw)
	list, _ := got.Get("tokens").([]any)
	return list
}

func TestTokenIsShownOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	created := p.Call("POST", s.URL+"/api/tokens", p.Token, tokenRequest("scopes", []string{"share", "read"}))
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Regexp(t, `^f2l_pat_[0-9A-Za-z]{49}$`, created.Text("token"))
	assert.Equal(t, created.Text("token")[:12], created.Text("prefix"))
	assert.Equal(t, []any{"read", "share"}, created.Get("scopes"))
	assert.Equal(t, "no-store", created.Header.Get("Cache-Control"))

	list := listTokens(p)
	require.Len(t, list, 1)
	delete(created.Body.(map[string]any), "token")
	assert.Equal(t, created.Body, list[0])
	assert.Empty(t, listTokens(other))

	assert.Equal(t, 404, s.Call("DELETE", s.URL+"/api/tokens/"+created.Text("id"), other.Token, nil).Status)
	assert.Equal(t, 404, s.Call("DELETE", s.URL+"/api/tokens/x%22", p.Token, nil).Status)
	require.Len(t, listTokens(p), 1)
	p.RevokeToken(created.Text("id"))
	assert.Empty(t, listTokens(p))
}

func TestInvalidTokenRequests(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for name, test := range map[string]struct {
		field string
		value any
	}{
		"no name":        {"name", ""},
		"long name":      {"name", strings.Repeat("x", 81)},
		"no scopes":      {"scopes", []string{}},
		"unknown scope":  {"scopes", []string{"read", "admin"}},
		"no expiry":      {"expires", ""},
		"no date":        {"expires", "tomorrow"},
		"past":           {"expires", "2026-01-01T00:00:00Z"},
		"too far":        {"expires", time.Now().Add(367 * 24 * time.Hour).UTC().Format(time.RFC3339)},
		"far beyond all": {"expires", "9999-12-31T23:59:59Z"},
	} {
		refused := s.Call("POST", s.URL+"/api/tokens", p.Token, tokenRequest(test.field, test.value))
		assert.Equal(t, 400, refused.Status, "%s: %s", name, refused.Raw)
		assert.NotNil(t, refused.Get("data."+test.field), "%s: %s", name, refused.Raw)
	}
	for name, token := range map[string]string{"guest": "", "session of the database": p.Session} {
		assert.Equal(t, 401, s.Call("POST", s.URL+"/api/tokens", token, tokenRequest("", nil)).Status, name)
	}
	assert.Equal(t, 403, s.Call("POST", s.URL+"/api/tokens", s.SuperuserToken(), tokenRequest("", nil)).Status)
	assert.Empty(t, listTokens(p))
	for range 20 {
		require.Equal(t, 200, s.Call("POST", s.URL+"/api/tokens", p.Token, tokenRequest("", nil)).Status)
	}
	refused := s.Call("POST", s.URL+"/api/tokens", p.Token, tokenRequest("", nil))
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "You have 20 API tokens. Revoke one that you don't use.", refused.Text("message"))
}

func TestTokensOfTheCollectionByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, admin := s.SignUp("ada@example.com"), s.SuperuserToken()
	id, token := p.CreateToken("read")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("meetings/*")).Status)

	for name, caller := range map[string]string{"owner": p.Token, "guest": "", "token": token} {
		list := s.Call("GET", s.URL+tokensPath, caller, nil)
		assert.Equal(t, 403, list.Status, "%s: %s", name, list.Raw)
	}
	seen := s.Call("GET", s.URL+tokensPath+"?expand=user", admin, nil)
	require.Len(t, seen.Items(), 1)
	assert.Equal(t, "read", seen.Items()[0]["name"])
	assert.Equal(t, token[:12], seen.Items()[0]["prefix"])
	assert.NotContains(t, seen.Raw, "hash")
	assert.NotContains(t, seen.Raw, token[12:])
	body := map[string]any{"user": p.ID, "name": "x", "scopes": []string{"read"}, "prefix": "x", "hash": "x", "expires": "2027-01-01 00:00:00Z"}
	assert.Equal(t, 403, s.Call("POST", s.URL+tokensPath, admin, body).Status)
	assert.Equal(t, 403, s.Call("PATCH", s.URL+tokensPath+"/"+id, admin, map[string]any{"expires": "2030-01-01 00:00:00Z"}).Status)
	assert.Equal(t, 403, s.Call("DELETE", s.URL+"/api/collections/api_tokens", admin, nil).Status)

	require.Equal(t, 204, s.Call("DELETE", s.URL+tokensPath+"/"+id, admin, nil).Status)
	assert.True(t, stream.Ended(), "a superuser revokes a token at once")
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/health", token, nil).Status)
	assert.Contains(t, kinds(activity(s, p.Token, p.ID)), "token_revoked")
}

func TestTokensAreInTheAuditTrail(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	id, token := p.CreateToken("read")
	p.RevokeToken(id)
	p.CreateToken("transfer")
	p.CreateToken("share")
	user := s.User(p.ID)
	user.RefreshTokenKey()
	require.NoError(t, s.App.Save(user))
	auth := s.SignIn(p.Email)
	events := activity(s, auth.Text("token"), p.ID)
	details := map[string][]any{}
	for _, event := range events {
		details[event["event"].(string)] = append(details[event["event"].(string)], event["detail"])
		assert.NotContains(t, event["detail"], token[:12])
	}
	assert.ElementsMatch(t, []any{"read", "transfer", "share"}, details["token_created"])
	assert.Equal(t, []any{"read"}, details["token_revoked"])
	assert.Equal(t, []any{"2"}, details["tokens_revoked"])
	assert.Len(t, details["sessions_ended"], 1)
}

// Every change that ends the sessions of an account ends its tokens. TestRevocation has the ways that bypass the API.
func TestChangesOfTheAccountRevokeTokens(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, apptest.Person){
		"password": func(t *testing.T, p apptest.Person) {
			got := p.Call("PATCH", p.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
				"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password",
			})
			require.Equal(t, 200, got.Status, got.Raw)
		},
		"password reset": func(t *testing.T, p apptest.Person) {
			reset, err := p.User(p.ID).NewPasswordResetToken()
			require.NoError(t, err)
			got := p.Call("POST", p.URL+"/api/collections/users/confirm-password-reset", "", map[string]any{
				"token": reset, "password": "another-password", "passwordConfirm": "another-password",
			})
			require.Equal(t, 204, got.Status, got.Raw)
		},
		"e-mail address": func(t *testing.T, p apptest.Person) {
			change, err := p.User(p.ID).NewEmailChangeToken("countess@example.com")
			require.NoError(t, err)
			got := p.Call("POST", p.URL+"/api/collections/users/confirm-email-change", "", map[string]any{"token": change, "password": apptest.Password})
			require.Equal(t, 204, got.Status, got.Raw)
		},
		"all sessions": func(t *testing.T, p apptest.Person) {
			user := p.User(p.ID)
			user.RefreshTokenKey()
			require.NoError(t, p.App.Save(user))
		},
		"deletion": func(t *testing.T, p apptest.Person) {
			require.Equal(t, 204, p.Call("DELETE", p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{})
			p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
			_, token := p.CreateToken("read", "transfer")
			_, others := other.CreateToken("read")
			stream := apptest.OpenStream(t, p.DatabaseURL)
			require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("meetings/*")).Status)
			require.Equal(t, 200, s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{"name": "Ada"}).Status)
			require.Equal(t, 200, s.Call("GET", s.URL+"/api/queue", token, nil).Status, "a new name changes nothing")

			change(t, p)
			assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", token, nil).Status)
			assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/health", token, nil).Status)
			assert.True(t, stream.Ended())
			rows, err := s.App.CountRecords("api_tokens", dbx.HashExp{"user": p.ID})
			require.NoError(t, err)
			assert.Zero(t, rows)
			assert.Equal(t, 200, s.Call("GET", other.DatabaseURL+"/api/health", others, nil).Status)
		})
	}
}

func TestLastUseOfATokenIsShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.SignUp("ada@example.com")
	_, token := p.CreateToken("read")
	assert.Empty(t, listTokens(p)[0].(map[string]any)["last_used"])
	got, err := apptest.SendFrom("203.0.113.7", http.MethodGet, p.DatabaseURL+"/api/health", token, nil)
	require.NoError(t, err)
	require.Equal(t, 200, got.Status, got.Raw)
	shown := listTokens(p)[0].(map[string]any)
	assert.NotEmpty(t, shown["last_used"])
	assert.Equal(t, "203.0.113.7", shown["last_address"])
	next := s.Restart()
	assert.Equal(t, shown["last_used"], listTokens(p.On(next))[0].(map[string]any)["last_used"], "written when the server stops")
}
