package hooks_test

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// ago sets a date of a row in the registry, as if it had been then.
func (s *server) ago(name, field string, before time.Duration) {
	s.t.Helper()
	stamp, err := types.ParseDateTime(time.Now().Add(-before))
	require.NoError(s.t, err)
	_, err = s.app.NonconcurrentDB().Update("user_databases", dbx.Params{field: stamp.String()}, dbx.HashExp{"name": name}).Execute()
	require.NoError(s.t, err)
}

// row is a row of the registry as the superuser sees it.
func (s *server) row(name string) map[string]any {
	s.t.Helper()
	got := s.call("GET", s.url+"/api/collections/user_databases/records?filter="+`name%3D"`+name+`"`, s.superuser(), nil)
	require.Equal(s.t, 200, got.Status, got.Raw)
	if items := got.items(); len(items) == 1 {
		return items[0]
	}
	return nil
}

// runCron has the server's cron run a job now.
func (s *server) runCron(id string) {
	s.t.Helper()
	require.Equal(s.t, 204, s.call("POST", s.url+"/api/crons/"+id, s.superuser(), nil).Status)
}

// closed waits until nobody has a person's database open any more.
func (p person) closed() {
	p.t.Helper()
	p.eventually(func() bool { return p.openDatabases() == 0 })
}

func (s *server) folder(name string) string { return filepath.Join(s.dir, "user_dbs", name) }

func (s *server) archive(name string) string {
	return filepath.Join(s.dir, "user_dbs", ".archives", name+".tar.zst")
}

// outcome is what became of the one database an operation was about.
func outcome(t *testing.T, run func(report func(userdb.Outcome)) error) userdb.Outcome {
	t.Helper()
	var outcomes []userdb.Outcome
	require.NoError(t, run(func(o userdb.Outcome) { outcomes = append(outcomes, o) }))
	require.Len(t, outcomes, 1)
	return outcomes[0]
}

func (s *server) restoreDatabase(name string) userdb.Outcome {
	s.t.Helper()
	return outcome(s.t.(*testing.T), func(report func(userdb.Outcome)) error {
		return s.app.Databases.Restore(s.t.Context(), []string{name}, report)
	})
}

func TestADeletedUserHasAWayBack(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	p.furnish()
	before := p.listOwn("meetings", "")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "meetings/*")).Status)

	require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+p.id, p.token, nil).Status)
	assert.True(t, stream.ended(), "the stream outlived the account")
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, 400, s.authenticate(p.email).Status)
	row := s.row(p.name)
	assert.Equal(t, "deleting", row["status"])
	due, err := types.ParseDateTime(row["delete_after"])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(7*24*time.Hour), due.Time(), time.Minute)
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context()))
	assert.DirExists(t, s.folder(p.name), "not before the grace period is over")

	assert.Empty(t, s.restoreDatabase(p.email).Error)
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status, "sessions from before stay dead")
	back := s.authenticate(p.email)
	require.Equal(t, 200, back.Status, back.Raw)
	assert.Equal(t, p.id, back.text("record.id"))
	assert.Equal(t, p.name, back.text("meta.database.name"))
	p.session = back.text("meta.database.token")
	assert.Equal(t, before, p.listOwn("meetings", ""))
	kept, err := s.app.FindFirstRecordByData("user_databases", "name", p.name)
	require.NoError(t, err)
	assert.Contains(t, []string{"", "null"}, kept.GetString("owner"), "what was kept of the account is forgotten")
}

func TestADeletedUserIsGoneAfterTheGracePeriod(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_DELETE_GRACE=1d"}})
	p, kept := s.signUp("ada@example.com"), s.signUp("kept@example.com")
	p.furnish()
	require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+p.id, p.token, nil).Status)
	assert.NotEmpty(t, s.grepData(secretOf(p)))

	fresh := s.signUp(p.email)
	assert.NotEqual(t, p.name, fresh.name, "who signs up again gets a database of their own")
	assert.Contains(t, s.restoreDatabase(p.name).Error, "another account")

	s.ago(p.name, "delete_after", time.Second)
	s.runCron("userDatabaseRetention")
	s.eventually(func() bool { return s.row(p.name) == nil })
	assert.NoDirExists(t, s.folder(p.name))
	for _, path := range s.grepData(secretOf(p)) {
		t.Errorf("%s still has data of a deleted user", path)
	}
	assert.Equal(t, 200, kept.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.Equal(t, 200, fresh.own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestAnUnusedDatabaseIsArchivedAndComesBackBySigningIn(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_ARCHIVE_AFTER=30d", "USER_DB_IDLE_TIMEOUT=100ms"}})
	p, used := s.signUp("ada@example.com"), s.signUp("used@example.com")
	p.furnish()
	before := p.fingerprint()
	used.own("GET", "/api/collections/meetings/records", nil)
	p.closed()
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context()))
	for _, name := range []string{p.name, used.name} {
		s.ago(name, "created", 40*24*time.Hour)
	}
	s.ago(p.name, "last_used", 31*24*time.Hour)
	s.ago(used.name, "last_used", 29*24*time.Hour)
	s.runCron("userDatabaseRetention")
	s.eventually(func() bool { return s.row(p.name)["status"] == "archived" })
	s.eventually(func() bool { _, err := os.Stat(s.folder(p.name)); return os.IsNotExist(err) })
	names := archived(t, s.archive(p.name))
	assert.Contains(t, names, "data.db")
	assert.NotContains(t, names, "data.db-wal", "all of it is in data.db")
	assert.Equal(t, "ready", s.row(used.name)["status"])
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status, "an old session asks to be renewed")

	back := s.signInAgain(p, userPassword)
	assert.Equal(t, before, back.fingerprint())
	assert.NoFileExists(t, s.archive(p.name))
	assert.Equal(t, "ready", s.row(p.name)["status"])

	renewed := s.call("POST", s.url+"/api/session", back.token, nil)
	assert.Equal(t, 200, renewed.Status)
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.row(p.name)["status"], "it has just been used")
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
	s := start(t, options{})
	for i := range 8 {
		p := s.signUp(fmt.Sprintf("p%d@example.com", i))
		p.furnish()
		packed := make(chan userdb.Outcome, 1)
		go func() {
			assert.NoError(t, s.app.Databases.Archive(context.Background(), []string{p.name}, func(o userdb.Outcome) { packed <- o }))
		}()
		require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+p.id, p.token, nil).Status)
		<-packed
		assert.Equal(t, "deleting", s.row(p.name)["status"])
		require.Empty(t, s.restoreDatabase(p.name).Error)
		assert.Len(t, s.signInAgain(p, userPassword).listOwn("meetings", ""), 1)
	}
}

