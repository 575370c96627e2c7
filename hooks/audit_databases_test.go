package hooks_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const connectionsPath = "/api/collections/connections/records"

func TestAuditTrailOfADatabase(t *testing.T) {
	t.Parallel()
	admin := apptest.Secrets().AdminEmail
	run := func(s *apptest.Server, args ...string) {
		s.T.Helper()
		other := apptest.NewApp(s.Dir)
		other.RootCmd.SetOut(io.Discard)
		other.RootCmd.SetErr(io.Discard)
		require.NoError(s.T, cli.Run(s.T.Context(), other, append([]string{"userdb"}, args...)...))
	}
	connect := func(s *apptest.Server, p apptest.Person) string {
		return p.SaveKey(simulator.DemoAPIKey).Text("id")
	}
	for name, test := range map[string]struct {
		act  func(s *apptest.Server, p apptest.Person)
		want []string // in addition to the sign-in
	}{
		"new key": {func(s *apptest.Server, p apptest.Person) { connect(s, p) }, []string{"connection_added fathom owner"}},
		"key by a batch": {func(s *apptest.Server, p apptest.Person) {
			got := p.Own(http.MethodPost, "/api/batch", map[string]any{"requests": []map[string]any{{
				"method": "POST", "url": connectionsPath, "body": map[string]any{"provider": "fathom", "secret": simulator.DemoAPIKey},
			}}})
			require.Equal(s.T, 200, got.Status, got.Raw)
		}, []string{"connection_added fathom owner"}},
		"replaced key": {func(s *apptest.Server, p apptest.Person) {
			got := p.Own(http.MethodPatch, connectionsPath+"/"+connect(s, p), map[string]any{"secret": simulator.DemoAPIKey})
			require.Equal(s.T, 200, got.Status, got.Raw)
		}, []string{"connection_added fathom owner", "connection_replaced fathom owner"}},
		"removed key": {func(s *apptest.Server, p apptest.Person) {
			got := p.Own(http.MethodDelete, connectionsPath+"/"+connect(s, p), nil)
			require.Equal(s.T, 204, got.Status, got.Raw)
		}, []string{"connection_added fathom owner", "connection_removed fathom owner"}},
		"key removed by a superuser": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodDelete, p.DatabaseURL+connectionsPath+"/"+connect(s, p), s.SuperuserToken(), nil)
			require.Equal(s.T, 204, got.Status, got.Raw)
		}, []string{"connection_added fathom owner", "connection_removed fathom superuser " + admin, "database_opened superuser " + admin}},
		"superuser's visit": {func(s *apptest.Server, p apptest.Person) {
			for range 3 {
				got := s.Call(http.MethodGet, p.DatabaseURL+"/api/collections/meetings/records", s.SuperuserToken(), nil)
				require.Equal(s.T, 200, got.Status, got.Raw)
			}
		}, []string{"database_opened superuser " + admin}},
		"superuser's visit to the admin UI's files only": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 200, s.Call(http.MethodGet, p.DatabaseURL+"/_/", s.SuperuserToken(), nil).Status)
		}, []string{}},
		"export": {func(s *apptest.Server, p apptest.Person) {
			got := s.Call(http.MethodGet, p.DatabaseURL+"/api/export?token="+p.ExportToken(), "", nil)
			require.Equal(s.T, 200, got.Status)
		}, []string{"database_exported owner"}},
		"export by a command": {func(s *apptest.Server, p apptest.Person) {
			run(s, "export", p.Name, "--output", filepath.Join(s.T.TempDir(), "export.zip"))
		}, []string{"database_exported operator"}},
		"bundle": {func(s *apptest.Server, p apptest.Person) {
			p.CreateSamples()
			link := p.Own(http.MethodPost, "/api/bundles", map[string]any{"filter": "recording_id > 0"})
			require.Equal(s.T, 200, link.Status, link.Raw)
			require.Equal(s.T, 200, s.Call(http.MethodGet, p.DatabaseURL+link.Text("path"), "", nil).Status)
		}, []string{"meetings_exported owner"}},
		"archive and restoration by commands": {func(s *apptest.Server, p apptest.Person) {
			run(s, "archive", p.Name)
			run(s, "restore", p.Name)
		}, []string{"database_archived operator", "database_restored operator"}},
		"restoration by a sign-in": {func(s *apptest.Server, p apptest.Person) {
			run(s, "archive", p.Name)
			require.Equal(s.T, 200, s.SignIn(p.Email).Status)
		}, []string{"database_archived operator", "database_restored server"}},
		"deletion and its end by commands": {func(s *apptest.Server, p apptest.Person) {
			run(s, "delete", p.Name, "--yes")
			run(s, "restore", p.Name)
		}, []string{"deletion_scheduled operator", "deletion_undone operator"}},
		"deletion of the database only": {func(s *apptest.Server, p apptest.Person) {
			run(s, "delete", p.Name, "--now", "--yes")
		}, []string{"deletion_scheduled operator", "database_deleted operator"}},
		"deletion of the account": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 204, s.Call(http.MethodDelete, s.URL+usersPath+"/"+p.ID, p.Token, nil).Status)
		}, []string{"deletion_scheduled owner"}},
		"deletion of the account by a superuser": {func(s *apptest.Server, p apptest.Person) {
			require.Equal(s.T, 204, s.Call(http.MethodDelete, s.URL+usersPath+"/"+p.ID, s.SuperuserToken(), nil).Status)
		}, []string{"deletion_scheduled superuser " + admin}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{})
			p := s.SignUp("ada@example.com")
			test.act(s, p)
			var got []string
			s.Eventually(func() bool { // a superuser's requests are written soon
				got = describe(activity(s, s.SuperuserToken(), p.ID))
				return len(got) > len(test.want)
			})
			assert.ElementsMatch(t, append(test.want, "sign_in password owner"), got)
		})
	}
}

func TestExportsContainTheActivity(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	got := s.Call(http.MethodGet, p.DatabaseURL+"/api/export?token="+p.ExportToken(), "", nil)
	require.Equal(t, 200, got.Status)
	archive, err := zip.NewReader(strings.NewReader(got.Raw), int64(len(got.Raw)))
	require.NoError(t, err)
	file, err := archive.Open("activity.json")
	require.NoError(t, err)
	defer file.Close()
	var events []map[string]any
	require.NoError(t, json.NewDecoder(file).Decode(&events))
	assert.Equal(t, []any{"database_exported", "sign_in"}, kinds(events))
	assert.NotEmpty(t, events[0]["last_at"])
}
