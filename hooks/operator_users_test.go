package hooks_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// listAccounts calls the list of accounts as a superuser.
func listAccounts(s *apptest.Server, query string) apptest.Answer {
	s.T.Helper()
	got := s.Call(http.MethodGet, s.URL+"/api/operator/users"+query, s.SuperuserToken(), nil)
	require.Equal(s.T, 200, got.Status, got.Raw)
	return got
}

func TestOperatorRoutesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	_, apiToken := p.CreateToken("read")
	for path, test := range map[string]struct {
		method string
		want   int // for a superuser
	}{
		"/api/operator/users":                                    {http.MethodGet, 200},
		"/api/operator/users?sort=password":                      {http.MethodGet, 400},
		"/api/operator/users?search=" + strings.Repeat("x", 256): {http.MethodGet, 400},
		"/api/operator/databases/" + p.Name:                      {http.MethodGet, 200},
		"/api/operator/databases/" + p.Email:                     {http.MethodGet, 404},
		"/api/operator/databases/2020-01-01-001-nobody":          {http.MethodGet, 404},
		"/api/operator/databases/" + p.Name + "/archive":         {http.MethodPost, 204},
		"/api/operator/databases/" + p.Name + "/restore":         {http.MethodPost, 204},
		"/api/operator/databases/nobody/archive":                 {http.MethodPost, 404},
		"/api/operator/databases/nobody/restore":                 {http.MethodPost, 404},
		"/api/operator/titles":                                   {http.MethodPost, 200},
	} {
		before := s.RegistryRow(p.Name)["status"]
		for role, token := range map[string]string{"anonymous": "", "user": p.Token, "owner": p.Session, "API token": apiToken, "invalid": "x"} {
			got := s.Call(test.method, s.URL+path, token, nil)
			assert.Contains(t, []int{401, 403}, got.Status, "%s as %s: %s", path, role, got.Raw)
			assert.NotContains(t, got.Raw, p.Email, "%s as %s", path, role)
		}
		assert.Equal(t, before, s.RegistryRow(p.Name)["status"], path)
		if strings.HasSuffix(path, "/restore") && test.want == 204 && before == "ready" {
			require.Equal(t, 204, s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/archive", s.SuperuserToken(), nil).Status)
		}
		got := s.Call(test.method, s.URL+path, s.SuperuserToken(), map[string]any{"jobs": []string{}})
		assert.Equal(t, test.want, got.Status, "%s as superuser: %s", path, got.Raw)
		if s.RegistryRow(p.Name)["status"] == "archived" && !strings.HasSuffix(path, "/archive") {
			t.Errorf("%s has archived the database", path)
		}
		if s.RegistryRow(p.Name)["status"] == "archived" {
			require.Equal(t, 204, s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/restore", s.SuperuserToken(), nil).Status)
		}
	}
}

func TestSuperuserListsAccounts(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_QUOTA=1GB"}})
	ada, grace, gone := s.SignUpWithMeetings("ada@example.com"), s.SignUp("grace@example.com"), s.SignUp("gone@example.com")
	require.Equal(t, 200, s.SignUpOnly("new@example.com").Status)
	require.Equal(t, 204, s.Call(http.MethodDelete, s.URL+usersPath+"/"+gone.ID, gone.Token, nil).Status)
	require.Equal(t, 204, s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+grace.Name+"/archive", s.SuperuserToken(), nil).Status)
	require.NoError(t, os.Remove(s.ArchivePath(grace.Name)))

	all := listAccounts(s, "")
	assert.EqualValues(t, 1e9, all.Get("quota"))
	assert.Equal(t, map[string]any{"ready": 1.0, "archived": 1.0, "deleting": 1.0, "none": 1.0}, all.Get("counts"))
	statuses := map[string]any{}
	for _, account := range all.Items() {
		statuses[account["email"].(string)] = account["status"]
		assert.Equal(t, account["email"] == grace.Email, account["missing"] == true, account["email"])
		assert.Equal(t, account["email"] == gone.Email, account["joined"] == nil, account["email"])
		signedIn := account["email"] == ada.Email || account["email"] == grace.Email // nothing is known of deleted accounts
		assert.Equal(t, signedIn, account["last_sign_in"] != nil, account["email"])
	}
	assert.Equal(t, map[string]any{"ada@example.com": "ready", "grace@example.com": "archived", "gone@example.com": "deleting", "new@example.com": "none"}, statuses)
	for _, secret := range []string{"data_key", "token", "password"} {
		assert.NotContains(t, all.Raw, secret)
	}

	found := listAccounts(s, "?"+url.Values{"search": {" ADA@ "}, "sort": {"size"}}.Encode()).Items()
	require.Len(t, found, 1)
	assert.Equal(t, ada.Name, found[0]["name"])
	assert.Equal(t, true, found[0]["open"])
	assert.Empty(t, listAccounts(s, "?page=2").Items())
	assert.Len(t, listAccounts(s, "?page=-1").Items(), 4)

	details := s.Call(http.MethodGet, s.URL+"/api/operator/databases/"+ada.Name, s.SuperuserToken(), nil)
	require.Equal(t, 200, details.Status, details.Raw)
	assert.EqualValues(t, len(ada.ListOwn("meetings", "")), details.Get("contents.meetings"))
	assert.EqualValues(t, 0, details.Get("contents.recordings"))
	assert.Greater(t, details.Get("usage"), 1000.0)
}

func TestOwnersSeeWhoHasArchivedTheirDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for _, action := range []string{"archive", "restore"} {
		got := s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/"+action, s.SuperuserToken(), nil)
		require.Equal(t, 204, got.Status, got.Raw)
	}
	again := s.Call(http.MethodPost, s.URL+"/api/operator/databases/"+p.Name+"/restore", s.SuperuserToken(), nil)
	assert.Equal(t, 400, again.Status)
	assert.Contains(t, again.Text("message"), "othing to restore")
	admin := apptest.Secrets().AdminEmail
	assert.Equal(t, []string{"sign_in password owner", "database_archived superuser " + admin, "database_restored superuser " + admin},
		describe(activity(s, p.Token, p.ID)))
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
}
