package userdb_test

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// runCron has the server's cron run a job now.
func runCron(s *apptest.Server, id string) {
	s.T.Helper()
	require.Equal(s.T, 204, s.Call("POST", s.URL+"/api/crons/"+id, s.SuperuserToken(), nil).Status)
}

// closed waits until nobody has a person's database open any more.
func waitUntilClosed(p apptest.Person) {
	p.T.Helper()
	p.Eventually(func() bool { return p.OpenDatabases() == 0 })
}

// outcome is what became of the one database an operation was about.
func outcome(t *testing.T, run func(report func(userdb.Outcome)) error) userdb.Outcome {
	t.Helper()
	var outcomes []userdb.Outcome
	require.NoError(t, run(func(o userdb.Outcome) { outcomes = append(outcomes, o) }))
	require.Len(t, outcomes, 1)
	return outcomes[0]
}

func restoreDatabase(s *apptest.Server, name string) userdb.Outcome {
	s.T.Helper()
	return outcome(s.T.(*testing.T), func(report func(userdb.Outcome)) error {
		return s.App.Databases.Restore(s.T.Context(), []string{name}, report)
	})
}

func TestADeletedUserHasAWayBack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.ListOwn("meetings", "")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("meetings/*")).Status)

	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.True(t, stream.Ended(), "the stream outlived the account")
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, 400, s.SignIn(p.Email).Status)
	row := s.RegistryRow(p.Name)
	assert.Equal(t, "deleting", row["status"])
	due, err := types.ParseDateTime(row["delete_after"])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(7*24*time.Hour), due.Time(), time.Minute)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.DirExists(t, s.FolderPath(p.Name), "not before the grace period is over")

	assert.Empty(t, restoreDatabase(s, p.Email).Error)
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status, "sessions from before stay dead")
	back := s.SignIn(p.Email)
	require.Equal(t, 200, back.Status, back.Raw)
	assert.Equal(t, p.ID, back.Text("record.id"))
	assert.Equal(t, p.Name, back.Text("meta.database.name"))
	p.Session = back.Text("meta.database.token")
	assert.Equal(t, before, p.ListOwn("meetings", ""))
	kept, err := s.App.FindFirstRecordByData("user_databases", "name", p.Name)
	require.NoError(t, err)
	assert.Contains(t, []string{"", "null"}, kept.GetString("owner"), "what was kept of the account is forgotten")
}

func TestADeletedUserIsGoneAfterTheGracePeriod(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=1d"}})
	p, kept := s.SignUp("ada@example.com"), s.SignUp("kept@example.com")
	p.CreateSamples()
	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.NotEmpty(t, s.FilesContaining(p.Marker()))

	fresh := s.SignUp(p.Email)
	assert.NotEqual(t, p.Name, fresh.Name, "who signs up again gets a database of their own")
	assert.Contains(t, restoreDatabase(s, p.Name).Error, "another account")

	s.Backdate(p.Name, "delete_after", time.Second)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name) == nil })
	assert.NoDirExists(t, s.FolderPath(p.Name))
	for _, path := range s.FilesContaining(p.Marker()) {
		t.Errorf("%s still has data of a deleted user", path)
	}
	assert.Equal(t, 200, kept.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, 200, fresh.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestAnUnusedDatabaseIsArchivedAndComesBackBySigningIn(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=30d", "USER_DB_IDLE_TIMEOUT=100ms"}})
	p, used := s.SignUp("ada@example.com"), s.SignUp("used@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	used.Own("GET", "/api/collections/meetings/records", nil)
	waitUntilClosed(p)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	for _, name := range []string{p.Name, used.Name} {
		s.Backdate(name, "created", 40*24*time.Hour)
	}
	s.Backdate(p.Name, "last_used", 31*24*time.Hour)
	s.Backdate(used.Name, "last_used", 29*24*time.Hour)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["status"] == "archived" })
	s.Eventually(func() bool { _, err := os.Stat(s.FolderPath(p.Name)); return os.IsNotExist(err) })
	names := archived(t, s.ArchivePath(p.Name))
	assert.Contains(t, names, "data.db")
	assert.NotContains(t, names, "data.db-wal", "all of it is in data.db")
	assert.Equal(t, "ready", s.RegistryRow(used.Name)["status"])
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status, "an old session asks to be renewed")

	back := s.SignInAgain(p, apptest.Password)
	assert.Equal(t, before, back.Fingerprint())
	assert.NoFileExists(t, s.ArchivePath(p.Name))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])

	renewed := s.Call("POST", s.URL+"/api/session", back.Token, nil)
	assert.Equal(t, 200, renewed.Status)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"], "it has just been used")
}

