package userdb_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// countOwn counts rows of a file of a person's database.
func countOwn(p apptest.Person, file, query string) (n int) {
	p.T.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.Server.FolderPath(p.Name), file))
	require.NoError(p.T, err)
	defer db.Close()
	require.NoError(p.T, db.NewQuery(query).Row(&n))
	return n
}

func TestClosedDatabasesAreMaintained(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p, untouched := s.SignUp("ada@example.com"), s.SignUp("untouched@example.com")
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	db.App.Logger().Error("new")
	_, err = db.App.NonconcurrentDB().NewQuery("INSERT INTO _otps (id, collectionRef, recordRef, password, created, updated) VALUES ('old', 'c', 'r', 'p', '2020-01-01 00:00:00.000Z', '')").Execute()
	require.NoError(t, err)
	db.Release()
	waitUntilClosed(p)
	assert.FileExists(t, s.FolderPath(p.Name)+"/data.db-wal", "it is kept for the next opening")
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })

	logs, err := dbx.Open("sqlite", s.FolderPath(p.Name)+"/auxiliary.db")
	require.NoError(t, err)
	_, err = logs.NewQuery("INSERT INTO _logs (id, message, created) VALUES ('old', 'old', '2020-01-01 00:00:00.000Z')").Execute()
	require.NoError(t, err)
	require.NoError(t, logs.Close())
	require.Equal(t, 2, countOwn(p, "auxiliary.db", "SELECT COUNT(*) FROM _logs"))

	runCron(s, "userDatabaseMaintenance")
	s.Eventually(func() bool {
		return s.RegistryRow(p.Name)["maintained_at"] != "" && s.RegistryRow(untouched.Name)["maintained_at"] != ""
	})
	assert.Equal(t, 1, countOwn(p, "auxiliary.db", "SELECT COUNT(*) FROM _logs"), "old logs go")
	assert.Zero(t, countOwn(p, "data.db", "SELECT COUNT(*) FROM _otps"), "old one-time passwords go")
	for _, name := range []string{p.Name, untouched.Name} {
		assert.NoFileExists(t, s.FolderPath(name)+"/data.db-wal")
		assert.NoFileExists(t, s.FolderPath(name)+"/data.db-shm")
	}
	info, err := os.Stat(s.FolderPath(untouched.Name) + "/data.db")
	require.NoError(t, err)
	assert.EqualValues(t, info.Size(), s.RegistryRow(untouched.Name)["size"])

	first := s.RegistryRow(untouched.Name)["maintained_at"]
	s.Backdate(p.Name, "maintained_at", 48*time.Hour)
	s.Backdate(p.Name, "last_used", time.Hour)
	long := s.RegistryRow(p.Name)["maintained_at"]
	require.NoError(t, s.App.Databases.Maintain(t.Context()))
	assert.NotEqual(t, long, s.RegistryRow(p.Name)["maintained_at"])
	assert.Equal(t, first, s.RegistryRow(untouched.Name)["maintained_at"], "what nobody has used is left alone")
}

func TestUseAndSizeAreWrittenDown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.SignUp("ada@example.com")
	assert.Greater(t, s.RegistryRow(p.Name)["size"], 100_000.0, "from the beginning")
	p.CreateSamples()
	s.Eventually(func() bool { return s.RegistryRow(p.Name)["last_used"] != "" })
	stopped := s.SignUp("stopped@example.com")
	stopped.CreateSamples()
	require.NoError(t, s.Stop())
	db, err := dbx.Open("sqlite", filepath.Join(s.Dir, "pb_data", "data.db"))
	require.NoError(t, err)
	defer db.Close()
	var used string
	require.NoError(t, db.NewQuery("SELECT last_used FROM user_databases WHERE name = '"+stopped.Name+"'").Row(&used))
	assert.NotEmpty(t, used, "also when the server stops")
}
