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

func TestBackupLeavesOutRuntimeFiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	created := s.Call("POST", s.URL+"/api/backups", s.SuperuserToken(), map[string]any{"name": "now.zip"})
	require.Equal(t, 204, created.Status, created.Raw)
	token := s.Call("POST", s.URL+"/api/files/token", s.SuperuserToken(), nil).Text("token")
	backup := s.Call("GET", s.URL+"/api/backups/now.zip?token="+token, "", nil)
	require.Equal(t, 200, backup.Status)
	archive, err := zip.NewReader(bytes.NewReader([]byte(backup.Raw)), int64(len(backup.Raw)))
	require.NoError(t, err)
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	assert.Contains(t, names, "data.db")
	for _, name := range []string{".lock", ".control.sock"} {
		assert.NotContains(t, names, name, "the file belongs to the running process")
	}
}

func TestSuperuserCannotImpersonateUsers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for _, collection := range []string{"users", "_pb_users_auth_"} {
		got := s.Call("POST", s.URL+"/api/collections/"+collection+"/impersonate/"+p.ID, s.SuperuserToken(), map[string]any{"duration": 3600})
		assert.Equal(t, 403, got.Status, got.Raw)
	}
}

func TestSQLConsoleReachesNoOtherFile(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	runSQL := func(query string) apptest.Answer {
		return s.Call("POST", s.URL+"/api/sql", s.SuperuserToken(), map[string]any{"query": query})
	}
	assert.Equal(t, 200, runSQL("SELECT COUNT(*) FROM users").Status)
	file := "'" + s.FolderPath(p.Name) + "/data.db'"
	for _, query := range []string{
		"ATTACH DATABASE " + file + " AS other", "SELECT 1; attach " + file + " as other", "DETACH other",
		"VACUUM INTO '" + s.Dir + "/copy.db'", "/* */ Vacuum\ninto 'x'",
	} {
		assert.Equal(t, 403, runSQL(query).Status, query)
	}
	// Of two XML documents in a body, PocketBase would check the first and run the second.
	twoDocuments := "<r><Query>SELECT 1</Query></r>" + strings.Repeat(" ", 8192) + "<r><Query>VACUUM INTO '" + s.Dir + "/copy.db'</Query></r>"
	for _, contentType := range []string{"text/xml", "application/xml; charset=utf-8"} {
		request, err := http.NewRequest("POST", s.URL+"/api/sql", strings.NewReader(twoDocuments))
		require.NoError(t, err)
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", s.SuperuserToken())
		assert.Equal(t, 415, s.Do(request).Status, contentType)
	}
	assert.NoFileExists(t, s.Dir+"/copy.db")
	assert.Equal(t, 403, s.Call("POST", s.URL+"/api/sql", p.Token, map[string]any{"query": "SELECT 1"}).Status)
}
