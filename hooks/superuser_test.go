package hooks_test

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

	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
)

// admin calls a person's database as the operator.
func (p person) admin(method, path string, body any) answer {
	p.t.Helper()
	return p.call(method, p.db+path, p.superuser(), body)
}

func TestASuperuserSignsInToAnyDatabaseWithTheirGlobalLogin(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	mine := p.furnish()
	login := "/api/collections/_superusers/auth-with-password"
	credentials := map[string]any{"identity": secrets().AdminEmail, "password": secrets().AdminPassword.Reveal()}
	for _, database := range []string{p.db, s.url + "/db/2020-01-01-001-nobody"} {
		auth := s.call("POST", database+login, "", credentials)
		require.Equal(t, 200, auth.Status, auth.Raw)
		assert.Equal(t, "_superusers", auth.text("record.collectionName"))
		assert.Equal(t, 400, s.call("POST", database+login, "", map[string]any{"identity": p.email, "password": userPassword}).Status)
		refreshed := s.call("POST", database+"/api/collections/_superusers/auth-refresh", auth.text("token"), nil)
		assert.Equal(t, 200, refreshed.Status, refreshed.Raw)
	}

	seen := p.admin("GET", "/api/collections/meetings/records", nil)
	assert.Contains(t, seen.Raw, secretOf(p))
	changed := p.admin("PATCH", "/api/collections/preferences/records/"+mine.preference, map[string]any{"value": "mended"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, "mended", p.listOwn("preferences", "")[0]["value"])
	token := p.admin("POST", "/api/files/token", nil).text("token")
	assert.Equal(t, secretOf(p), s.call("GET", p.db+"/api/files/recordings/"+mine.recording+"/"+mine.file+"?token="+token, "", nil).Raw)
	assert.Equal(t, 404, s.call("GET", s.url+"/db/2020-01-01-001-nobody/api/collections", s.superuser(), nil).Status)

	page := s.call("GET", p.db+"/_/", "", nil)
	assert.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self';")
	bare := s.call("GET", p.db+"/_", "", nil)
	assert.Equal(t, strings.TrimPrefix(p.db, s.url)+"/_/", bare.Header.Get("Location"), "the prefix is kept")
}

func TestWhatASuperuserDoesIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	mine := p.furnish()
	p.own("GET", "/api/collections/meetings/records", nil)
	token := p.admin("POST", "/api/files/token", nil).text("token")
	s.call("GET", p.db+"/api/files/recordings/"+mine.recording+"/"+mine.file+"?token="+token, "", nil)
	p.admin("DELETE", "/api/collections/preferences/records/"+mine.preference, nil)
	p.admin("POST", "/api/sql", map[string]any{"query": "SELECT 1"})
	p.admin("POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "PATCH", "url": "/api/collections/meetings/records/" + mine.meeting, "body": map[string]any{"title": "x"}}}})
	log := s.log.String()
	assert.Equal(t, 5, strings.Count(log, "superuser accessed user database"), log)
	assert.Contains(t, log, "superuser="+secrets().AdminEmail+" database="+p.name+" method=DELETE path=/api/collections/preferences/records/"+mine.preference+" status=204")
	assert.Contains(t, log, "path=/api/sql status=403", "what was refused as well")
	assert.Contains(t, log, `batch="[PATCH /api/collections/meetings/records/`+mine.meeting+`]"`)
	assert.NotContains(t, log, token)
	s.eventually(func() bool {
		logs := s.call("GET", s.url+"/api/logs?perPage=200&filter="+`message%7E"superuser%20accessed"`, s.superuser(), nil)
		return strings.Contains(logs.Raw, p.name) && strings.Contains(logs.Raw, mine.preference)
	})
}

// Each of these could reach out of a user database.
func TestNothingReachesOutOfAUserDatabase(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	target := serverThatMustNotBeAsked(t)
	for name, attempt := range map[string]struct {
		method, path string
		body         map[string]any
	}{
		"SQL console":             {"POST", "/api/sql", map[string]any{"query": "ATTACH '" + s.folder(other.name) + "/data.db' AS other"}},
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
		"impersonation":           {"POST", "/api/collections/users/impersonate/" + p.id, nil},
		"mail to the owner":       {"POST", "/api/collections/users/request-password-reset", map[string]any{"email": p.email}},
		"another owner":           {"POST", "/api/collections/users/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"a change of the owner":   {"PATCH", "/api/collections/users/records/" + p.id, map[string]any{"name": "x"}},
		"deletion of the owner":   {"DELETE", "/api/collections/users/records/" + p.id, nil},
		"the same in a batch":     {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "DELETE", "url": "/api/collections/users/records/" + p.id}}}},
		"a superuser by id":       {"POST", "/api/collections/pbc_3142635823/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"a superuser in a batch": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "POST", "url": "/api/collections/_superusers/records",
			"body": map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}}}}},
		"an external login": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "POST", "url": "/api/collections/_externalAuths/records",
			"body": map[string]any{"collectionRef": "_pb_users_auth_", "recordRef": p.id, "provider": "google", "providerId": "x"}}}}},
	} {
		for who, token := range map[string]string{"owner": p.session, "superuser": s.superuser()} {
			got := s.call(attempt.method, p.db+attempt.path, token, attempt.body)
			assert.Contains(t, []int{400, 403, 404}, got.Status, "%s by %s: %s", name, who, got.Raw)
		}
	}
	assert.Equal(t, 200, p.own("GET", "/api/collections/users/records/"+p.id, nil).Status)
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
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
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, "valid", p.saveKey(simulator.DemoAPIKey).text("status"))
	id := p.listOwn("connections", "")[0]["id"].(string)
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.admin("POST", "/api/realtime", subscription(stream, "connections/*")).Status)
	changed := p.admin("PATCH", "/api/collections/connections/records/"+id, map[string]any{"settings": map[string]any{"a": 1}})
	require.Equal(t, 200, changed.Status, changed.Raw)
	for _, got := range []answer{changed, p.admin("GET", "/api/collections/connections/records", nil), p.admin("GET", "/api/collections/connections/records/"+id, nil)} {
		assert.NotContains(t, got.Raw, `"secret"`)
	}
	assert.NotContains(t, stream.next().data["record"], "secret")
	assert.Equal(t, "completed", p.run("fathom.sync", map[string]any{}).text("status"), "the key still works")
}

