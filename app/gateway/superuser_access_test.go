package gateway_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// asSuperuser calls a person's database with the token of the global superuser.
func asSuperuser(p apptest.Person, method, path string, body any) apptest.Answer {
	p.T.Helper()
	return p.Call(method, p.DatabaseURL+path, p.SuperuserToken(), body)
}

func TestSuperuserSignsInToAnyDatabaseWithTheGlobalPassword(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	login := "/api/collections/_superusers/auth-with-password"
	credentials := map[string]any{"identity": apptest.Secrets().AdminEmail, "password": apptest.Secrets().AdminPassword.Reveal()}
	other := s.SignUp("other@example.com") // a wrong password pauses the sign-in of its account
	for email, database := range map[string]string{p.Email: p.DatabaseURL, other.Email: s.URL + "/db/2020-01-01-001-nobody"} {
		auth := s.Call("POST", database+login, "", credentials)
		require.Equal(t, 200, auth.Status, auth.Raw)
		assert.Equal(t, "_superusers", auth.Text("record.collectionName"))
		assert.Equal(t, 400, s.Call("POST", database+login, "", map[string]any{"identity": email, "password": apptest.Password}).Status)
		refreshed := s.Call("POST", database+"/api/collections/_superusers/auth-refresh", auth.Text("token"), nil)
		assert.Equal(t, 200, refreshed.Status, refreshed.Raw)
	}
}

func TestSuperuserReadsAndChangesUserDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	meetings := asSuperuser(p, "GET", "/api/collections/meetings/records", nil)
	assert.Contains(t, meetings.Raw, p.Marker())
	changed := asSuperuser(p, "PATCH", "/api/collections/preferences/records/"+samples.Preference, map[string]any{"value": "changed"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, "changed", p.ListOwn("preferences", "")[0]["value"])
	token := asSuperuser(p, "POST", "/api/files/token", nil).Text("token")
	assert.Equal(t, p.Marker(), s.Call("GET", p.DatabaseURL+"/api/files/recordings/"+samples.Recording+"/"+samples.File+"?token="+token, "", nil).Raw)
	assert.Equal(t, 404, s.Call("GET", s.URL+"/db/2020-01-01-001-nobody/api/collections", s.SuperuserToken(), nil).Status)
}

func TestUserDatabaseServesAdminUI(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	page := s.Call("GET", p.DatabaseURL+"/_/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self';")
	redirect := s.Call("GET", p.DatabaseURL+"/_", "", nil)
	assert.Equal(t, strings.TrimPrefix(p.DatabaseURL, s.URL)+"/_/", redirect.Header.Get("Location"), "the redirect must stay in the database")
}

func TestSuperuserAccessEndsWhenTheirPasswordChanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	second := map[string]any{"email": "second@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/collections/_superusers/records", s.SuperuserToken(), second).Status)
	auth := s.Call("POST", s.URL+"/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": "second@example.com", "password": "0123456789"})
	token := auth.Text("token")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("preferences/*")).Status)
	savePreference(p, "one")
	assert.Equal(t, "create", stream.Next().Data["action"], "a superuser receives events")

	changed := s.Call("PATCH", s.URL+"/api/collections/_superusers/records/"+auth.Text("record.id"), s.SuperuserToken(),
		map[string]any{"password": "9876543210", "passwordConfirm": "9876543210"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, stream.Ended())
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/collections", token, nil).Status)
}

func TestSuperuserNeedsAnAllowedAddress(t *testing.T) {
	t.Parallel()
	allowAddresses := func(s *apptest.Server) {
		s.App.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.App.Settings().SuperuserIPs = []string{"10.1.0.0/16", "127.0.0.1"}
			return errors.Join(e.App.Save(e.App.Settings()), e.Next())
		})
	}
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}, Prepare: allowAddresses})
	p := s.SignUp("ada@example.com")
	token := s.SuperuserToken()
	for address, want := range map[string]int{
		"10.1.2.3": 200, "127.0.0.1": 200, "10.2.0.1": 403,
		"not an address": 200, // the address of the connection counts instead
	} {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/collections", nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("X-Real-IP", address)
		assert.Equal(t, want, s.Do(request).Status, address)
	}
}
