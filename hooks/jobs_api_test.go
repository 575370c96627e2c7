package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// patch asks for another state of a job.
func patch(s *apptest.Server, id, token string, body map[string]any) apptest.Answer {
	s.T.Helper()
	return s.Call(http.MethodPatch, s.URL+apptest.JobsPath+"/"+id, token, body)
}

// later is a job that isn't due for an hour.
func later(p apptest.Person, recordingID int) string {
	p.T.Helper()
	created := p.Call("POST", p.URL+apptest.JobsPath, p.Token, map[string]any{"kind": "recording.transfer",
		"payload": map[string]any{"recording_id": recordingID}, "run_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	require.Equal(p.T, 200, created.Status, created.Raw)
	return created.Text("id")
}

// given up jobs are those of somebody who has no connection to Fathom.
func deadJobs(p apptest.Person, n int) (ids []string) {
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

func TestWhoMayChangeAJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	super, job := s.SuperuserToken(), later(p, 1)
	for who, token := range map[string]string{"guest": "", "other user": other.Token, "session": p.Session} {
		got := patch(s, job, token, map[string]any{"status": "cancelled"})
		assert.Contains(t, []int{401, 403, 404}, got.Status, who)
	}
	for _, body := range []map[string]any{
		{"status": "completed"}, {"status": "processing"}, {"status": "dead"}, {"status": "failed"}, {"status": "nothing"}, {"status": "pending"},
		{"stage": "x"}, {"result": "mine"}, {"attempts": 0, "status": "cancelled", "kind": "fathom.sync"}, {"user": other.ID},
		{"run_at": "2020-01-01 00:00:00.000Z"}, {"payload": map[string]any{"recording_id": 2}},
	} {
		want := 400
		if body["status"] == "pending" { // it is: nothing is asked for
			want = 200
		}
		assert.Equal(t, want, patch(s, job, p.Token, body).Status, "%v", body)
	}
	for _, body := range []map[string]any{
		{"status": "completed"}, {"status": "processing"}, {"status": "dead"}, {"worker_id": "me"}, {"claims": 5}, {"ready": true},
		{"attempts": 3}, {"priority": 1001}, {"priority": 1 << 40}, {"priority": 3, "status": "cancelled"}, {"finished_at": "2020-01-01 00:00:00.000Z"}, {"dedupe_key": "x"}, {"history": []any{1}},
	} {
		assert.Equal(t, 400, patch(s, job, super, body).Status, "%v", body)
	}
	assert.Equal(t, 200, patch(s, job, p.Token, map[string]any{"priority": 9, "worker_id": "me"}).Status, "hidden fields are not there for owners")

	whole := s.Call("GET", s.URL+apptest.JobsPath+"/"+job, super, nil).Body.(map[string]any)
	assert.EqualValues(t, 0, whole["priority"])
	whole["priority"] = 5 // as the admin UI sends a record
	got := patch(s, job, super, whole)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.EqualValues(t, 5, got.Get("priority"))
	assert.Equal(t, "pending", got.Text("status"))

	cancelled := patch(s, job, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, cancelled.Status, cancelled.Raw)
	assert.Equal(t, "cancelled", cancelled.Text("status"))
	assert.NotContains(t, cancelled.Body, "worker_id")
	again := patch(s, job, p.Token, map[string]any{"status": "cancelled", "error": ""})
	assert.Equal(t, 200, again.Status, "nothing is asked for")
	retried := patch(s, job, super, map[string]any{"status": "pending"})
	require.Equal(t, 200, retried.Status, retried.Raw)
	p.Eventually(func() bool { return p.Job(job).Text("status") == "dead" })
	assert.Equal(t, 400, patch(s, job, super, map[string]any{"priority": 1}).Status, "it doesn't wait any more")
	assert.Equal(t, 400, patch(s, job, p.Token, map[string]any{"status": "cancelled"}).Status, "it has ended")
}

func TestARunningJobIsCancelled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 8 << 20}})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 1 << 20, Times: -1})
	created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status)
	id := created.Text("id")
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'downloading'")) == 1 })
	for who, token := range map[string]string{"owner": p.Token, "superuser": s.SuperuserToken()} {
		deleted := s.Call("DELETE", s.URL+apptest.JobsPath+"/"+id, token, nil)
		assert.Equal(t, 400, deleted.Status, who)
		assert.Contains(t, deleted.Raw, "Cancel it first", who)
	}
	got := patch(s, id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Contains(t, []any{true, false}, got.Get("cancel_requested"))
	p.Eventually(func() bool { return p.Job(id).Text("status") == "cancelled" })
	p.Eventually(func() bool { return p.ListOwn("transfers", "")[0]["status"] == "cancelled" })
	history := p.Job(id).Get("history").([]any)
	require.Len(t, history, 1)
	assert.Equal(t, "cancelled", history[0].(map[string]any)["outcome"])
	assert.NotContains(t, history[0], "worker", "owners don't see workers")
	assert.Contains(t, s.Call("GET", s.URL+apptest.JobsPath+"/"+id, s.SuperuserToken(), nil).Get("history").([]any)[0], "worker")
}

