package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// TestUserDatabaseGivesAccessToNothingElse tries the features of PocketBase that read or change something
// outside of the user database: files, other servers, the process, accounts.
func TestUserDatabaseGivesAccessToNothingElse(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	target := unreachableServer(t)
	for name, attempt := range map[string]struct {
		method, path string
		body         map[string]any
	}{
		"SQL console":                         {"POST", "/api/sql", map[string]any{"query": "ATTACH '" + s.FolderPath(other.Name) + "/data.db' AS other"}},
		"view collection":                     {"POST", "/api/collections", map[string]any{"name": "v", "type": "view", "viewQuery": "SELECT id FROM users"}},
		"dry run of a view":                   {"POST", "/api/collections/meta/dry-run-view", map[string]any{"query": "SELECT 1 AS id"}},
		"backup":                              {"POST", "/api/backups", map[string]any{"name": "x.zip"}},
		"backup upload":                       {"POST", "/api/backups/upload", map[string]any{}},
		"restore and restart":                 {"POST", "/api/backups/x.zip/restore", nil},
		"backup download":                     {"GET", "/api/backups/x.zip", nil},
		"S3 endpoint":                         {"PATCH", "/api/settings", map[string]any{"s3": map[string]any{"enabled": true, "endpoint": target, "bucket": "b", "region": "r", "accessKey": "a", "secret": "s"}}},
		"S3 test":                             {"POST", "/api/settings/test/s3", map[string]any{"filesystem": "storage"}},
		"SMTP host":                           {"PATCH", "/api/settings", map[string]any{"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": 25}}},
		"mail test":                           {"POST", "/api/settings/test/email", map[string]any{"email": "x@example.com", "template": "verification"}},
		"Apple's client secret":               {"POST", "/api/settings/apple/generate-client-secret", map[string]any{}},
		"OIDC endpoint":                       {"PATCH", "/api/collections/users", map[string]any{"oauth2": map[string]any{"enabled": true, "providers": []map[string]any{{"name": "oidc", "clientId": "a", "clientSecret": "b", "authURL": target, "tokenURL": target, "userInfoURL": target}}}}},
		"OAuth2 sign-in":                      {"POST", "/api/collections/users/auth-with-oauth2", map[string]any{"provider": "oidc", "code": "x", "redirectURL": target}},
		"run a cron job":                      {"POST", "/api/crons/__pbDBOptimize__", nil},
		"list cron jobs":                      {"GET", "/api/crons", nil},
		"collection import":                   {"PUT", "/api/collections/import", map[string]any{"collections": []any{}}},
		"truncation":                          {"DELETE", "/api/collections/meetings/truncate", nil},
		"create a superuser":                  {"POST", "/api/collections/_superusers/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"list superusers":                     {"GET", "/api/collections/_superusers/records", nil},
		"impersonation":                       {"POST", "/api/collections/users/impersonate/" + p.ID, nil},
		"password reset mail":                 {"POST", "/api/collections/users/request-password-reset", map[string]any{"email": p.Email}},
		"create another owner":                {"POST", "/api/collections/users/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"update the owner":                    {"PATCH", "/api/collections/users/records/" + p.ID, map[string]any{"name": "x"}},
		"delete the owner":                    {"DELETE", "/api/collections/users/records/" + p.ID, nil},
		"delete the owner in a batch":         {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{"method": "DELETE", "url": "/api/collections/users/records/" + p.ID}}}},
		"create a superuser by collection id": {"POST", "/api/collections/pbc_3142635823/records", map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"}},
		"create a superuser in a batch": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{
			"method": "POST", "url": "/api/collections/_superusers/records",
			"body": map[string]any{"email": "x@example.com", "password": "0123456789", "passwordConfirm": "0123456789"},
		}}}},
		"link an external login": {"POST", "/api/batch", map[string]any{"requests": []map[string]any{{
			"method": "POST", "url": "/api/collections/_externalAuths/records",
			"body": map[string]any{"collectionRef": "_pb_users_auth_", "recordRef": p.ID, "provider": "google", "providerId": "x"},
		}}}},
	} {
		for role, token := range map[string]string{"owner": p.Session, "superuser": s.SuperuserToken()} {
			got := s.Call(attempt.method, p.DatabaseURL+attempt.path, token, attempt.body)
			assert.Contains(t, []int{400, 403, 404}, got.Status, "%s as %s: %s", name, role, got.Raw)
		}
	}
	assert.Equal(t, 200, p.Own("GET", "/api/collections/users/records/"+p.ID, nil).Status)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	superusers, err := db.App.CountRecords("_superusers")
	require.NoError(t, err)
	assert.Zero(t, superusers)
	assert.Zero(t, db.App.Cron().Total(), "a user database must have no cron jobs")
	assert.False(t, db.App.Cron().HasStarted())
	pid := os.Getpid()
	require.NoError(t, db.App.Restart())
	assert.Equal(t, pid, os.Getpid()) // a restart would have started this test binary again
	require.Error(t, db.App.NewMailClient().Send(nil), "code in a user database must not send mail")
}

// unreachableServer returns the address of a server that fails the test when it gets a request.
func unreachableServer(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s reached a server in the internal network", r.Method, r.URL)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
