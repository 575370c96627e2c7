package hooks_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countOwn counts rows of a file of a person's database.
func (p person) countOwn(file, query string) (n int) {
	p.t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(p.folder(p.name), file))
	require.NoError(p.t, err)
	defer db.Close()
	require.NoError(p.t, db.NewQuery(query).Row(&n))
	return n
}

func TestClosedDatabasesAreMaintained(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p, untouched := s.signUp("ada@example.com"), s.signUp("untouched@example.com")
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	db.App.Logger().Error("new")
	_, err = db.App.NonconcurrentDB().NewQuery("INSERT INTO _otps (id, collectionRef, recordRef, password, created, updated) VALUES ('old', 'c', 'r', 'p', '2020-01-01 00:00:00.000Z', '')").Execute()
	require.NoError(t, err)
	db.Release()
	p.closed()
	assert.FileExists(t, s.folder(p.name)+"/data.db-wal", "it is kept for the next opening")
	s.eventually(func() bool { return s.row(p.name)["last_used"] != "" })

	logs, err := dbx.Open("sqlite", s.folder(p.name)+"/auxiliary.db")
	require.NoError(t, err)
	_, err = logs.NewQuery("INSERT INTO _logs (id, message, created) VALUES ('old', 'old', '2020-01-01 00:00:00.000Z')").Execute()
	require.NoError(t, err)
	require.NoError(t, logs.Close())
	require.Equal(t, 2, p.countOwn("auxiliary.db", "SELECT COUNT(*) FROM _logs"))

	s.runCron("userDatabaseMaintenance")
	s.eventually(func() bool {
		return s.row(p.name)["maintained_at"] != "" && s.row(untouched.name)["maintained_at"] != ""
	})
	assert.Equal(t, 1, p.countOwn("auxiliary.db", "SELECT COUNT(*) FROM _logs"), "old logs go")
	assert.Zero(t, p.countOwn("data.db", "SELECT COUNT(*) FROM _otps"), "old one-time passwords go")
	for _, name := range []string{p.name, untouched.name} {
		assert.NoFileExists(t, s.folder(name)+"/data.db-wal")
		assert.NoFileExists(t, s.folder(name)+"/data.db-shm")
	}
	info, err := os.Stat(s.folder(untouched.name) + "/data.db")
	require.NoError(t, err)
	assert.EqualValues(t, info.Size(), s.row(untouched.name)["size"])

	first := s.row(untouched.name)["maintained_at"]
	s.ago(p.name, "maintained_at", 48*time.Hour)
	s.ago(p.name, "last_used", time.Hour)
	long := s.row(p.name)["maintained_at"]
	require.NoError(t, s.app.Databases.Maintain(t.Context()))
	assert.NotEqual(t, long, s.row(p.name)["maintained_at"])
	assert.Equal(t, first, s.row(untouched.name)["maintained_at"], "what nobody has used is left alone")
}

func TestUseAndSizeAreWrittenDown(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"USER_DB_IDLE_TIMEOUT=100ms"}})
	p := s.signUp("ada@example.com")
	assert.Greater(t, s.row(p.name)["size"], 100_000.0, "from the beginning")
	p.furnish()
	s.eventually(func() bool { return s.row(p.name)["last_used"] != "" })
	stopped := s.signUp("stopped@example.com")
	stopped.furnish()
	require.NoError(t, s.stop())
	db, err := dbx.Open("sqlite", filepath.Join(s.dir, "pb_data", "data.db"))
	require.NoError(t, err)
	defer db.Close()
	var used string
	require.NoError(t, db.NewQuery("SELECT last_used FROM user_databases WHERE name = '"+stopped.name+"'").Row(&used))
	assert.NotEmpty(t, used, "also when the server stops")
}
