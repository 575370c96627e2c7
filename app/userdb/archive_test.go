package userdb_test

import (
	"archive/tar"
	"errors"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestUnusedDatabaseIsArchivedUntilItsUserSignsIn(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=30d", "USER_DB_IDLE_TIMEOUT=100ms"}})
	p, active := s.SignUp("ada@example.com"), s.SignUp("active@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	listMeetings(active)
	waitUntilAllClosed(s)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	for _, name := range []string{p.Name, active.Name} {
		s.Backdate(name, "created", 40*24*time.Hour)
	}
	s.Backdate(p.Name, "last_used", 31*24*time.Hour)
	s.Backdate(active.Name, "last_used", 29*24*time.Hour)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["status"] == "archived" })
	s.Eventually(func() bool { _, err := os.Stat(s.FolderPath(p.Name)); return os.IsNotExist(err) })
	files := archivedFiles(t, s.ArchivePath(p.Name))
	assert.Contains(t, files, "data.db")
	assert.NotContains(t, files, "data.db-wal", "the write-ahead log is merged into data.db")
	assert.Equal(t, "ready", s.RegistryRow(active.Name)["status"])
	assert.Equal(t, 401, listMeetings(p), "the client must renew its session")

	back := s.SignInAgain(p, apptest.Password)
	assert.Equal(t, before, back.Fingerprint())
	assert.NoFileExists(t, s.ArchivePath(p.Name))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])

	renewed := s.Call("POST", s.URL+"/api/session", back.Token, nil)
	assert.Equal(t, 200, renewed.Status)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"], "the sign-in counts as a use")
}

// archivedFiles returns the names of the files in an archive.
func archivedFiles(t *testing.T, path string) (names []string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	decompressor, err := zstd.NewReader(file)
	require.NoError(t, err)
	defer decompressor.Close()
	for archive := tar.NewReader(decompressor); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		names = append(names, header.Name)
	}
}

func TestNothingIsArchivedByDefault(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	s.Backdate(p.Name, "created", 10*365*24*time.Hour)
	s.Backdate(p.Name, "last_used", 9*365*24*time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])
}

func TestDatabaseInUseIsNotArchived(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=1s"}})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
	s.Backdate(p.Name, "created", time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context())) // records the last use
	s.Backdate(p.Name, "last_used", time.Hour)                      // as if it had been open for an hour
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])
}

func TestOldArchiveIsDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_ARCHIVES_AFTER=365d"}})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	assert.Empty(t, archiveDatabase(s, p.Name))
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	s.Backdate(p.Name, "archived_at", 364*24*time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	require.FileExists(t, s.ArchivePath(p.Name), "the archive is not due yet")
	s.Backdate(p.Name, "archived_at", 366*24*time.Hour)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name) == nil })
	assert.NoFileExists(t, s.ArchivePath(p.Name))
	assert.Empty(t, s.SignInAgain(p, apptest.Password).ListOwn("meetings", ""), "the user gets a new database")
}

func TestMissingArchiveIsReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.Empty(t, archiveDatabase(s, p.Name))
	require.NoError(t, os.Rename(s.ArchivePath(p.Name), s.ArchivePath(p.Name)+".elsewhere"))
	refused := s.SignIn(p.Email)
	assert.Equal(t, http.StatusServiceUnavailable, refused.Status)
	assert.NotContains(t, refused.Raw, ".archives")
	assert.Contains(t, s.Log.String(), "no such file")
	require.NoError(t, os.Rename(s.ArchivePath(p.Name)+".elsewhere", s.ArchivePath(p.Name)))
	assert.Equal(t, 200, s.SignIn(p.Email).Status)
}
