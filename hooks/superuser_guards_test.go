package hooks_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestABackupWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	made := s.Call("POST", s.URL+"/api/backups", s.SuperuserToken(), map[string]any{"name": "now.zip"})
	require.Equal(t, 204, made.Status, made.Raw)
	token := s.Call("POST", s.URL+"/api/files/token", s.SuperuserToken(), nil).Text("token")
	got := s.Call("GET", s.URL+"/api/backups/now.zip?token="+token, "", nil)
	require.Equal(t, 200, got.Status)
	archive, err := zip.NewReader(bytes.NewReader([]byte(got.Raw)), int64(len(got.Raw)))
	require.NoError(t, err)
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	assert.Contains(t, names, "data.db")
	for _, name := range []string{".lock", ".control.sock"} {
		assert.NotContains(t, names, name, "it means something to running processes only")
	}
}

func TestUsersAreNotImpersonated(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for _, collection := range []string{"users", "_pb_users_auth_"} {
		got := s.Call("POST", s.URL+"/api/collections/"+collection+"/impersonate/"+p.ID, s.SuperuserToken(), map[string]any{"duration": 3600})
		assert.Equal(t, 403, got.Status, got.Raw)
	}
}

func TestTheSQLConsoleReachesNoOtherFile(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	sql := func(query string) apptest.Answer {
		return s.Call("POST", s.URL+"/api/sql", s.SuperuserToken(), map[string]any{"query": query})
	}
	assert.Equal(t, 200, sql("SELECT COUNT(*) FROM users").Status)
	file := "'" + s.FolderPath(p.Name) + "/data.db'"
	for _, query := range []string{
		"ATTACH DATABASE " + file + " AS other", "SELECT 1; attach " + file + " as other", "DETACH other",
		"VACUUM INTO '" + s.Dir + "/copy.db'", "/* */ Vacuum\ninto 'x'",
	} {
		refused := sql(query)
		assert.Equal(t, 403, refused.Status, query)
	}
	// PocketBase would read the first document for the check and run the second.
	twice := "<r><Query>SELECT 1</Query></r>" + strings.Repeat(" ", 8192) + "<r><Query>VACUUM INTO '" + s.Dir + "/copy.db'</Query></r>"
	for _, kind := range []string{"text/xml", "application/xml; charset=utf-8"} {
		request, err := http.NewRequest("POST", s.URL+"/api/sql", strings.NewReader(twice))
		require.NoError(t, err)
		request.Header.Set("Content-Type", kind)
		request.Header.Set("Authorization", s.SuperuserToken())
		assert.Equal(t, 415, s.Do(request).Status, kind)
	}
	assert.NoFileExists(t, s.Dir+"/copy.db")
	assert.Equal(t, 403, s.Call("POST", s.URL+"/api/sql", p.Token, map[string]any{"query": "SELECT 1"}).Status)
}
