package hooks_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// pragma executes a PRAGMA on the connections that a database writes with.
func pragma(t *testing.T, db dbx.Builder, statement string) {
	t.Helper()
	_, err := db.NewQuery("PRAGMA " + statement).Execute()
	require.NoError(t, err)
}

// writes returns requests that write to the global database or the person's own, by description.
func writes(p apptest.Person, job, preference string) map[string]func() apptest.Answer {
	large := strings.Repeat("x", 12_000) // needs new pages
	own := p.DatabaseURL + "/api/collections/preferences/records"
	return map[string]func() apptest.Answer{
		"sign-up": func() apptest.Answer { return p.SignUpOnly("new@example.com") },
		"change of user": func() apptest.Answer {
			return p.Call("PATCH", p.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{"name": large[:200]})
		},
		"job": func() apptest.Answer { return p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}) },
		"batch of jobs": func() apptest.Answer {
			return p.Call("POST", p.URL+"/api/batch", p.Token, map[string]any{"requests": []any{
				map[string]any{"method": "DELETE", "url": apptest.JobsPath + "/" + job},
				map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{"kind": "fathom.sync", "payload": map[string]any{}}},
			}})
		},
		"deletion of a job": func() apptest.Answer { return p.Call("DELETE", p.URL+apptest.JobsPath+"/"+job, p.Token, nil) },
		"preference": func() apptest.Answer {
			return p.Call("POST", own, p.Session, map[string]any{"key": "k", "value": large})
		},
		"change of a preference": func() apptest.Answer {
			return p.Call("PATCH", own+"/"+preference, p.Session, map[string]any{"value": large})
		},
		"deletion of a preference": func() apptest.Answer { return p.Call("DELETE", own+"/"+preference, p.Session, nil) },
		"batch of preferences": func() apptest.Answer {
			return p.Call("POST", p.DatabaseURL+"/api/batch", p.Session, map[string]any{"requests": []any{
				map[string]any{"method": "POST", "url": "/api/collections/preferences/records", "body": map[string]any{"key": "b", "value": large}},
			}})
		},
	}
}

func personWithRecords(t *testing.T, s *apptest.Server) (p apptest.Person, job, preference string) {
	t.Helper()
	p = s.SignUp("ada@example.com")
	created := s.Call("POST", s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "fathom.sync", "payload": map[string]any{}, "run_at": "2999-01-01 00:00:00.000Z",
	})
	require.Equal(t, 200, created.Status, created.Raw)
	saved := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
	require.Equal(t, 200, saved.Status, saved.Raw)
	return p, created.Text("id"), saved.Text("id")
}

func TestWritesToAReadOnlyDatabaseAreRefusedWith503(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, job, preference := personWithRecords(t, s)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	setReadOnly := func(value string) {
		pragma(t, s.App.NonconcurrentDB(), "query_only = "+value)
		pragma(t, db.App.NonconcurrentDB(), "query_only = "+value)
	}
	defer setReadOnly("0")

	for name, write := range writes(p, job, preference) {
		setReadOnly("1") // a connection that has failed is replaced
		answer := write()
		assert.Equal(t, 503, answer.Status, "%s: %s", name, answer.Raw)
		assert.Contains(t, answer.Text("message"), "can't save anything at the moment", name)
		assert.NotEmpty(t, answer.Header.Get("Retry-After"), name)
	}
	assert.Equal(t, 200, p.Job(job).Status)
	assert.Equal(t, 200, p.Own("GET", "/api/collections/preferences/records/"+preference, nil).Status)
	assert.Equal(t, 200, s.SignIn(p.Email).Status)
	assert.Equal(t, 1, strings.Count(s.Log.String(), "failed to write: disk is read-only"), "one line a minute")
}