// archived lists the names in an archive.
func archived(t *testing.T, path string) (names []string) {
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

// Whoever deletes their account while their database is being packed is deleted.
func TestADeletionIsNotLostToAnArchive(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	for i := range 8 {
		p := s.SignUp(fmt.Sprintf("p%d@example.com", i))
		p.CreateSamples()
		packed := make(chan userdb.Outcome, 1)
		go func() {
			assert.NoError(t, s.App.Databases.Archive(context.Background(), []string{p.Name}, func(o userdb.Outcome) { packed <- o }))
		}()
		require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
		<-packed
		assert.Equal(t, "deleting", s.RegistryRow(p.Name)["status"])
		require.Empty(t, restoreDatabase(s, p.Name).Error)
		assert.Len(t, s.SignInAgain(p, apptest.Password).ListOwn("meetings", ""), 1)
	}
}

func TestOldArchivesAreDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_ARCHIVES_AFTER=365d"}})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	assert.Empty(t, outcome(t, func(report func(userdb.Outcome)) error {
		return s.App.Databases.Archive(t.Context(), []string{p.Name}, report)
	}).Error)
	runCron(s, "userDatabaseRetention")
	s.Backdate(p.Name, "archived_at", 364*24*time.Hour)
	runCron(s, "userDatabaseRetention")
	require.FileExists(t, s.ArchivePath(p.Name), "not before its time")
	s.Backdate(p.Name, "archived_at", 366*24*time.Hour)
	runCron(s, "userDatabaseRetention")
	s.Eventually(func() bool { return s.RegistryRow(p.Name) == nil })
	assert.NoFileExists(t, s.ArchivePath(p.Name))
	assert.Empty(t, s.SignInAgain(p, apptest.Password).ListOwn("meetings", ""), "the user begins anew")
}

func TestNothingIsArchivedUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	s.Backdate(p.Name, "created", 10*365*24*time.Hour)
	s.Backdate(p.Name, "last_used", 9*365*24*time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])
}

func TestADatabaseInUseIsNotArchived(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=1s"}})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("preferences/*")).Status)
	s.Backdate(p.Name, "created", time.Hour)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context())) // its use is written down by now
	s.Backdate(p.Name, "last_used", time.Hour)                      // when it was opened: it has been open since
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.RegistryRow(p.Name)["status"])
}

func TestAnOperatorDeletesAndRestoresADatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	before := p.Fingerprint()
	del := func(atOnce bool) userdb.Outcome {
		return outcome(t, func(report func(userdb.Outcome)) error {
			return s.App.Databases.Delete(t.Context(), []string{p.Email}, atOnce, report)
		})
	}
	assert.Empty(t, del(false).Error)
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	refused := s.SignIn(p.Email)
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.Text("message"), "Contact the operator")

	assert.Empty(t, restoreDatabase(s, p.Email).Error)
	assert.Equal(t, before, s.SignInAgain(p, apptest.Password).Fingerprint(), "the account was never touched")
	assert.Contains(t, restoreDatabase(s, p.Email).Error, "nothing to restore")

	assert.Empty(t, del(true).Error)
	assert.NoDirExists(t, s.FolderPath(p.Name))
	assert.Nil(t, s.RegistryRow(p.Name))
	assert.Equal(t, 200, s.SignIn(p.Email).Status, "they begin anew")
	assert.Error(t, s.App.Databases.Delete(t.Context(), []string{"nobody@example.com"}, false, nil))
	assert.Error(t, s.App.Databases.Delete(t.Context(), nil, true, nil), "no names means none")
}

func TestAnArchiveThatIsGoneIsSaidSo(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.Empty(t, outcome(t, func(report func(userdb.Outcome)) error {
		return s.App.Databases.Archive(t.Context(), []string{p.Name}, report)
	}).Error)
	require.NoError(t, os.Rename(s.ArchivePath(p.Name), s.ArchivePath(p.Name)+".elsewhere"))
	refused := s.SignIn(p.Email)
	assert.Equal(t, http.StatusServiceUnavailable, refused.Status)
	assert.NotContains(t, refused.Raw, ".archives")
	assert.Contains(t, s.Log.String(), "no such file")
	require.NoError(t, os.Rename(s.ArchivePath(p.Name)+".elsewhere", s.ArchivePath(p.Name)))
	assert.Equal(t, 200, s.SignIn(p.Email).Status)
}