func TestTheJobsOfADeletedUserStop(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	stuck := make(chan struct{})
	defer close(stuck)
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", Hold: stuck})
	require.Equal(t, 200, p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Status)
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'downloading'")) == 1 })
	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	other := s.SignUpWithMeetings("other@example.com") // there is one place, which is free again
	assert.NotEmpty(t, other.ListOwn("meetings", ""))
}

func TestManyJobsAtOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"WORKER_CONCURRENCY=4"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	mine, theirs := deadJobs(p, 3), deadJobs(other, 2)
	assert.Equal(t, 401, s.Call("POST", s.URL+"/api/queue/retry", "", map[string]any{}).Status)
	assert.Equal(t, 401, s.Call("GET", s.URL+"/api/queue", "", nil).Status)

	got := s.Call("POST", s.URL+"/api/queue/retry", p.Token, map[string]any{"user": other.ID})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.Body, "a user's own, whatever they say")
	got = s.Call("POST", s.URL+"/api/queue/retry", p.Token, map[string]any{"ids": theirs})
	assert.Equal(t, map[string]any{"changed": 0.0, "skipped": 2.0}, got.Body)
	for _, misspelt := range []map[string]any{{"status": "daed"}, {"kind": "recording.transfers"}} {
		assert.Equal(t, 400, s.Call("POST", s.URL+"/api/queue/retry", p.Token, misspelt).Status)
	}
	for _, id := range mine {
		p.Eventually(func() bool { return p.Job(id).Text("status") == "dead" && len(p.Job(id).Get("history").([]any)) == 2 })
	}
	got = s.Call("POST", s.URL+"/api/queue/retry", s.SuperuserToken(), map[string]any{"kind": "recording.transfer"})
	assert.Equal(t, map[string]any{"changed": 5.0, "skipped": 0.0}, got.Body)

	for i := range 3 {
		later(p, i+1)
		later(other, i+1)
	}
	got = s.Call("POST", s.URL+"/api/queue/cancel", p.Token, map[string]any{"status": "pending"})
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.Body)
	assert.Len(t, s.Call("GET", s.URL+apptest.JobsPath+"?filter=status%3D'pending'", other.Token, nil).Items(), 3)
	assert.Equal(t, 400, s.Call("POST", s.URL+"/api/queue/cancel", p.Token, map[string]any{"ids": make([]string, 2000)}).Status)

	overview := s.Call("GET", s.URL+"/api/queue", other.Token, nil)
	require.Equal(t, 200, overview.Status)
	assert.Equal(t, []any{}, overview.Get("paused"))
	assert.Len(t, overview.Get("jobs"), 3)
	assert.Nil(t, overview.Get("statuses"))
	assert.EqualValues(t, 3, s.Call("GET", s.URL+"/api/queue", s.SuperuserToken(), nil).Get("statuses.cancelled"))
}

func TestChangesInABatchAreAllOrNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	first, second := later(p, 1), later(p, 2)
	request := func(id, status string) map[string]any {
		return map[string]any{"method": "PATCH", "url": apptest.JobsPath + "/" + id, "body": map[string]any{"status": status}}
	}
	bad := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{request(first, "cancelled"), request(second, "dead")}})
	assert.Equal(t, 400, bad.Status, bad.Raw)
	assert.Equal(t, "pending", p.Job(first).Text("status"))
	good := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": []any{request(first, "cancelled"), request(second, "cancelled")}})
	require.Equal(t, 200, good.Status, good.Raw)
	assert.Contains(t, good.Raw, `"status":"cancelled"`)
	assert.Equal(t, "cancelled", p.Job(second).Text("status"))
}

func TestHundredsOfJobsInOneRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/collections/queue_pauses/records", s.SuperuserToken(), map[string]any{"kind": "*"}).Status)
	var requests []any
	for i := range 500 {
		requests = append(requests, map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": i + 1}}})
	}
	got := s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": requests})
	require.Equal(t, 200, got.Status, got.Raw)
	overview := s.Call("GET", s.URL+"/api/queue", p.Token, nil)
	assert.EqualValues(t, 500, overview.Get("waiting"))
	assert.Len(t, overview.Get("jobs"), 200)
	assert.EqualValues(t, 200, overview.Get("jobs").([]any)[199].(map[string]any)["position"])
	assert.Equal(t, []any{"*"}, overview.Get("paused"))
}

