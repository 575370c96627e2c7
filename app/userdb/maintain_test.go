package userdb_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestClosedDatabasesAreMaintained(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p, unused := s.SignUp("ada@example.com"), s.SignUp("unused@example.com")
	handle := acquire(p)
	handle.App.Logger().Error("new")
	_, err := handle.App.NonconcurrentDB().NewQuery(
		"INSERT INTO _otps (id, collectionRef, recordRef, password, created, updated) " +
			"VALUES ('old', 'c', 'r', 'p', '2020-01-01 00:00:00.000Z', '')").Execute()
	require.NoError(t, err)
	handle.Release()
	require.Equal(t, 200, listMeetings(p))
	waitUntilAllClosed(s)
	assert.FileExists(t, p.DataFile()+"-wal", "the write-ahead log stays, which makes the next opening fast")
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })

	logFile := filepath.Join(s.FolderPath(p.Name), "auxiliary.db")
	apptest.Execute(t, logFile, "INSERT INTO _logs (id, message, created) VALUES ('old', 'old', '2020-01-01 00:00:00.000Z')")
	countLogs := func() (n int) {
		apptest.QueryRow(t, logFile, "SELECT COUNT(*) FROM _logs", &n)
		return n
	}
	require.Equal(t, 2, countLogs())

	runCron(s, "userDatabaseMaintenance")
	s.Eventually(func() bool {
		return s.RegistryRow(p.Name)["maintained_at"] != "" && s.RegistryRow(unused.Name)["maintained_at"] != ""
	})
	assert.Equal(t, 1, countLogs(), "old logs are deleted")
	var passwords int
	apptest.QueryRow(t, p.DataFile(), "SELECT COUNT(*) FROM _otps", &passwords)
	assert.Zero(t, passwords, "old one-time passwords are deleted")
	for _, person := range []apptest.Person{p, unused} {
		assert.NoFileExists(t, person.DataFile()+"-wal")
		assert.NoFileExists(t, person.DataFile()+"-shm")
	}
	size := int64(0)
	for _, file := range []string{unused.DataFile(), filepath.Join(filepath.Dir(unused.DataFile()), userdb.OwnerFile)} {
		info, err := os.Stat(file)
		require.NoError(t, err)
		size += info.Size()
	}
	assert.EqualValues(t, size, s.RegistryRow(unused.Name)["size"])

	unusedMaintained := s.RegistryRow(unused.Name)["maintained_at"]
	s.Backdate(p.Name, "maintained_at", 48*time.Hour)
	s.Backdate(p.Name, "last_used", time.Hour)
	maintained := s.RegistryRow(p.Name)["maintained_at"]
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	assert.NotEqual(t, maintained, s.RegistryRow(p.Name)["maintained_at"])
	skipped := s.RegistryRow(unused.Name)["maintained_at"]
	assert.Equal(t, unusedMaintained, skipped, "a database that was not used since is skipped")
}
