package userdb_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// unzip extracts a zip archive and returns its folder.
func unzip(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	dir := t.TempDir()
	for _, file := range archive.File {
		from, err := file.Open()
		require.NoError(t, err)
		raw, err := io.ReadAll(from) // also verifies the checksum
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, raw, 0o600))
	}
	return dir
}

// An export is a data directory that PocketBase opens. It contains the user's data, but no secrets.
func TestExportContainsAllDataButNoSecrets(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	handle := acquire(p)
	secrets := map[string]bool{}
	collections, err := handle.App.FindAllCollections("auth")
	require.NoError(t, err)
	for _, c := range collections {
		secrets[c.AuthToken.Secret], secrets[c.FileToken.Secret] = true, true
	}
	connection, err := handle.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	sealedKey := connection.GetString("secret")
	require.NotEmpty(t, sealedKey)
	superuserCollection, err := handle.App.FindCollectionByNameOrId("_superusers")
	require.NoError(t, err)
	superuser := core.NewRecord(superuserCollection)
	superuser.SetEmail("intruder@example.com")
	superuser.SetPassword("0123456789")
	require.NoError(t, handle.App.Save(superuser))
	handle.App.Logger().Error("an entry in the log of the database")
	handle.Release()

	got := s.Call("GET", p.DatabaseURL+p.Own("POST", "/api/export", nil).Text("path"), "", nil)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, "application/zip", got.Header.Get("Content-Type"))
	disposition := `^attachment; filename=fathom-to-loom-` + p.Name + `-\d{4}-\d{2}-\d{2}\.zip$`
	assert.Regexp(t, disposition, got.Header.Get("Content-Disposition"))
	dir := unzip(t, []byte(got.Raw))
	assert.FileExists(t, filepath.Join(dir, "README.txt"))

	exported := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	require.NoError(t, exported.Bootstrap())
	defer func() { require.NoError(t, terminate(exported)) }()
	meetings, err := exported.FindAllRecords("meetings")
	require.NoError(t, err)
	require.Len(t, meetings, 1)
	assert.Equal(t, p.Marker(), meetings[0].GetString("title"))
	recordings, err := exported.FindAllRecords("recordings")
	require.NoError(t, err)
	require.Len(t, recordings, 1)
	video, err := os.ReadFile(filepath.Join(dir, "storage", recordings[0].BaseFilesPath(), recordings[0].GetString("file")))
	require.NoError(t, err)
	assert.Equal(t, p.Marker(), string(video))
	users, err := exported.FindAllRecords("users")
	require.NoError(t, err)
	require.Len(t, users, 1)
	assert.Equal(t, p.Email, users[0].Email())
	superusers, err := exported.CountRecords("_superusers")
	require.NoError(t, err)
	assert.Zero(t, superusers, "the user creates a superuser on opening the export")

	raw, err := os.ReadFile(filepath.Join(dir, "data.db"))
	require.NoError(t, err)
	assert.NotContains(t, string(raw), sealedKey, "the encrypted key is overwritten, also in free pages")
	for secret := range secrets {
		assert.NotContains(t, string(raw), secret, "the signing secrets are replaced")
	}
	handle = acquire(p)
	defer handle.Release()
	after, err := handle.App.FindAllCollections("auth")
	require.NoError(t, err)
	for _, c := range after {
		assert.True(t, secrets[c.AuthToken.Secret], "the original keeps its secrets: %s", c.Name)
	}
	assert.Equal(t, "valid", p.ListOwn("connections", "")[0]["status"])
	assert.Empty(t, s.Leftovers(), "the snapshots are removed")
}

// terminate closes an app as PocketBase does.
func terminate(pb core.App) error {
	event := new(core.TerminateEvent)
	event.App = pb
	return pb.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
}

func TestInterruptedExportEndsWithAnErrorForTheClient(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	body := apptest.StartExport(t, s.SignUp("ada@example.com"))
	assert.NotEmpty(t, s.Leftovers(), "the snapshots exist during the export")
	require.NoError(t, s.Stop())
	_, err := io.Copy(io.Discard, body)
	require.Error(t, err, "the client must not take a part for the whole")
	require.NoError(t, body.Close())
	assert.Empty(t, s.Leftovers())
}

func TestDisconnectEndsAnExport(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	body := apptest.StartExport(t, p)
	assert.NotEmpty(t, s.Leftovers(), "the snapshots exist during the export")
	require.NoError(t, body.Close())
	s.Eventually(func() bool { return len(s.Leftovers()) == 0 })
	assert.Equal(t, 200, listMeetings(p))
}

func TestExportTokenIsValidForExportsOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SESSION_TTL=1h"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	token := p.ExportToken()
	status := func(method, link, authorization string) int {
		return s.Call(method, link, authorization, nil).Status
	}
	assert.Equal(t, 403, status("GET", other.DatabaseURL+"/api/export?token="+token, ""))
	assert.Equal(t, 401, status("GET", p.DatabaseURL+"/api/collections/meetings/records?token="+token, ""))
	assert.Equal(t, 403, status("GET", p.DatabaseURL+"/api/collections/meetings/records", token))
	exchanged := status("POST", p.DatabaseURL+"/api/export?token="+token, "")
	assert.Equal(t, 401, exchanged, "a token can't be exchanged for a later one")
	assert.Equal(t, 404, status("HEAD", p.DatabaseURL+"/api/export", p.Session))
	fileToken := p.Own("POST", "/api/files/token", nil).Text("token")
	assert.Equal(t, 403, status("GET", p.DatabaseURL+"/api/export?token="+fileToken, ""))
	require.Equal(t, 200, s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password",
	}).Status)
	assert.Equal(t, 401, status("GET", p.DatabaseURL+"/api/export?token="+token, ""), "a new password invalidates the token")
}

func TestOperatorExportsAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	require.Empty(t, archiveDatabase(s, p.Name))
	var archive bytes.Buffer
	require.NoError(t, s.App.Databases.ExportByName(t.Context(), p.Email, &archive))
	assert.FileExists(t, filepath.Join(unzip(t, archive.Bytes()), "data.db"))
	require.Error(t, s.App.Databases.ExportByName(t.Context(), "nobody@example.com", io.Discard))
}