func TestOperatorsPauseKinds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, super := s.SignUp("ada@example.com"), s.SuperuserToken()
	pauses := s.URL + "/api/collections/queue_pauses/records"
	for who, token := range map[string]string{"guest": "", "user": p.Token} {
		assert.Equal(t, 403, s.Call("POST", pauses, token, map[string]any{"kind": "*"}).Status, who)
		assert.Equal(t, 403, s.Call("GET", pauses, token, nil).Status, who)
	}
	assert.Equal(t, 400, s.Call("POST", pauses, super, map[string]any{"kind": "nothing"}).Status)
	paused := s.Call("POST", pauses, super, map[string]any{"kind": "recording.transfer", "reason": "Loom is down"})
	require.Equal(t, 200, paused.Status, paused.Raw)
	waiting := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1}).Text("id")
	assert.Equal(t, "dead", p.RunJob("fathom.sync", map[string]any{}).Text("status"), "another kind goes on")
	assert.Equal(t, "pending", p.Job(waiting).Text("status"))
	quiet := apptest.OpenStream(t, s.URL)
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", p.Token, quiet.Subscription("queue")).Status)
	require.Equal(t, 200, s.Call("POST", pauses, super, map[string]any{"kind": "*"}).Status)
	for { // though no job moves
		if paused, _ := quiet.Next().Data["paused"].([]any); len(paused) == 2 {
			break
		}
	}
	all := s.Call("GET", pauses+"?filter="+url.QueryEscape("kind='*'"), super, nil).Items()[0]["id"].(string)
	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+all, super, nil).Status)
	require.Equal(t, 204, s.Call("DELETE", pauses+"/"+paused.Text("id"), super, nil).Status)
	p.Eventually(func() bool { return p.Job(waiting).Text("status") == "dead" })
}

func TestSchedulesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"QUEUE_POLL_INTERVAL=100ms"}})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	schedules := s.URL + "/api/collections/job_schedules/records"
	hourly := map[string]any{"kind": "fathom.sync", "payload": map[string]any{}, "every": 3600, "user": other.ID, "last_job": "x", "enabled": false}
	assert.Equal(t, 400, s.Call("POST", schedules, "", hourly).Status)
	created := s.Call("POST", schedules, p.Token, hourly)
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, p.ID, created.Text("user"))
	assert.Empty(t, created.Text("last_job"))
	assert.Equal(t, true, created.Get("enabled"))
	assert.NotContains(t, created.Body, "dedupe_key")
	mine := schedules + "/" + created.Text("id")
	assert.Equal(t, 400, s.Call("POST", schedules, p.Token, hourly).Status, "there is one")
	for what, body := range map[string]map[string]any{
		"too often": {"kind": "fathom.sync", "payload": map[string]any{"full": true}, "every": 60},
		"kind":      {"kind": "nothing", "every": 3600},
		"payload":   {"kind": "recording.transfer", "payload": map[string]any{}, "every": 3600},
	} {
		assert.Equal(t, 400, s.Call("POST", schedules, p.Token, body).Status, what)
	}
	for who, token := range map[string]string{"guest": "", "other": other.Token} {
		assert.Equal(t, 404, s.Call("GET", mine, token, nil).Status, who)
		assert.Equal(t, 404, s.Call("PATCH", mine, token, map[string]any{"every": 7200}).Status, who)
		assert.Equal(t, 404, s.Call("DELETE", mine, token, nil).Status, who)
	}
	changed := s.Call("PATCH", mine, p.Token, map[string]any{"every": 7200, "next_run_at": "2020-01-01 00:00:00.000Z", "user": other.ID})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Greater(t, changed.Text("next_run_at"), time.Now().Add(110*time.Minute).UTC().Format("2006-01-02 15:04:05"))
	assert.Equal(t, p.ID, changed.Text("user"))

	_, err := s.App.NonconcurrentDB().NewQuery("UPDATE job_schedules SET next_run_at = '2020-01-01 00:00:00.000Z'").Execute()
	require.NoError(t, err)
	p.Eventually(func() bool { return s.Call("GET", mine, p.Token, nil).Text("last_job") != "" })
	job := p.Job(s.Call("GET", mine, p.Token, nil).Text("last_job"))
	assert.Equal(t, "fathom.sync", job.Text("kind"))
	assert.Equal(t, 204, s.Call("DELETE", mine, p.Token, nil).Status)
}

func TestJobsReachWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other, super := s.SignUp("ada@example.com"), s.SignUp("other@example.com"), s.SuperuserToken()
	follow := func(token string, topics ...string) *apptest.Stream {
		stream := apptest.OpenStream(t, s.URL)
		require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", token, stream.Subscription(topics...)).Status)
		return stream
	}
	early := follow(p.Token, "global_queue/*")
	job, second := later(p, 1), later(p, 2)
	for _, id := range []string{job, second} {
		created := early.Next()
		assert.Equal(t, "create", created.Data["action"])
		assert.Equal(t, id, created.Data["record"].(map[string]any)["id"])
	}
	collection, err := s.App.FindCollectionByNameOrId("global_queue")
	require.NoError(t, err)
	filtered := `global_queue/*?options={"query":{"fields":"id,status","filter":"status='cancelled'"}}`
	streams := map[string]*apptest.Stream{
		"all": follow(p.Token, "global_queue/*"), "one": follow(p.Token, "global_queue/"+second), "by id": follow(p.Token, collection.Id+"/*"),
		"superuser": follow(super, "global_queue/*"), "other": follow(other.Token, "global_queue/*", "global_queue/"+job), "options": follow(p.Token, filtered),
		"overview": follow(p.Token, "queue"), "others": follow(other.Token, "queue"), "stats": follow(super, "queue"),
	}
	require.Equal(t, 200, patch(s, job, p.Token, map[string]any{"status": "cancelled"}).Status)
	for _, name := range []string{"all", "by id", "superuser"} {
		event := streams[name].Next()
		assert.Equal(t, "update", event.Data["action"], name)
		record := event.Data["record"].(map[string]any)
		assert.Equal(t, job, record["id"], name)
		assert.Equal(t, "cancelled", record["status"], name)
		assert.Equal(t, name == "superuser", record["dedupe_key"] != nil, "%s: hidden fields", name)
		assert.Contains(t, record, "position", name)
	}
	picked := streams["options"].Next()
	assert.Equal(t, filtered, picked.Name)
	assert.Equal(t, map[string]any{"id": job, "status": "cancelled"}, picked.Data["record"])
	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+second, p.Token, nil).Status)
	for _, name := range []string{"all", "one", "superuser"} {
		event := streams[name].Next()
		assert.Equal(t, "delete", event.Data["action"], name)
		assert.Equal(t, second, event.Data["record"].(map[string]any)["id"], name)
	}
	mine := later(other, 3)
	assert.Equal(t, mine, streams["other"].Next().Data["record"].(map[string]any)["id"], "another user's job reached a subscriber")

	assert.Contains(t, streams["overview"].Next().Data, "jobs")
	assert.Equal(t, []any{}, streams["others"].Next().Data["jobs"].([]any)[:0])
	assert.Contains(t, streams["stats"].Next().Data, "statuses")
	guest := apptest.OpenStream(t, s.URL)
	assert.Equal(t, 401, s.Call("POST", s.URL+"/api/realtime", "", guest.Subscription("queue")).Status)
}

func TestMessagesOfManyJobsComeInOrder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, s.URL)
	require.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", p.Token, stream.Subscription("global_queue/*")).Status)
	var requests []any
	for i := range 300 {
		requests = append(requests, map[string]any{"method": "POST", "url": apptest.JobsPath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": i + 1}}})
	}
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/batch", p.Token, map[string]any{"requests": requests}).Status)
	updated, dead := map[string]string{}, 0
	for dead < 300 { // none has a connection to Fathom
		record := stream.Next().Data["record"].(map[string]any)
		id := fmt.Sprint(record["id"])
		assert.GreaterOrEqual(t, record["updated"].(string), updated[id])
		updated[id] = record["updated"].(string)
		if record["status"] == "dead" {
			dead++
		}
	}
}

func TestTheSameWorkAskedForAtOnceIsQueuedOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, s.Call("POST", s.URL+"/api/collections/queue_pauses/records", s.SuperuserToken(), map[string]any{"kind": "*"}).Status)
	var wg sync.WaitGroup
	answers := make(chan apptest.Answer, 20)
	for range 20 {
		wg.Go(func() { answers <- p.Enqueue("recording.transfer", map[string]any{"recording_id": 1}) })
	}
	wg.Wait()
	close(answers)
	taken := 0
	for got := range answers {
		if got.Status == 200 {
			taken++
			continue
		}
		assert.Equal(t, 400, got.Status)
		assert.Contains(t, got.Raw, "validation_duplicate_job")
	}
	assert.Equal(t, 1, taken)
}
