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

func patchJob(s *apptest.Server, id, token string, body map[string]any) apptest.Answer {
	s.T.Helper()
	return s.Call(http.MethodPatch, s.URL+apptest.JobsPath+"/"+id, token, body)
}

// enqueueLater creates a job that is due in an hour and returns its id.
func enqueueLater(p apptest.Person, recordingID int) string {
	p.T.Helper()
	created := p.Call("POST", p.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind":    "recording.transfer",
		"payload": map[string]any{"recording_id": recordingID}, "run_at": inAnHour(),
	})
	require.Equal(p.T, 200, created.Status, created.Raw)
	return created.Text("id")
}

func inAnHour() string { return time.Now().Add(time.Hour).UTC().Format(time.RFC3339) }

func TestJobChangesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	superuser, job := s.SuperuserToken(), enqueueLater(p, 1)
	for role, token := range map[string]string{"guest": "", "another user": other.Token, "database session": p.Session} {
		got := patchJob(s, job, token, map[string]any{"status": "cancelled"})
		assert.Equal(t, 404, got.Status, role)
	}
	assert.Equal(t, 200, patchJob(s, job, p.Token, map[string]any{"status": "pending"}).Status, "the job is pending: the request changes nothing")
	for _, body := range []map[string]any{
		{"status": "completed"},
		{"status": "processing"},
		{"status": "dead"},
		{"status": "failed"},
		{"status": "nothing"},
		{"stage": "x"},
		{"result": "mine"},
		{"attempts": 0, "status": "cancelled", "kind": "fathom.sync"},
		{"user": other.ID},
		{"run_at": "2020-01-01 00:00:00.000Z"},
		{"payload": map[string]any{"recording_id": 2}},
	} {
		assert.Equal(t, 400, patchJob(s, job, p.Token, body).Status, "owner: %v", body)
	}
	for _, body := range []map[string]any{
		{"status": "completed"},
		{"status": "processing"},
		{"status": "dead"},
		{"worker_id": "me"},
		{"claims": 5},
		{"ready": true},
		{"attempts": 3},
		{"priority": 1001},
		{"priority": 1 << 40},
		{"priority": 3, "status": "cancelled"},
		{"finished_at": "2020-01-01 00:00:00.000Z"},
		{"dedupe_key": "x"},
		{"history": []any{1}},
	} {
		assert.Equal(t, 400, patchJob(s, job, superuser, body).Status, "superuser: %v", body)
	}
	assert.Equal(t, 200, patchJob(s, job, p.Token, map[string]any{"priority": 9, "worker_id": "me"}).Status, "hidden fields from an owner are ignored")

	record := s.Call("GET", s.URL+apptest.JobsPath+"/"+job, superuser, nil).Body.(map[string]any)
	assert.EqualValues(t, 0, record["priority"])
	record["priority"] = 5 // the admin UI sends all fields of a record
	got := patchJob(s, job, superuser, record)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.EqualValues(t, 5, got.Get("priority"))
	assert.Equal(t, "pending", got.Text("status"))

	cancelled := patchJob(s, job, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, cancelled.Status, cancelled.Raw)
	assert.Equal(t, "cancelled", cancelled.Text("status"))
	assert.NotContains(t, cancelled.Body, "worker_id")
	repeated := patchJob(s, job, p.Token, map[string]any{"status": "cancelled", "error": ""})
	assert.Equal(t, 200, repeated.Status, "the job is cancelled: the request changes nothing")
	retried := patchJob(s, job, superuser, map[string]any{"status": "pending"})
	require.Equal(t, 200, retried.Status, retried.Raw)
	p.Eventually(func() bool { return p.Job(job).Text("status") == "dead" })
	assert.Equal(t, 400, patchJob(s, job, superuser, map[string]any{"priority": 1}).Status, "only waiting jobs have a priority")
	assert.Equal(t, 400, patchJob(s, job, p.Token, map[string]any{"status": "cancelled"}).Status, "a dead job can't be cancelled")
}

func TestRunningJobIsCancelled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 8 << 20}})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 1 << 20, Times: -1})
	created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status)
	id := created.Text("id")
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'downloading'")) == 1 })
	for role, token := range map[string]string{"owner": p.Token, "superuser": s.SuperuserToken()} {
		deleted := s.Call("DELETE", s.URL+apptest.JobsPath+"/"+id, token, nil)
		assert.Equal(t, 400, deleted.Status, role)
		assert.Contains(t, deleted.Raw, "Cancel it first", role)
	}
	got := patchJob(s, id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Contains(t, []string{"processing", "cancelled"}, got.Text("status"))
	assert.Equal(t, got.Text("status") == "processing", got.Get("cancel_requested"), "the worker hasn't stopped the job, or it has")
	p.Eventually(func() bool { return p.Job(id).Text("status") == "cancelled" })
	p.Eventually(func() bool { return p.ListOwn("transfers", "")[0]["status"] == "cancelled" })
	history := p.Job(id).Get("history").([]any)
	require.Len(t, history, 2)
	assert.Equal(t, "snoozed", history[0].(map[string]any)["outcome"], "the job waited for the file")
	assert.Equal(t, "cancelled", history[1].(map[string]any)["outcome"])
	assert.NotContains(t, history[0], "worker", "owners must not see workers")
	assert.Contains(t, s.Call("GET", s.URL+apptest.JobsPath+"/"+id, s.SuperuserToken(), nil).Get("history").([]any)[0], "worker")
}

func TestDeletingAUserStopsTheirRunningJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	hold := make(chan struct{})
	defer close(hold)
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", Hold: hold})
	require.Equal(t, 200, p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Status)
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'downloading'")) == 1 })
	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	other := s.SignUpWithMeetings("other@example.com") // its sync needs the worker's only slot
	assert.NotEmpty(t, other.ListOwn("meetings", ""))
}

func TestBatchOfJobChangesIsAtomic(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	first, second := enqueueLater(p, 1), enqueueLater(p, 2)
	setStatus := func(id, status string) map[string]any {
		return map[string]any{"method": "PATCH", "url": apptest.JobsPath + "/" + id, "body": map[string]any{"status": status}}
	}
	refused := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{setStatus(first, "cancelled"), setStatus(second, "dead")}})
	assert.Equal(t, 400, refused.Status, refused.Raw)
	assert.Equal(t, "pending", p.Job(first).Text("status"))
	accepted := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{setStatus(first, "cancelled"), setStatus(second, "cancelled")}})
	require.Equal(t, 200, accepted.Status, accepted.Raw)
	assert.Contains(t, accepted.Raw, `"status":"cancelled"`)
	assert.Equal(t, "cancelled", p.Job(second).Text("status"))
}
