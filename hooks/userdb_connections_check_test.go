package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	checkedFirst = "/api/collections/connections/records?check=before"
	meetingsPath = "/external/v1/meetings"
)

func fathomKey(secret string) map[string]any {
	return map[string]any{"provider": "fathom", "secret": secret}
}

func isScheduled(t *testing.T, p apptest.Person) (scheduled bool) {
	t.Helper()
	apptest.QueryRow(t, p.DataFile(), "SELECT scheduled FROM connections", &scheduled)
	return scheduled
}

func TestNewKeyIsCheckedBeforeItIsSavedIfTheClientAsks(t *testing.T) {
	t.Parallel()
	const wrong = "a-wrong-fathom-api-key"
	s := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=6h"}})
	p := s.SignUp("ada@example.com")

	refused := p.Own(http.MethodPost, checkedFirst, fathomKey(wrong))
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "validation_secret_refused", refused.Text("data.secret.code"))
	assert.Equal(t, "Fathom refused this API key.", refused.Text("data.secret.message"))
	assert.Empty(t, p.ListOwn("connections", ""), "nothing is saved")

	s.Simulator.Inject(simulator.Fault{Path: meetingsPath, Status: 503, RetryAfter: time.Minute})
	down := p.Own(http.MethodPost, checkedFirst, fathomKey(simulator.DemoAPIKey))
	assert.Equal(t, 503, down.Status)
	assert.Equal(t, "Fathom couldn't be reached to check this key.", down.Text("message"))
	assert.Empty(t, p.ListOwn("connections", ""))

	s.Simulator.Inject(simulator.Fault{Path: meetingsPath, Status: 429, RetryAfter: time.Minute})
	busy := p.Own(http.MethodPost, checkedFirst, fathomKey("a-key-that-is-used-too-much"))
	assert.Equal(t, 503, busy.Status)
	assert.Equal(t, "Fathom is too busy to check this key.", busy.Text("message"))

	accepted := p.Own(http.MethodPost, checkedFirst, fathomKey(" "+simulator.DemoAPIKey+"\n"))
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, "valid", accepted.Text("status"))
	assert.NotEmpty(t, accepted.Text("checked_at"))
	s.Eventually(func() bool {
		jobs := p.Call(http.MethodGet, s.URL+apptest.JobsPath, p.Token, nil).Items()
		return len(jobs) == 1 && jobs[0]["kind"] == "fathom.sync" && jobs[0]["status"] == "completed"
	})
	s.Eventually(func() bool { return isScheduled(t, p) })

	for _, answer := range []apptest.Answer{refused, down, busy, accepted} {
		assert.NotContains(t, answer.Raw, wrong)
		assert.NotContains(t, answer.Raw, simulator.DemoAPIKey)
	}
	logged := s.Log.String()
	assert.NotContains(t, logged, wrong)
	assert.NotContains(t, logged, simulator.DemoAPIKey)
}

func TestFirstSyncStartsAfterACrashThatFollowedTheCheck(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=6h"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own(http.MethodPost, checkedFirst, fathomKey(simulator.DemoAPIKey)).Status)
	s.Eventually(func() bool { return isScheduled(t, p) })
	jobs := func() []map[string]any { return p.Call(http.MethodGet, s.URL+apptest.JobsPath, p.Token, nil).Items() }
	s.Eventually(func() bool { list := jobs(); return len(list) == 1 && list[0]["status"] == "completed" })

	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	connection, err := db.App.FindFirstRecordByData("connections", "provider", "fathom")
	require.NoError(t, err)
	connection.Set("scheduled", false) // as it is before the first sync
	require.NoError(t, db.App.Save(connection))
	_, err = db.App.DB().NewQuery("DELETE FROM meetings").Execute()
	require.NoError(t, err)
	db.Release()
	s = s.Restart("SYNC_EVERY=6h")
	p = p.On(s)
	p.ListOwn("connections", "") // opens the database
	s.Eventually(func() bool { return len(jobs()) == 2 })
}

func TestKeyThatDoesNotWorkIsReplacedAfterACheckIfTheClientAsks(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	saved := p.SaveKey("a-wrong-fathom-api-key")
	require.Equal(t, "invalid", saved.Text("status"))
	path := "/api/collections/connections/records/" + saved.Text("id")
	before := p.Own(http.MethodGet, path, nil)

	refused := p.Own(http.MethodPatch, path+"?check=before", map[string]any{"secret": "another-wrong-key"})
	assert.Equal(t, 400, refused.Status)
	assert.Equal(t, "Fathom refused this API key.", refused.Text("data.secret.message"), "the earlier one isn't in use")
	assert.Equal(t, before.Raw, p.Own(http.MethodGet, path, nil).Raw)

	job := p.Enqueue("fathom.sync", map[string]any{})
	accepted := p.Own(http.MethodPatch, path+"?check=before", map[string]any{"secret": simulator.DemoAPIKey})
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Equal(t, "valid", accepted.Text("status"))
	assert.Empty(t, accepted.Text("reason"))
	s.Eventually(func() bool { return p.Job(job.Text("id")).Text("status") == "completed" })
}

func TestWorkingKeyCanBeReplacedWithoutACheckWhileFathomIsDown(t *testing.T) {
	t.Parallel()
	const next = "a-second-key-of-the-same-person"
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, next}}})
	p := s.SignUp("ada@example.com")
	path := "/api/collections/connections/records/" + p.SaveKey(simulator.DemoAPIKey).Text("id")
	s.Simulator.Inject(simulator.Fault{Path: meetingsPath, Status: 503, RetryAfter: time.Minute})
	require.Equal(t, 503, p.Own(http.MethodPatch, path, map[string]any{"secret": next}).Status)
	assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"), "the earlier key works")

	s.Simulator.Inject(simulator.Fault{Path: meetingsPath, Status: 503, RetryAfter: time.Minute})
	saved := p.Own(http.MethodPatch, path+"?check=after", map[string]any{"secret": next})
	require.Equal(t, 200, saved.Status, saved.Raw)
	assert.Equal(t, "checking", saved.Text("status"))
	assert.Equal(t, next[len(next)-4:], saved.Text("last_four"))
	s.Eventually(func() bool { return p.Own(http.MethodGet, path, nil).Text("status") == "unchecked" })
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	assert.Equal(t, "valid", p.Own(http.MethodGet, path, nil).Text("status"))
}

func TestCheckParameterIsRefusedWhereItCannotWork(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	unknown := p.Own(http.MethodPost, "/api/collections/connections/records?check=never", fathomKey(simulator.DemoAPIKey))
	assert.Equal(t, 400, unknown.Status)
	assert.Contains(t, unknown.Text("message"), `must be "before" or "after"`)
	batch := p.Own(http.MethodPost, "/api/batch", map[string]any{"requests": []any{
		map[string]any{"method": "POST", "url": checkedFirst, "body": fathomKey(simulator.DemoAPIKey)},
	}})
	assert.Equal(t, 400, batch.Status, batch.Raw)
	assert.Contains(t, batch.Raw, "can't be checked in a batch")
	assert.Empty(t, s.Simulator.Requests(), "nobody asked Fathom")
}
