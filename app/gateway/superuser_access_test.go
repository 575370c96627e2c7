package gateway_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// admin calls a person's database as the operator.
func admin(p apptest.Person, method, path string, body any) apptest.Answer {
	p.T.Helper()
	return p.Call(method, p.DatabaseURL+path, p.SuperuserToken(), body)
}

func TestASuperuserSignsInToAnyDatabaseWithTheirGlobalLogin(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	mine := p.CreateSamples()
	login := "/api/collections/_superusers/auth-with-password"
	credentials := map[string]any{"identity": apptest.Secrets().AdminEmail, "password": apptest.Secrets().AdminPassword.Reveal()}
	for _, database := range []string{p.DatabaseURL, s.URL + "/db/2020-01-01-001-nobody"} {
		auth := s.Call("POST", database+login, "", credentials)
		require.Equal(t, 200, auth.Status, auth.Raw)
		assert.Equal(t, "_superusers", auth.Text("record.collectionName"))
		assert.Equal(t, 400, s.Call("POST", database+login, "", map[string]any{"identity": p.Email, "password": apptest.Password}).Status)
		refreshed := s.Call("POST", database+"/api/collections/_superusers/auth-refresh", auth.Text("token"), nil)
		assert.Equal(t, 200, refreshed.Status, refreshed.Raw)
	}

	seen := admin(p, "GET", "/api/collections/meetings/records", nil)
	assert.Contains(t, seen.Raw, p.Marker())
	changed := admin(p, "PATCH", "/api/collections/preferences/records/"+mine.Preference, map[string]any{"value": "mended"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, "mended", p.ListOwn("preferences", "")[0]["value"])
	token := admin(p, "POST", "/api/files/token", nil).Text("token")
	assert.Equal(t, p.Marker(), s.Call("GET", p.DatabaseURL+"/api/files/recordings/"+mine.Recording+"/"+mine.File+"?token="+token, "", nil).Raw)
	assert.Equal(t, 404, s.Call("GET", s.URL+"/db/2020-01-01-001-nobody/api/collections", s.SuperuserToken(), nil).Status)

	page := s.Call("GET", p.DatabaseURL+"/_/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self';")
	bare := s.Call("GET", p.DatabaseURL+"/_", "", nil)
	assert.Equal(t, strings.TrimPrefix(p.DatabaseURL, s.URL)+"/_/", bare.Header.Get("Location"), "the prefix is kept")
}

func TestWhatASuperuserDoesIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	mine := p.CreateSamples()
	p.Own("GET", "/api/collections/meetings/records", nil)
	token := admin(p, "POST", "/api/files/token", nil).Text("token")
	s.Call("GET", p.DatabaseURL+"/api/files/recordings/"+mine.Recording+"/"+mine.File+"?token="+token, "", nil)
	admin(p, "DELETE", "/api/collections/preferences/records/"+mine.Preference, nil)
	admin(p, "POST", "/api/sql", map[string]any{"query": "SELECT 1"})
	admin(p, "POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "PATCH", "url": "/api/collections/meetings/records/" + mine.Meeting, "body": map[string]any{"title": "x"}}}})
	log := s.Log.String()
	assert.Equal(t, 5, strings.Count(log, "superuser accessed user database"), log)
	assert.Contains(t, log, "superuser="+apptest.Secrets().AdminEmail+" database="+p.Name+" method=DELETE path=/api/collections/preferences/records/"+mine.Preference+" status=204")
	assert.Contains(t, log, "path=/api/sql status=403", "what was refused as well")
	assert.Contains(t, log, `batch="[PATCH /api/collections/meetings/records/`+mine.Meeting+`]"`)
	assert.NotContains(t, log, token)
	s.Eventually(func() bool {
		logs := s.Call("GET", s.URL+"/api/logs?perPage=200&filter="+`message%7E"superuser%20accessed"`, s.SuperuserToken(), nil)
		return strings.Contains(logs.Raw, p.Name) && strings.Contains(logs.Raw, mine.Preference)
	})
}

// Each of these could reach out of a user database.
func TestNothingReachesOutOfAUserDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	target := serverThatMustNotBeAsked(t)
	for name, attempt := range map[string]struct {
		method, path string
		body         map[string]any
	}{
		"SQL console":             {"POST", "/api/sql", map[string]any{"query": "ATTACH '" + s.FolderPath(other.Name) + "/data.db' AS other"}},
		"view over anything":      {"POST", "/api/collections", map[string]any{"name": "v", "type": "view", "viewQuery": "SELECT id FROM users"}},
		"dry run of a view":       {"POST", "/api/collections/meta/dry-run-view", map[string]any{"query": "SELECT 1 AS id"}},
		"backup":                  {"POST", "/api/backups", map[string]any{"name": "x.zip"}},
		"upload of a backup":      {"POST", "/api/backups/upload", map[string]any{}},
		"restore, which restarts": {"POST", "/api/backups/x.zip/restore", nil},
		"download of a backup":    {"GET", "/api/backups/x.zip", nil},
		"S3 endpoint":             {"PATCH", "/api/settings", map[string]any{"s3": map[string]any{"enabled": true, "endpoint": target, "bucket": "b", "region": "r", "accessKey": "a", "secret": "s"}}},
		"test of S3":              {"POST", "/api/settings/test/s3", map[string]any{"filesystem": "storage"}},
		"SMTP host":               {"PATCH", "/api/settings", map[string]any{"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": 25}}},
		"test of mail":            {"POST", "/api/settings/test/email", map[string]any{"email": "x@example.com", "template": "verification"}},
		"Apple's client secret":   {"POST", "/api/settings/apple/generate-client-secret", map[string]any{}},
		"OIDC endpoint":           {"PATCH", "/api/collections/users", map[string]any{"oauth2": map[string]any{"enabled": true, "providers": []map[string]any{{"name": "oidc", "clientId": "a", "clientSecret": "b", "authURL": target, "tokenURL": target, "userInfoURL": target}}}}},
		"OAuth2 sign-in":          {"POST", "/api/collections/users/auth-with-oauth2", map[string]any{"provider": "oidc", "code": "x", "redirectURL": target}},
		"cron":                    {"POST", "/api/crons/__pbDBOptimize__", nil},
		"crons":                   {"GET", "/api/crons", nil},
		"import of collections":   {"PUT", "/api/collections/import", map[string]any{"collections": []any{}}},
		"truncation":              {"DELETE", "/api/collections/meetings/truncate", nil},
		"a superuser inside":      {"POST", "/api/collections/_superusers/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"list of superusers":      {"GET", "/api/collections/_superusers/records", nil},
		"impersonation":           {"POST", "/api/collections/users/impersonate/" + p.ID, nil},
		"mail to the owner":       {"POST", "/api/collections/users/request-password-reset", map[string]any{"email": p.Email}},
		"another owner":           {"POST", "/api/collections/users/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"a change of the owner":   {"PATCH", "/api/collections/users/records/" + p.ID, map[string]any{"name": "x"}},
		"deletion of the owner":   {"DELETE", "/api/collections/users/records/" + p.ID, nil},
		"the same in a batch":     {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "DELETE", "url": "/api/collections/users/records/" + p.ID}}}},
		"a superuser by id":       {"POST", "/api/collections/pbc_3142635823/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"a superuser in a batch": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "POST", "url": "/api/collections/_superusers/records",
			"body": map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}}}}},
		"an external login": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "POST", "url": "/api/collections/_externalAuths/records",
			"body": map[string]any{"collectionRef": "_pb_users_auth_", "recordRef": p.ID, "provider": "google", "providerId": "x"}}}}},
	} {
		for who, token := range map[string]string{"owner": p.Session, "superuser": s.SuperuserToken()} {
			got := s.Call(attempt.method, p.DatabaseURL+attempt.path, token, attempt.body)
			assert.Contains(t, []int{400, 403, 404}, got.Status, "%s by %s: %s", name, who, got.Raw)
		}
	}
	assert.Equal(t, 200, p.Own("GET", "/api/collections/users/records/"+p.ID, nil).Status)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	superusers, err := db.App.CountRecords("_superusers")
	require.NoError(t, err)
	assert.Zero(t, superusers)
	assert.Zero(t, db.App.Cron().Total(), "no cron is registered in a user database")
	assert.False(t, db.App.Cron().HasStarted())
	pid := os.Getpid()
	require.NoError(t, db.App.Restart())
	assert.Equal(t, pid, os.Getpid()) // had it restarted, this test binary would have begun anew
	require.Error(t, db.App.NewMailClient().Send(nil), "nor does code in it send mail")
}

