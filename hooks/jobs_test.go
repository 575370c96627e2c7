package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestBadJobsAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for what, job := range map[string]map[string]any{
		"no kind":            {},
		"unknown kind":       {"kind": "rm.rf", "payload": map[string]any{}},
		"no recording":       {"kind": "recording.transfer", "payload": map[string]any{}},
		"text for a number":  {"kind": "recording.transfer", "payload": map[string]any{"recording_id": "1001"}},
		"negative recording": {"kind": "recording.transfer", "payload": map[string]any{"recording_id": -1}},
		"fraction":           {"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1.5}},
		"unknown key":        {"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1, "path": "/etc"}},
		"no object":          {"kind": "fathom.sync", "payload": []int{1}},
		"too large":          {"kind": "fathom.sync", "payload": map[string]any{"full": strings.Repeat("x", 5000)}},
	} {
		got := s.Call(http.MethodPost, s.URL+apptest.JobsPath, p.Token, job)
		assert.Equal(t, 400, got.Status, "%s: %s", what, got.Raw)
		data, _ := got.Get("data").(map[string]any)
		assert.NotEmpty(t, data, "%s: the answer names the field: %s", what, got.Raw)
	}
	assert.Empty(t, s.Call(http.MethodGet, s.URL+apptest.JobsPath, s.SuperuserToken(), nil).Items())
}

func TestJobsByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	super := s.SuperuserToken()
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	created := s.Call(http.MethodPost, s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "fathom.sync", "run_at": later,
		"user": other.ID, "status": "completed", "attempts": -5, "max_attempts": 1000, "worker_id": "me", "priority": 99, "result": "done"})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, p.ID, created.Text("user"), "a job is its creator's")
	assert.Equal(t, "pending", created.Text("status"))
	assert.EqualValues(t, 0, created.Get("position"), "it isn't due")
	assert.Nil(t, created.Get("result"))
	for _, hidden := range []string{"worker_id", "claimed_at", "lease_expires_at", "dedupe_key", "max_attempts", "priority", "ready", "claims"} {
		assert.NotContains(t, created.Body, hidden)
	}
	job := s.URL + apptest.JobsPath + "/" + created.Text("id")

	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, "", map[string]any{"kind": "fathom.sync"}).Status, "guest")
	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, p.Session, map[string]any{"kind": "fathom.sync"}).Status, "a session is no sign-in")
	for who, token := range map[string]string{"guest": "", "other": other.Token} {
		assert.Equal(t, 404, s.Call("GET", job, token, nil).Status, who)
		assert.Equal(t, 404, s.Call("DELETE", job, token, nil).Status, who)
		assert.Empty(t, s.Call("GET", s.URL+apptest.JobsPath, token, nil).Items(), who)
	}
	for who, token := range map[string]string{"owner": p.Token, "superuser": super} {
		assert.Equal(t, 400, s.Call("PATCH", job, token, map[string]any{"status": "completed"}).Status, who)
	}
	assert.Equal(t, 200, s.Call("GET", job, super, nil).Status)
	assert.Equal(t, 204, s.Call("DELETE", job, p.Token, nil).Status, "the owner withdraws a pending job")

	for _, query := range []string{"filter=" + url.QueryEscape("worker_id!=''"), "sort=dedupe_key"} {
		assert.NotEqual(t, 200, s.Call("GET", s.URL+apptest.JobsPath+"?"+query, p.Token, nil).Status, query)
	}
	assert.Equal(t, 400, s.Call("POST", s.URL+apptest.JobsPath, super, map[string]any{"kind": "fathom.sync"}).Status, "a job is somebody's")
}

func TestTheSameWorkIsQueuedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 7}, "run_at": later}
	first := s.Call("POST", s.URL+apptest.JobsPath, p.Token, job)
	require.Equal(t, 200, first.Status, first.Raw)
	again := s.Call("POST", s.URL+apptest.JobsPath, p.Token, job)
	assert.Equal(t, 400, again.Status)
	assert.Contains(t, again.Raw, "already in the queue")
	assert.Equal(t, 200, s.Call("POST", s.URL+apptest.JobsPath, other.Token, job).Status, "another user's is other work")

	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+first.Text("id"), p.Token, nil).Status)
	assert.Equal(t, 200, s.Call("POST", s.URL+apptest.JobsPath, p.Token, job).Status, "once the first is gone")
}

func TestABatchOfJobsIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	request := func(id any) map[string]any {
		return map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": id}, "run_at": later}}
	}
	bad := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{request(1), request("two")}})
	assert.Equal(t, 400, bad.Status, bad.Raw)
	assert.Empty(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items())
	good := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{request(1), request(2)}})
	assert.Equal(t, 200, good.Status, good.Raw)
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath, p.Token, nil).Items(), 2)
}

func TestTransitionsReachSubscribers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	mine, theirs := apptest.OpenStream(t, s.URL), apptest.OpenStream(t, s.URL)
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", p.Token, mine.Subscription("global_queue/*")).Status)
	other := s.SignUp("other@example.com")
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", other.Token, theirs.Subscription("global_queue/*")).Status)

	require.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	// The last state in each 50 ms, in order.
	order := map[string]int{"pending": 1, "processing": 2, "completed": 3}
	for action, at := "create", 0; at < order["completed"]; action = "update" {
		event := mine.Next()
		record := event.Data["record"].(map[string]any)
		assert.Equal(t, action, event.Data["action"])
		assert.NotContains(t, record, "worker_id")
		assert.GreaterOrEqual(t, order[record["status"].(string)], at)
		at = order[record["status"].(string)]
	}
	require.Equal(t, 200, other.Enqueue("fathom.sync", map[string]any{}).Status)
	assert.Equal(t, other.ID, theirs.Next().Data["record"].(map[string]any)["user"], "another user's job reached a subscriber")
}
