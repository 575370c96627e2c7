package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestInvalidJobIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for problem, job := range map[string]map[string]any{
		"no kind":              {},
		"unknown kind":         {"kind": "rm.rf", "payload": map[string]any{}},
		"no recording":         {"kind": "recording.transfer", "payload": map[string]any{}},
		"text for a number":    {"kind": "recording.transfer", "payload": map[string]any{"recording_id": "1001"}},
		"negative recording":   {"kind": "recording.transfer", "payload": map[string]any{"recording_id": -1}},
		"fractional recording": {"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1.5}},
		"unknown key":          {"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1, "path": "/etc"}},
		"list for an object":   {"kind": "fathom.sync", "payload": []int{1}},
		"large payload":        {"kind": "fathom.sync", "payload": map[string]any{"full": strings.Repeat("x", 5000)}},
	} {
		got := s.Call(http.MethodPost, s.URL+apptest.JobsPath, p.Token, job)
		assert.Equal(t, 400, got.Status, "%s: %s", problem, got.Raw)
		fields, _ := got.Get("data").(map[string]any)
		assert.NotEmpty(t, fields, "%s: the response must name the field: %s", problem, got.Raw)
	}
	assert.Empty(t, s.Call(http.MethodGet, s.URL+apptest.JobsPath, s.SuperuserToken(), nil).Items())
}

func TestJobAccessByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	superuser := s.SuperuserToken()
	created := s.Call(http.MethodPost, s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "fathom.sync", "run_at": inAnHour(),
		"user": other.ID, "status": "completed", "attempts": -5, "max_attempts": 1000, "worker_id": "me", "priority": 99, "result": "done",
	})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, p.ID, created.Text("user"), "a job must belong to the user who created it")
	assert.Equal(t, "pending", created.Text("status"))
	assert.EqualValues(t, 0, created.Get("position"), "a job that isn't due has no position")
	assert.Nil(t, created.Get("result"))
	for _, hidden := range []string{"worker_id", "claimed_at", "lease_expires_at", "dedupe_key", "max_attempts", "priority", "ready", "claims"} {
		assert.NotContains(t, created.Body, hidden)
	}
	job := s.URL + apptest.JobsPath + "/" + created.Text("id")

	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, "", map[string]any{"kind": "fathom.sync"}).Status, "guest")
	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, p.Session, map[string]any{"kind": "fathom.sync"}).Status, "database session")
	for role, token := range map[string]string{"guest": "", "another user": other.Token} {
		assert.Equal(t, 404, s.Call("GET", job, token, nil).Status, role)
		assert.Equal(t, 404, s.Call("DELETE", job, token, nil).Status, role)
		assert.Empty(t, s.Call("GET", s.URL+apptest.JobsPath, token, nil).Items(), role)
	}
	for role, token := range map[string]string{"owner": p.Token, "superuser": superuser} {
		assert.Equal(t, 400, s.Call("PATCH", job, token, map[string]any{"status": "completed"}).Status, role)
	}
	assert.Equal(t, 200, s.Call("GET", job, superuser, nil).Status)
	assert.Equal(t, 204, s.Call("DELETE", job, p.Token, nil).Status, "an owner may delete a pending job")

	for _, query := range []string{"filter=" + url.QueryEscape("worker_id!=''"), "sort=dedupe_key"} {
		assert.Equal(t, 400, s.Call("GET", s.URL+apptest.JobsPath+"?"+query, p.Token, nil).Status, "hidden field in %s", query)
	}
	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, superuser, map[string]any{"kind": "fathom.sync"}).Status, "a superuser's job would have no owner")
}

func TestDuplicateJobReturnsTheActiveOne(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 7}, "run_at": inAnHour()}
	create := func(token string) string {
		t.Helper()
		created := s.Call("POST", s.URL+apptest.JobsPath, token, job)
		require.Equal(t, 200, created.Status, created.Raw)
		assert.Equal(t, "pending", created.Text("status"))
		assert.Contains(t, created.Body, "position")
		assert.NotContains(t, created.Body, "again")
		return created.Text("id")
	}
	first := create(p.Token)
	assert.Equal(t, first, create(p.Token))
	assert.NotEqual(t, first, create(other.Token), "another user's job is no duplicate")

	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+first, p.Token, nil).Status)
	assert.NotEqual(t, first, create(p.Token), "the first job was deleted")
}

func TestConcurrentDuplicateJobsAreOneJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	pauseAll(s)
	job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1}}
	answers := make([]apptest.Answer, 20)
	var clients sync.WaitGroup
	for i := range answers {
		clients.Go(func() {
			var err error
			answers[i], err = apptest.Send(http.MethodPost, s.URL+apptest.JobsPath, p.Token, job)
			assert.NoError(t, err)
		})
	}
	clients.Wait()
	for _, got := range answers {
		assert.Equal(t, 200, got.Status, got.Raw)
		assert.Equal(t, answers[0].Text("id"), got.Text("id"))
	}
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items(), 1)
}

func TestFullSyncUpgradesTheActiveOne(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	pauseAll(s)
	first := p.Enqueue("fathom.sync", map[string]any{})
	full := p.Enqueue("fathom.sync", map[string]any{"full": true})
	require.Equal(t, 200, full.Status, full.Raw)
	assert.Equal(t, first.Text("id"), full.Text("id"))
	assert.Equal(t, true, full.Get("payload.full"))
	assert.Equal(t, true, p.Enqueue("fathom.sync", map[string]any{"full": false}).Get("payload.full"), "it stays full")
	assert.Equal(t, 400, p.Enqueue("fathom.sync", map[string]any{"full": "yes"}).Status, "a duplicate is validated, too")
}

func TestBatchOfJobsIsAtomic(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	create := func(recordingID any) map[string]any {
		return map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": recordingID}, "run_at": inAnHour(),
		}}
	}
	refused := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{create(1), create("two")}})
	assert.Equal(t, 400, refused.Status, refused.Raw)
	assert.Empty(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items())
	accepted := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{create(1), create(2)}})
	assert.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items(), 2)

	again := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{create(2), create(3), create(3), create(1)}})
	require.Equal(t, 200, again.Status, again.Raw)
	var ids []string
	for _, answer := range results(again) {
		assert.EqualValues(t, 200, answer["status"])
		ids = append(ids, answer["body"].(map[string]any)["id"].(string))
	}
	first := results(accepted)
	assert.Equal(t, first[1]["body"].(map[string]any)["id"], ids[0], "active jobs keep their place in the response")
	assert.Equal(t, first[0]["body"].(map[string]any)["id"], ids[3])
	assert.Equal(t, ids[1], ids[2], "the second request finds the first one's job")
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items(), 3)
}

// results returns the responses to the requests of a batch.
func results(batch apptest.Answer) (results []map[string]any) {
	list, _ := batch.Body.([]any)
	for _, result := range list {
		results = append(results, result.(map[string]any))
	}
	return results
}
