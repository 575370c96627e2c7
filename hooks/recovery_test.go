package hooks_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
)

// edit changes the global database of a stopped server.
func (s *server) edit(statement string) {
	s.t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(s.dir, "pb_data", "data.db"))
	require.NoError(s.t, err)
	_, err = db.NewQuery(statement).Execute()
	require.NoError(s.t, err)
	require.NoError(s.t, db.Close())
}

func TestAHalfMadeDatabaseIsFinishedAtTheNextStart(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	reserved, built, renamed := s.signUp("reserved@example.com"), s.signUp("built@example.com"), s.signUp("renamed@example.com")
	require.NoError(t, s.stop())
	folder := func(name string) string { return filepath.Join(s.dir, "user_dbs", name) }
	s.edit("UPDATE user_databases SET status = 'provisioning', schema_version = ''")
	require.NoError(t, os.RemoveAll(folder(reserved.name)))
	require.NoError(t, os.RemoveAll(folder(built.name)))
	require.NoError(t, os.Mkdir(folder(".new-"+built.name), 0o700))
	require.NoError(t, os.WriteFile(folder(".new-"+built.name)+"/data.db", []byte("half"), 0o600))

	next := start(t, options{dir: s.dir, sim: s.sim})
	for _, p := range []person{reserved, built, renamed} {
		p.server, p.db = next, next.url+"/db/"+p.name
		assert.Equal(t, 200, p.own(http.MethodGet, "/api/collections/meetings/records", nil).Status, p.email)
		assert.Equal(t, p.name, next.authenticate(p.email).text("meta.database.name"))
	}
	assert.Len(t, databaseFolders(t, next), 3, "no scratch folder is left")
}

func TestFoldersAndRowsThatDontMatchLoseNothing(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	lost, kept := s.signUp("lost@example.com"), s.signUp("kept@example.com")
	require.NoError(t, s.stop())
	folder := func(name string) string { return filepath.Join(s.dir, "user_dbs", name) }
	today := time.Now().UTC().Format(time.DateOnly)
	stranger := today + "-003-new"
	require.NoError(t, os.Rename(folder(lost.name), folder(stranger)))

	next := start(t, options{dir: s.dir, sim: s.sim})
	assert.Contains(t, next.log.String(), "missing")
	assert.Contains(t, next.log.String(), stranger)
	lost.server, lost.db = next, next.url+"/db/"+lost.name
	assert.Equal(t, 503, lost.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.NoDirExists(t, folder(lost.name), "no empty database takes the place of a lost one")
	kept.server, kept.db = next, next.url+"/db/"+kept.name
	assert.Equal(t, 200, kept.own(http.MethodGet, "/api/collections/meetings/records", nil).Status)

	fresh := next.signUp("new@example.com")
	assert.Equal(t, today+"-004-new", fresh.name, "a folder that is somebody's is never handed to another")
}

func TestTwoProcessesNeverShareADataDirectory(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	second := app.New(config.LoadFrom(s.dir, append(secrets().Environ(),
		"DATA_DIR="+filepath.Join(s.dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(s.dir, "user_dbs"))))
	hooks.Register(second)
	require.ErrorContains(t, cli.Run(t.Context(), second, "serve"), "another fathom-to-loom is running")
}

func TestABusyPortIsAnErrorAndTouchesNoJob(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	dir := t.TempDir()
	second := app.New(config.LoadFrom(dir, append(secrets().Environ(),
		"DATA_DIR="+filepath.Join(dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(dir, "user_dbs"))))
	hooks.Register(second)
	require.ErrorContains(t, cli.Run(t.Context(), second, "serve", "--http", s.url[len("http://"):]), "address already in use")
}

func TestOpeningAndClosingLeaksNothing(t *testing.T) {
	s := start(t, options{settings: []string{"USER_DB_MAX_OPEN=1"}})
	people := []person{s.signUp("a@example.com"), s.signUp("b@example.com")}
	visit := func() {
		for _, p := range people {
			db, err := s.app.Databases.Acquire(context.Background(), p.name)
			require.NoError(t, err)
			db.Release()
		}
	}
	visit()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 50 {
		visit()
	}
	s.eventually(func() bool { return runtime.NumGoroutine() <= goroutines+5 && openFiles(t) <= files+5 })
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