func TestOldArchivesAreDeleted(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_DELETE_ARCHIVES_AFTER=365d"}})
	p := s.signUp("ada@example.com")
	p.furnish()
	assert.Empty(t, outcome(t, func(report func(userdb.Outcome)) error {
		return s.app.Databases.Archive(t.Context(), []string{p.name}, report)
	}).Error)
	s.runCron("userDatabaseRetention")
	s.ago(p.name, "archived_at", 364*24*time.Hour)
	s.runCron("userDatabaseRetention")
	require.FileExists(t, s.archive(p.name), "not before its time")
	s.ago(p.name, "archived_at", 366*24*time.Hour)
	s.runCron("userDatabaseRetention")
	s.eventually(func() bool { return s.row(p.name) == nil })
	assert.NoFileExists(t, s.archive(p.name))
	assert.Empty(t, s.signInAgain(p, userPassword).listOwn("meetings", ""), "the user begins anew")
}

func TestNothingIsArchivedUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	s.ago(p.name, "created", 10*365*24*time.Hour)
	s.ago(p.name, "last_used", 9*365*24*time.Hour)
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.row(p.name)["status"])
}

func TestADatabaseInUseIsNotArchived(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_ARCHIVE_AFTER=1s"}})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "preferences/*")).Status)
	s.ago(p.name, "created", time.Hour)
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context())) // its use is written down by now
	s.ago(p.name, "last_used", time.Hour)                           // when it was opened: it has been open since
	require.NoError(t, s.app.Databases.ApplyRetention(t.Context()))
	assert.Equal(t, "ready", s.row(p.name)["status"])
}

func TestAnOperatorDeletesAndRestoresADatabase(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	p.furnish()
	before := p.fingerprint()
	del := func(atOnce bool) userdb.Outcome {
		return outcome(t, func(report func(userdb.Outcome)) error {
			return s.app.Databases.Delete(t.Context(), []string{p.email}, atOnce, report)
		})
	}
	assert.Empty(t, del(false).Error)
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status)
	refused := s.authenticate(p.email)
	assert.Equal(t, 403, refused.Status)
	assert.Contains(t, refused.text("message"), "Ask the operator")

	assert.Empty(t, s.restoreDatabase(p.email).Error)
	assert.Equal(t, before, s.signInAgain(p, userPassword).fingerprint(), "the account was never touched")
	assert.Contains(t, s.restoreDatabase(p.email).Error, "nothing to restore")

	assert.Empty(t, del(true).Error)
	assert.NoDirExists(t, s.folder(p.name))
	assert.Nil(t, s.row(p.name))
	assert.Equal(t, 200, s.authenticate(p.email).Status, "they begin anew")
	assert.Error(t, s.app.Databases.Delete(t.Context(), []string{"nobody@example.com"}, false, nil))
	assert.Error(t, s.app.Databases.Delete(t.Context(), nil, true, nil), "no names means none")
}

func TestAnArchiveThatIsGoneIsSaidSo(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	assert.Empty(t, outcome(t, func(report func(userdb.Outcome)) error {
		return s.app.Databases.Archive(t.Context(), []string{p.name}, report)
	}).Error)
	require.NoError(t, os.Rename(s.archive(p.name), s.archive(p.name)+".elsewhere"))
	refused := s.authenticate(p.email)
	assert.Equal(t, http.StatusServiceUnavailable, refused.Status)
	assert.NotContains(t, refused.Raw, ".archives")
	assert.Contains(t, s.log.String(), "no such file")
	require.NoError(t, os.Rename(s.archive(p.name)+".elsewhere", s.archive(p.name)))
	assert.Equal(t, 200, s.authenticate(p.email).Status)
}