func TestASuperusersAccessEndsWithTheirPassword(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	second := map[string]any{"email": "second@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}
	require.Equal(t, 200, s.call("POST", s.url+"/api/collections/_superusers/records", s.superuser(), second).Status)
	auth := s.call("POST", s.url+"/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": "second@example.com", "password": "0123456789"})
	token := auth.text("token")
	stream := openStream(t, p.db)
	require.Equal(t, 204, s.call("POST", p.db+"/api/realtime", token, subscription(stream, "preferences/*")).Status)
	require.Equal(t, 200, p.own("POST", "/api/collections/preferences/records", map[string]any{"key": "one"}).Status)
	assert.Equal(t, "create", stream.next().data["action"], "a superuser sees events as well")

	changed := s.call("PATCH", s.url+"/api/collections/_superusers/records/"+auth.text("record.id"), s.superuser(),
		map[string]any{"password": "9876543210", "passwordConfirm": "9876543210"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.True(t, stream.ended())
	assert.Equal(t, 401, s.call("GET", p.db+"/api/collections", token, nil).Status)
}

func TestSuperusersComeFromAllowedAddressesOnly(t *testing.T) {
	t.Parallel()
	allowed := func(s *server) {
		s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.App.Settings().SuperuserIPs = []string{"10.1.0.0/16", "127.0.0.1"}
			return errors.Join(e.App.Save(e.App.Settings()), e.Next())
		})
	}
	s := start(t, options{settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}, prepare: allowed})
	p := s.signUp("ada@example.com")
	token := s.superuser()
	for address, want := range map[string]int{
		"10.1.2.3": 200, "127.0.0.1": 200, "10.2.0.1": 403,
		"not an address": 200, // then it is the address of the connection
	} {
		request, err := http.NewRequest("GET", p.db+"/api/collections", nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("X-Real-IP", address)
		assert.Equal(t, want, s.do(request).Status, address)
	}
}
