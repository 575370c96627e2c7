package userdb_test

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
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// edit changes the global database of a stopped server.
func edit(s *apptest.Server, statement string) {
	s.T.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(s.Dir, "pb_data", "data.db"))
	require.NoError(s.T, err)
	_, err = db.NewQuery(statement).Execute()
	require.NoError(s.T, err)
	require.NoError(s.T, db.Close())
}

func TestAHalfMadeDatabaseIsFinishedAtTheNextStart(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	reserved, built, renamed := s.SignUp("reserved@example.com"), s.SignUp("built@example.com"), s.SignUp("renamed@example.com")
	require.NoError(t, s.Stop())
	folder := func(name string) string { return filepath.Join(s.Dir, "user_dbs", name) }
	edit(s, "UPDATE user_databases SET status = 'provisioning', schema_version = ''")
	require.NoError(t, os.RemoveAll(folder(reserved.Name)))
	require.NoError(t, os.RemoveAll(folder(built.Name)))
	require.NoError(t, os.Mkdir(folder(".new-"+built.Name), 0o700))
	require.NoError(t, os.WriteFile(folder(".new-"+built.Name)+"/data.db", []byte("half"), 0o600))

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	for _, p := range []apptest.Person{reserved, built, renamed} {
		p.Server, p.DatabaseURL = next, next.URL+"/db/"+p.Name
		assert.Equal(t, 200, p.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status, p.Email)
		assert.Equal(t, p.Name, next.SignIn(p.Email).Text("meta.database.name"))
	}
	assert.Len(t, next.DatabaseFolders(), 3, "no scratch folder is left")
}

func TestFoldersAndRowsThatDontMatchLoseNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	lost, kept := s.SignUp("lost@example.com"), s.SignUp("kept@example.com")
	require.NoError(t, s.Stop())
	folder := func(name string) string { return filepath.Join(s.Dir, "user_dbs", name) }
	today := time.Now().UTC().Format(time.DateOnly)
	stranger := today + "-003-new"
	require.NoError(t, os.Rename(folder(lost.Name), folder(stranger)))

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	assert.Contains(t, next.Log.String(), "missing")
	assert.Contains(t, next.Log.String(), stranger)
	lost.Server, lost.DatabaseURL = next, next.URL+"/db/"+lost.Name
	assert.Equal(t, 503, lost.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)
	assert.NoDirExists(t, folder(lost.Name), "no empty database takes the place of a lost one")
	kept.Server, kept.DatabaseURL = next, next.URL+"/db/"+kept.Name
	assert.Equal(t, 200, kept.Own(http.MethodGet, "/api/collections/meetings/records", nil).Status)

	fresh := next.SignUp("new@example.com")
	assert.Equal(t, today+"-004-new", fresh.Name, "a folder that is somebody's is never handed to another")
}

func TestTwoProcessesNeverShareADataDirectory(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	second := app.New(config.LoadFrom(s.Dir, append(apptest.Secrets().Environ(),
		"DATA_DIR="+filepath.Join(s.Dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(s.Dir, "user_dbs"))))
	hooks.Register(second)
	require.ErrorContains(t, cli.Run(t.Context(), second, "serve"), "another fathom-to-loom is running")
}

func TestABusyPortIsAnErrorAndTouchesNoJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	dir := t.TempDir()
	second := app.New(config.LoadFrom(dir, append(apptest.Secrets().Environ(),
		"DATA_DIR="+filepath.Join(dir, "pb_data"), "USER_DBS_DIR="+filepath.Join(dir, "user_dbs"))))
	hooks.Register(second)
	require.ErrorContains(t, cli.Run(t.Context(), second, "serve", "--http", s.URL[len("http://"):]), "address already in use")
}

func TestOpeningAndClosingLeaksNothing(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_MAX_OPEN=1"}})
	people := []apptest.Person{s.SignUp("a@example.com"), s.SignUp("b@example.com")}
	visit := func() {
		for _, p := range people {
			db, err := s.App.Databases.Acquire(context.Background(), p.Name)
			require.NoError(t, err)
			db.Release()
		}
	}
	visit()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 50 {
		visit()
	}
	s.Eventually(func() bool { return runtime.NumGoroutine() <= goroutines+5 && openFiles(t) <= files+5 })
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