// Litestream writes to the global database of a running server.
func TestWritesToALockedDatabaseAreRefusedWith503(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, job, preference := personWithRecords(t, s)
	pragma(t, s.App.NonconcurrentDB(), "busy_timeout = 0")
	other, err := sqlite.Open(s.GlobalFile())
	require.NoError(t, err)
	execute := func(statement string) {
		_, err := other.NewQuery(statement).Execute()
		require.NoError(t, err)
	}
	execute("BEGIN IMMEDIATE")

	// PocketBase repeats a write outside a transaction for seven seconds, so that these are only those inside.
	requests := writes(p, job, preference)
	for _, name := range []string{"sign-up", "batch of jobs"} {
		answer := requests[name]()
		assert.Equal(t, 503, answer.Status, "%s: %s", name, answer.Raw)
		assert.Contains(t, answer.Text("message"), "The server is busy", name)
		assert.NotEmpty(t, answer.Header.Get("Retry-After"), name)
	}
	assert.Equal(t, 1, strings.Count(s.Log.String(), "kept the database locked"), "one line a minute")
	assert.Equal(t, disk.NoFault, s.App.Disk.Problem())
	execute("ROLLBACK")
	require.NoError(t, other.Close())
	for _, name := range []string{"sign-up", "batch of jobs"} {
		assert.Equal(t, 200, requests[name]().Status, name)
	}
}

func TestWritesToAFullDatabaseAreRefusedWith507(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, job, preference := personWithRecords(t, s)
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	fill := func(app interface{ NonconcurrentDB() dbx.Builder }) {
		_, err := app.NonconcurrentDB().NewQuery("CREATE TABLE filler (v)").Execute()
		require.NoError(t, err)
		pragma(t, app.NonconcurrentDB(), "max_page_count = 1") // the current size, because it can't be less
	}
	fill(s.App)
	fill(db.App)

	requests := writes(p, job, preference)
	for _, name := range []string{"preference", "change of a preference", "batch of preferences"} {
		answer := requests[name]()
		assert.Equal(t, 507, answer.Status, "%s: %s", name, answer.Raw)
		assert.Contains(t, answer.Text("message"), "The server's disk is full", name)
	}
	refused := 0
	for i := 0; i < 200 && refused == 0; i++ { // until the last page has no space left
		answer := p.SignUpOnly(fmt.Sprintf("new%d@example.com", i))
		if answer.Status != 200 {
			assert.Equal(t, 507, answer.Status, answer.Raw)
			refused++
		}
	}
	assert.Equal(t, 1, refused)
	assert.Equal(t, 1, strings.Count(s.Log.String(), "failed to write: disk is full"), "one line a minute")
	assert.Equal(t, disk.NoFault, s.App.Disk.Problem(), "the disk itself has space")
}

// startOnDisk starts a server on a disk that has as many free bytes as the returned value says.
func startOnDisk(t *testing.T, dir string) (*apptest.Server, *atomic.Int64) {
	t.Helper()
	free := new(atomic.Int64)
	free.Store(1 << 30)
	return apptest.Start(t, apptest.Options{Dir: dir, Prepare: func(s *apptest.Server) { simulateDisk(s, free) }}), free
}

func simulateDisk(s *apptest.Server, free *atomic.Int64) {
	s.App.Disk = disk.New(disk.Config{
		Dirs: []string{filepath.Join(s.Dir, "pb_data"), filepath.Join(s.Dir, "user_dbs")}, Logger: s.App.Log,
		Usage: func(string) (disk.Usage, error) { return disk.Usage{Free: free.Load()}, nil },
	})
	s.App.FreeSpace = func(string) (int64, error) {
		info, err := os.Stat(filepath.Join(s.Dir, "pb_data", disk.ReserveName))
		if err != nil {
			return free.Load(), nil
		}
		return free.Load() + 64<<20 - info.Size(), nil // with what the reserve has released
	}
}

