package userdb_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// importFor imports an archive into a new account, whose owner then signs in.
func importFor(s *apptest.Server, email, path string) apptest.Person {
	s.T.Helper()
	result, err := s.App.Databases.Import(s.T.Context(), userdb.ImportRequest{File: path, Email: email, Create: true})
	require.NoError(s.T, err)
	user, err := s.App.FindAuthRecordByEmail("users", email)
	require.NoError(s.T, err)
	require.NotEqual(s.T, 200, s.SignIn(email).Status, "nobody knows the password")
	user.SetPassword(apptest.Password)
	require.NoError(s.T, s.App.Save(user))
	auth := s.SignIn(email)
	require.Equal(s.T, 200, auth.Status, auth.Raw)
	require.Equal(s.T, result.Name, auth.Text("meta.database.name"), "the account has the imported database")
	return apptest.Person{
		Server: s, ID: user.Id, Email: email, Token: auth.Text("token"), Name: result.Name,
		DatabaseURL: auth.Text("meta.database.url"), Session: auth.Text("meta.database.token"),
	}
}

func TestImportedDatabaseIsUsedLikeAnyOther(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := importFor(s, "ada@example.com", "../../e2e/testdata/export-2026-11.zip")
	require.Len(t, p.ListOwn("meetings", ""), 23)
	recording := p.ListOwn("recordings", apptest.RecordingFilter(1002))[0]
	fileToken := p.Own("POST", "/api/files/token", nil).Text("token")
	file := p.Call("GET", p.DatabaseURL+"/api/files/recordings/"+recording["id"].(string)+"/"+recording["file"].(string)+"?token="+fileToken, "", nil)
	require.Equal(t, 200, file.Status)
	assert.EqualValues(t, recording["size"], len(file.Raw))

	connection := p.ListOwn("connections", "")[0]
	assert.Equal(t, "invalid", connection["status"])
	assert.Equal(t, "Enter this key again. Exports contain no keys.", connection["reason"])
	waiting := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1003})
	require.Equal(t, 200, waiting.Status, waiting.Raw)

	path := "/api/collections/connections/records/" + connection["id"].(string)
	saved := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, saved.Status, saved.Raw)
	s.Eventually(func() bool { return p.ListOwn("connections", "")[0]["status"] == "valid" })
	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{"full": true}).Text("status"))
	assert.Len(t, p.ListOwn("meetings", ""), 23, "the sync recognizes the meetings, and the deleted one stays deleted")
	s.Eventually(func() bool { return p.Job(waiting.Text("id")).Text("status") == "completed" })
	assert.EqualValues(t, 1, p.Job(waiting.Text("id")).Get("attempts"), "the job waited for the key")
	assert.Len(t, p.ListOwn("recordings", ""), 3)
	assert.Empty(t, verifyDatabase(p))
	assert.Empty(t, s.Leftovers())

	var again bytes.Buffer
	require.NoError(t, s.App.Databases.ExportByName(t.Context(), p.Name, &again))
	archive := filepath.Join(t.TempDir(), "again.zip")
	require.NoError(t, os.WriteFile(archive, again.Bytes(), 0o600))
	copied := importFor(s, "copy@example.com", archive)
	assert.Len(t, copied.ListOwn("recordings", ""), 3, "an export of this version is imported as well, beside the original")
}

// Both servers have the same keys, and give the database the same name.
func TestSessionsOfTheExportingServerAreRefused(t *testing.T) {
	t.Parallel()
	old := apptest.Start(t, apptest.Options{})
	before := old.SignUp("ada@example.com")
	before.CreateSamples()
	fileToken := before.Own("POST", "/api/files/token", nil).Text("token")
	export := old.Call("GET", before.DatabaseURL+"/api/export?token="+before.ExportToken(), "", nil)
	require.Equal(t, 200, export.Status)
	archive := filepath.Join(t.TempDir(), "ada.zip")
	require.NoError(t, os.WriteFile(archive, []byte(export.Raw), 0o600))

	s := apptest.Start(t, apptest.Options{})
	p := importFor(s, "ada@example.com", archive)
	require.Equal(t, before.Name, p.Name)
	assert.Equal(t, p.ListOwn("meetings", "")[0]["title"], before.Marker())
	status := func(link, token string) int { return s.Call(http.MethodGet, link, token, nil).Status }
	meetings := p.DatabaseURL + "/api/collections/meetings/records"
	require.Equal(t, 200, status(meetings, p.Session))
	recording := p.ListOwn("recordings", "")[0]
	file := p.DatabaseURL + "/api/files/recordings/" + recording["id"].(string) + "/" + recording["file"].(string) + "?token="
	require.Equal(t, 200, status(file+p.Own("POST", "/api/files/token", nil).Text("token"), ""))
	for name, got := range map[string]int{
		"session":      status(meetings, before.Session),
		"file token":   status(file+fileToken, ""),
		"export token": status(p.DatabaseURL+"/api/export?token="+before.ExportToken(), ""),
	} {
		assert.Contains(t, []int{401, 403, 404}, got, name)
	}
	refresh := s.Call("POST", s.URL+"/api/collections/users/auth-refresh", before.Token, nil)
	assert.Equal(t, 401, refresh.Status, refresh.Raw)
}