// serverThatMustNotBeAsked is an address on this machine that fails the test when
// anybody connects.
func serverThatMustNotBeAsked(t *testing.T) string {
	t.Helper()
	internal := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s reached the inside of the network", r.Method, r.URL)
	}))
	t.Cleanup(internal.Close)
	return internal.URL
}

func TestASealedSecretIsNotShownToASuperuserEither(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	id := p.ListOwn("connections", "")[0]["id"].(string)
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, admin(p, "POST", "/api/realtime", stream.Subscription("connections/*")).Status)
	changed := admin(p, "PATCH", "/api/collections/connections/records/"+id, map[string]any{"settings": map[string]any{"a": 1}})
	require.Equal(t, 200, changed.Status, changed.Raw)
	for _, got := range []apptest.Answer{changed, admin(p, "GET", "/api/collections/connections/records", nil), admin(p, "GET", "/api/collections/connections/records/"+id, nil)} {
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	assert.NotContains(t, stream.Next().Data["record"], "secret")
	assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"), "the key still works")
}

func TestASuperusersAccessEndsWithTheirPassword(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	second := map[string]any{"email": "second@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/collections/_superusers/records", s.SuperuserToken(), second).Status)
	auth := s.Call("POST", s.URL+"/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": "second@example.com", "password": "0123456789"})
	token := auth.Text("token")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, s.Call("POST", p.DatabaseURL+"/api/realtime", token, stream.Subscription("preferences/*")).Status)
	require.Equal(t, 200, p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status)
	assert.Equal(t, "create", stream.Next().Data["action"], "a superuser sees events as well")

	changed := s.Call("PATCH", s.URL+"/api/collections/_superusers/records/"+auth.Text("record.id"), s.SuperuserToken(),
		map[string]any{"password": "9876543210", "passwordConfirm": "9876543210"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, stream.Ended())
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/collections", token, nil).Status)
}

func TestSuperusersComeFromAllowedAddressesOnly(t *testing.T) {
	t.Parallel()
	allowed := func(s *apptest.Server) {
		s.App.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.App.Settings().SuperuserIPs = []string{"10.1.0.0/16", "127.0.0.1"}
			return errors.Join(e.App.Save(e.App.Settings()), e.Next())
		})
	}
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}, Prepare: allowed})
	p := s.SignUp("ada@example.com")
	token := s.SuperuserToken()
	for address, want := range map[string]int{
		"10.1.2.3": 200, "127.0.0.1": 200, "10.2.0.1": 403,
		"not an address": 200, // then it is the address of the connection
	} {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/collections", nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("X-Real-IP", address)
		assert.Equal(t, want, s.Do(request).Status, address)
	}
}
