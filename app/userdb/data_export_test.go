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

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// unzip writes an archive into a folder.
func unzip(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	dir := t.TempDir()
	for _, file := range archive.File {
		from, err := file.Open()
		require.NoError(t, err)
		raw, err := io.ReadAll(from) // checks the sum
		require.NoError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, raw, 0o600))
	}
	return dir
}

// An export is a data directory that PocketBase itself opens, with everything of
// the owner's in it but what opens something.
func TestTheOwnerTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	secrets := map[string]bool{}
	collections, err := db.App.FindAllCollections("auth")
	require.NoError(t, err)
	for _, c := range collections {
		secrets[c.AuthToken.Secret], secrets[c.FileToken.Secret] = true, true
	}
	connection, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	sealed := connection.GetString("secret")
	sneaked, err := db.App.FindCollectionByNameOrId("_superusers")
	require.NoError(t, err)
	superuser := core.NewRecord(sneaked)
	superuser.SetEmail("sneaked@example.com")
	superuser.SetPassword("0123456789")
	require.NoError(t, db.App.Save(superuser))
	db.App.Logger().Error("a line in the log", "of", "the database")
	db.Release()

	path := p.Own("POST", "/api/export", nil).Text("path")
	got := s.Call("GET", p.DatabaseURL+path, "", nil)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, "application/zip", got.Header.Get("Content-Type"))
	assert.Regexp(t, `^attachment; filename=fathom-to-loom-`+p.Name+`-\d{4}-\d{2}-\d{2}\.zip$`, got.Header.Get("Content-Disposition"))
	dir := unzip(t, []byte(got.Raw))
	assert.FileExists(t, dir+"/README.txt")

	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	require.NoError(t, pb.Bootstrap())
	defer func() { require.NoError(t, terminate(pb)) }()
	meetings, err := pb.FindAllRecords("meetings")
	require.NoError(t, err)
	require.Len(t, meetings, 1)
	assert.Equal(t, p.Marker(), meetings[0].GetString("title"))
	recordings, err := pb.FindAllRecords("recordings")
	require.NoError(t, err)
	video, err := os.ReadFile(filepath.Join(dir, "storage", recordings[0].BaseFilesPath(), recordings[0].GetString("file")))
	require.NoError(t, err)
	assert.Equal(t, p.Marker(), string(video))
	owners, err := pb.FindAllRecords("users")
	require.NoError(t, err)
	require.Len(t, owners, 1)
	assert.Equal(t, p.Email, owners[0].Email())
	superusers, err := pb.CountRecords("_superusers")
	require.NoError(t, err)
	assert.Zero(t, superusers, "whoever opens it makes their own")

	raw, err := os.ReadFile(filepath.Join(dir, "data.db"))
	require.NoError(t, err)
	assert.NotContains(t, string(raw), sealed, "the sealed key is not in it, not even in a free page")
	for secret := range secrets {
		assert.NotContains(t, string(raw), secret, "a signing secret of the database here")
	}
	again, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer again.Release()
	after, err := again.App.FindAllCollections("auth")
	require.NoError(t, err)
	assert.True(t, secrets[after[0].AuthToken.Secret], "the original keeps its own")
	assert.Equal(t, "valid", p.ListOwn("connections", "")[0]["status"])
	assert.Empty(t, s.Leftovers(), "no snapshot is left")
}

// terminate closes an app as PocketBase would.
func terminate(pb core.App) error {
	event := new(core.TerminateEvent)
	event.App = pb
	return pb.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
}

func TestAnExportThatBreaksOffDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	body := apptest.StartExport(t, s.SignUp("ada@example.com"))
	require.NoError(t, s.Stop())
	_, err := io.Copy(io.Discard, body)
	require.Error(t, err, "the client took a part for the whole")
	require.NoError(t, body.Close())
	assert.Empty(t, s.Leftovers())
}

func TestWhoHangsUpEndsAnExport(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.NoError(t, apptest.StartExport(t, p).Close())
	s.Eventually(func() bool { return len(s.Leftovers()) == 0 })
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestAnExportTokenIsForAnExportOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SESSION_TTL=1h"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	token := p.ExportToken()
	assert.Equal(t, 403, s.Call("GET", other.DatabaseURL+"/api/export?token="+token, "", nil).Status)
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/collections/meetings/records?token="+token, "", nil).Status)
	assert.Equal(t, 403, s.Call("GET", p.DatabaseURL+"/api/collections/meetings/records", token, nil).Status)
	assert.Equal(t, 401, s.Call("POST", p.DatabaseURL+"/api/export?token="+token, "", nil).Status, "it can't make itself last longer")
	assert.Equal(t, 404, s.Call("HEAD", p.DatabaseURL+"/api/export", p.Session, nil).Status)
	files := p.Own("POST", "/api/files/token", nil).Text("token")
	assert.Equal(t, 403, s.Call("GET", p.DatabaseURL+"/api/export?token="+files, "", nil).Status)
	require.Equal(t, 200, s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"}).Status)
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/export?token="+token, "", nil).Status, "it ends with the password")
}

func TestAnArchivedDatabaseIsExportedByTheOperator(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	var archive bytes.Buffer
	require.NoError(t, s.App.Databases.ExportByName(t.Context(), p.Email, &archive))
	assert.FileExists(t, filepath.Join(unzip(t, archive.Bytes()), "data.db"))
	require.Error(t, s.App.Databases.ExportByName(t.Context(), "nobody@example.com", io.Discard))
}
