package hooks_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// logEntries returns the entries in the log database of a stopped server.
func logEntries(s *apptest.Server, condition string) (n int) {
	s.T.Helper()
	require.NoError(s.T, s.Stop())
	apptest.QueryRow(s.T, filepath.Join(s.Dir, "pb_data", "auxiliary.db"), "SELECT COUNT(*) FROM _logs WHERE "+condition, &n)
	return n
}

func TestRequestsOfGuestsAndUsersLeaveNothingInTheLogDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	long := strings.Repeat("x", 2000)
	for i := range 5 {
		for path, want := range map[string]int{
			"/api/nope?q=" + long:                                 404,
			"/_/?q=" + long:                                       200,
			"/api/collections/users/records/" + long:              404,
			"/api/collections/_superusers/records?filter=" + long: 403,
		} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
			require.NoError(t, err)
			request.Header.Set("User-Agent", long)
			request.Header.Set("Referer", long)
			assert.Equal(t, want, s.Do(request).Status, path[:20])
		}
		assert.Equal(t, 400, s.SignIn(fmt.Sprintf("nobody%d@example.com", i)).Status)
		assert.Equal(t, 200, s.Call("GET", s.URL+apptest.JobsPath+"?expand=nothing", p.Token, nil).Status)
		assert.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records?expand=nothing", nil).Status)
		assert.Equal(t, 400, p.Own("GET", "/api/collections/meetings/records?filter=nothing", nil).Status)
	}
	assert.NoFileExists(t, filepath.Join(s.FolderPath(p.Name), "auxiliary.db"))
	assert.Zero(t, logEntries(s, "TRUE"))
}

func TestRequestsOfSuperusersAreLogged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	token := s.SuperuserToken()
	body := map[string]any{"meta": map[string]any{"appName": "Renamed"}, "logs": map[string]any{"maxDays": 0, "minLevel": -4}}
	changed := s.Call(http.MethodPatch, s.URL+"/api/settings?token=secret&x=1", token, body)
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, map[string]any{"maxDays": 1.0, "minLevel": 4.0}, subset(changed.Get("logs"), "maxDays", "minLevel"))
	assert.Equal(t, 1, logEntries(s, `data ->> 'method' = 'PATCH' AND data ->> 'status' = 200 AND data ->> 'url' = '/api/settings?x=1' AND data ->> 'auth' = '_superusers'`))
}

func subset(object any, names ...string) map[string]any {
	found := map[string]any{}
	for _, name := range names {
		found[name] = object.(map[string]any)[name]
	}
	return found
}

func TestFailuresOfTheServerAreLogged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) {
		s.App.OnRecordsListRequest("users").BindFunc(func(e *core.RecordsListRequestEvent) error {
			return e.InternalServerError("", nil)
		})
	}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 500, s.Call("GET", s.URL+"/api/collections/users/records", p.Token, nil).Status)
	assert.Equal(t, 1, logEntries(s, `level = 8 AND data ->> 'status' = 500 AND data ->> 'url' = '/api/collections/users/records'`))
}

func TestSecretPathsAreInNoLog(t *testing.T) {
	t.Parallel()
	const secret = "S3CRETPARTOFTHEPATH"
	s := apptest.Start(t, apptest.Options{Settings: []string{"WEBHOOKS=on"}, Prepare: func(s *apptest.Server) {
		s.App.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.Router.GET("/api/fathom/{token}", func(e *core.RequestEvent) error { return e.InternalServerError("", nil) })
			return e.Next()
		})
	}})
	send := func(method, path, token string) int {
		request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, http.NoBody)
		require.NoError(t, err)
		request.Header.Set("Authorization", token)
		request.Header.Set("Referer", s.URL+path)
		return s.Do(request).Status
	}
	superuser := s.SuperuserToken()
	for _, path := range []string{"/api/fathom/" + secret, "/api/fathom/" + secret + "/1001"} {
		assert.Equal(t, 404, send("POST", path, superuser), path)
	}
	assert.Equal(t, 404, send("GET", "/api/unsubscribe?token="+secret, superuser))
	assert.Equal(t, 500, send("GET", "/api/fathom/"+secret, ""))
	_, err := s.App.NonconcurrentDB().NewQuery("ALTER TABLE fathom_endpoints RENAME TO unavailable").Execute()
	require.NoError(t, err)
	for _, path := range []string{"/api/fathom/" + secret, "/api/fathom/" + secret + "/1001"} {
		assert.Equal(t, 503, send("POST", path, ""), path)
		assert.Equal(t, 503, send("POST", path, superuser), path)
	}
	require.Equal(t, 6, logEntries(s, "data ->> 'url' LIKE '/api/%'"))
	assert.Empty(t, s.FilesContaining(secret))
	assert.NotContains(t, s.Log.String(), secret)
	assert.Contains(t, s.Log.String(), "/api/fathom/[redacted]", "the failure itself is logged")
}

func TestALargeLogDatabaseOfAnEarlierVersionIsReduced(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	file := filepath.Join(s.Dir, "pb_data", "auxiliary.db")
	apptest.Execute(t, file, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
		INSERT INTO _logs (id, level, message, data, created) SELECT 'entry' || i, 8, 'entry ' || i, '{"x":"' || hex(zeroblob(5000)) || '"}',
		strftime('%Y-%m-%d %H:%M:%fZ') FROM n`)
	size := func() int64 {
		info, err := os.Stat(file)
		require.NoError(t, err)
		return info.Size()
	}
	require.Greater(t, size(), int64(80<<20))
	s = s.Restart()
	assert.LessOrEqual(t, size(), int64(64<<20))
	assert.Equal(t, 1, logEntries(s, "message = 'entry 9000'"), "the newest entries are kept")
}
