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

func TestDuplicateJobIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 7}, "run_at": inAnHour()}
	first := s.Call("POST", s.URL+apptest.JobsPath, p.Token, job)
	require.Equal(t, 200, first.Status, first.Raw)
	duplicate := s.Call("POST", s.URL+apptest.JobsPath, p.Token, job)
	assert.Equal(t, 400, duplicate.Status)
	assert.Contains(t, duplicate.Raw, "already in the queue")
	assert.Equal(t, 200, s.Call("POST", s.URL+apptest.JobsPath, other.Token, job).Status, "another user's job is no duplicate")

	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+first.Text("id"), p.Token, nil).Status)
	assert.Equal(t, 200, s.Call("POST", s.URL+apptest.JobsPath, p.Token, job).Status, "the first job was deleted")
}

func TestConcurrentDuplicateJobsAreRefused(t *testing.T) {
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
	created := 0
	for _, got := range answers {
		if got.Status == 200 {
			created++
			continue
		}
		assert.Equal(t, 400, got.Status)
		assert.Contains(t, got.Raw, "validation_duplicate_job")
	}
	assert.Equal(t, 1, created)
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
}
