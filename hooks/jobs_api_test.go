package hooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// createDeadJobs creates n jobs, waits until they are dead and returns their ids. The jobs fail because
// the person has no connection to Fathom.
func createDeadJobs(p apptest.Person, n int) (ids []string) {
	p.T.Helper()
	for i := range n {
		created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 5000 + i})
		require.Equal(p.T, 200, created.Status, created.Raw)
		ids = append(ids, created.Text("id"))
	}
	for _, id := range ids {
		p.Eventually(func() bool { return p.Job(id).Text("status") == "dead" })
	}
	return ids
}

// batchOfJobs returns the requests of a batch that creates n jobs.
func batchOfJobs(n int) map[string]any {
	requests := make([]any, n)
	for i := range requests {
		requests[i] = map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": i + 1},
		}}
	}
	return map[string]any{"requests": requests}
}

func pauseAll(s *apptest.Server) {
	s.T.Helper()
	paused := s.Call("POST", s.URL+"/api/collections/queue_pauses/records", s.SuperuserToken(), map[string]any{"kind": "*"})
	require.Equal(s.T, 200, paused.Status, paused.Raw)
}

func TestBulkRetryAndCancelByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"WORKER_CONCURRENCY=4"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	ownJobs, otherJobs := createDeadJobs(p, 3), createDeadJobs(other, 2)
	assert.Equal(t, 401, s.Call("POST", s.URL+"/api/queue/retry", "", map[string]any{}).Status)
	assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", "", nil).Status)

	got := s.Call("POST", s.URL+"/api/queue/retry", p.Token, map[string]any{"user": other.ID})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.Body, "users change only their own jobs, even if they name another user")
	got = s.Call("POST", s.URL+"/api/queue/retry", p.Token, map[string]any{"ids": otherJobs})
	assert.Equal(t, map[string]any{"changed": 0.0, "skipped": 2.0}, got.Body)
	for _, misspelled := range []map[string]any{{"status": "daed"}, {"kind": "recording.transfers"}} {
		assert.Equal(t, 400, s.Call("POST", s.URL+"/api/queue/retry", p.Token, misspelled).Status)
	}
	haveRun := func(times int) {
		for _, id := range ownJobs {
			p.Eventually(func() bool {
				return p.Job(id).Text("status") == "dead" && len(p.Job(id).Get("history").([]any)) == times
			})
		}
	}
	haveRun(2)
	got = s.Call("POST", s.URL+"/api/queue/retry", s.SuperuserToken(), map[string]any{"kind": "recording.transfer"})
	assert.Equal(t, map[string]any{"changed": 5.0, "skipped": 0.0}, got.Body)
	haveRun(3)

	for i := range 3 {
		enqueueLater(p, i+1)
		enqueueLater(other, i+1)
	}
	got = s.Call("POST", s.URL+"/api/queue/cancel", p.Token, map[string]any{"status": "pending"})
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.Body)
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath+"?filter=status%3D'pending'", other.Token, nil).Items(), 3)
	assert.Equal(t, 400, s.Call("POST", s.URL+"/api/queue/cancel", p.Token, map[string]any{"ids": make([]string, 2000)}).Status)

	overview := s.Call("GET", s.URL+"/api/queue", other.Token, nil)
	require.Equal(t, 200, overview.Status)
	assert.Equal(t, []any{}, overview.Get("paused"))
	assert.Nil(t, overview.Get("statuses"))
	assert.EqualValues(t, 3, s.Call("GET", s.URL+"/api/queue", s.SuperuserToken(), nil).Get("statuses.cancelled"))
}

func TestOverviewHasThePositionsOf500Jobs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	pauseAll(s)
	got := s.Call("POST", s.URL+"/api/batch", p.Token, batchOfJobs(500))
	require.Equal(t, 200, got.Status, got.Raw)
	overview := s.Call("GET", s.URL+"/api/queue", p.Token, nil)
	assert.EqualValues(t, 500, overview.Get("waiting"))
	positions, ok := overview.Get("positions").(map[string]any)
	require.True(t, ok)
	seen := map[float64]bool{}
	for _, position := range positions {
		seen[position.(float64)] = true
	}
	assert.Len(t, seen, 500)
	assert.True(t, seen[1] && seen[500])
	assert.Equal(t, []any{"*"}, overview.Get("paused"))
}