func TestRefusingARecordIsNoFaultOfTheDisk(t *testing.T) {
	t.Parallel()
	s, free := startOnDisk(t, "")
	p, neighbour := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	free.Store(50 << 20) // less than records must leave free, and more than a full disk has
	for range 3 {
		refused := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "theme", "value": "dark"})
		assert.Equal(t, 507, refused.Status, refused.Raw)
		assert.Contains(t, refused.Text("message"), "there is no space for the record")
		assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	}
	assert.Equal(t, 1, strings.Count(s.Log.String(), "refused to write: the disk has too little space"), "one line a minute")
	assert.NotContains(t, s.Log.String(), "request failed")
	assert.Nil(t, s.Call("GET", s.URL+"/api/health", "", nil).Get("data.disk"))
	info, err := os.Stat(filepath.Join(s.Dir, "pb_data", disk.ReserveName))
	require.NoError(t, err)
	assert.EqualValues(t, 64<<20, info.Size(), "the reserve is not released")
	assert.Equal(t, 200, neighbour.Enqueue("fathom.sync", map[string]any{}).Status)
	assert.NotContains(t, s.Log.String(), "failed to write")
}

func TestPeopleCanReadExportAndDeleteOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, free := startOnDisk(t, "")
	p, job, preference := personWithRecords(t, s)
	reserve := filepath.Join(s.Dir, "pb_data", disk.ReserveName)
	info, err := os.Stat(reserve)
	require.NoError(t, err)
	require.EqualValues(t, 64<<20, info.Size())

	free.Store(1 << 20)
	s.App.Disk.Check()
	info, err = os.Stat(reserve)
	require.NoError(t, err)
	assert.EqualValues(t, 16<<20, info.Size(), "a part is kept for the next start")
	requests := writes(p, job, preference)
	for _, name := range []string{"sign-up", "job", "batch of jobs", "preference", "change of a preference", "batch of preferences"} {
		answer := requests[name]()
		assert.Equal(t, 507, answer.Status, "%s: %s", name, answer.Raw)
	}
	assert.Equal(t, "full", s.Call("GET", s.URL+"/api/health", "", nil).Text("data.disk"))

	assert.Equal(t, 200, s.SignIn(p.Email).Status)
	assert.Equal(t, 200, p.Own("GET", "/api/collections/preferences/records", nil).Status)
	assert.Equal(t, 200, requests["change of user"]().Status, "people can secure their accounts")
	assert.Equal(t, 200, s.Call("GET", p.DatabaseURL+"/api/export?token="+p.ExportToken(), "", nil).Status)
	assert.Equal(t, 204, requests["deletion of a preference"]().Status)
	assert.Equal(t, 204, requests["deletion of a job"]().Status)
	assert.Equal(t, 204, s.Call(http.MethodDelete, s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)

	free.Store(1 << 30)
	s.App.Disk.Check()
	assert.Nil(t, s.Call("GET", s.URL+"/api/health", "", nil).Get("data.disk"))
	s.SignUp("new@example.com")
}

func TestServerStartsOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, _ := startOnDisk(t, "")
	p := s.SignUp("ada@example.com")
	later := s.CreateUsers(1)[0] // has no database yet
	require.NoError(t, s.Stop())

	free := new(atomic.Int64) // nothing is free
	again := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Prepare: func(s *apptest.Server) { simulateDisk(s, free) }})
	info, err := os.Stat(filepath.Join(s.Dir, "pb_data", disk.ReserveName))
	require.NoError(t, err)
	assert.Zero(t, info.Size())
	p = p.On(again)
	assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	_, err = again.App.Databases.Provision(t.Context(), again.User(later.Id))
	require.ErrorIs(t, err, disk.ErrFull)
	token, err := again.User(later.Id).NewAuthToken()
	require.NoError(t, err)
	signIn := func() int { return again.Call("POST", again.URL+"/api/session", token, nil).Status }
	assert.Equal(t, 507, signIn(), "a database would need space")
	free.Store(1 << 30)
	again.App.Disk.Check()
	assert.Equal(t, 200, signIn())
}
