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

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// patch asks for another state of a job.
func (s *server) patch(id, token string, body map[string]any) answer {
	s.t.Helper()
	return s.call(http.MethodPatch, s.url+queuePath+"/"+id, token, body)
}

// later is a job that isn't due for an hour.
func (p person) later(recordingID int) string {
	p.t.Helper()
	created := p.call("POST", p.url+queuePath, p.token, map[string]any{"kind": "recording.transfer",
		"payload": map[string]any{"recording_id": recordingID}, "run_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	require.Equal(p.t, 200, created.Status, created.Raw)
	return created.text("id")
}

// given up jobs are those of somebody who has no connection to Fathom.
func (p person) deadJobs(n int) (ids []string) {
	p.t.Helper()
	for i := range n {
		created := p.enqueue("recording.transfer", map[string]any{"recording_id": 5000 + i})
		require.Equal(p.t, 200, created.Status, created.Raw)
		ids = append(ids, created.text("id"))
	}
	for _, id := range ids {
		p.eventually(func() bool { return p.job(id).text("status") == "dead" })
	}
	return ids
}

func TestWhoMayChangeAJob(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	super, job := s.superuser(), p.later(1)
	for who, token := range map[string]string{"guest": "", "other user": other.token, "session": p.session} {
		got := s.patch(job, token, map[string]any{"status": "cancelled"})
		assert.Contains(t, []int{401, 403, 404}, got.Status, who)
	}
	for _, body := range []map[string]any{
		{"status": "completed"}, {"status": "processing"}, {"status": "dead"}, {"status": "failed"}, {"status": "nothing"}, {"status": "pending"},
		{"stage": "x"}, {"result": "mine"}, {"attempts": 0, "status": "cancelled", "kind": "fathom.sync"}, {"user": other.id},
		{"run_at": "2020-01-01 00:00:00.000Z"}, {"payload": map[string]any{"recording_id": 2}},
	} {
		want := 400
		if body["status"] == "pending" { // it is: nothing is asked for
			want = 200
		}
		assert.Equal(t, want, s.patch(job, p.token, body).Status, "%v", body)
	}
	for _, body := range []map[string]any{
		{"status": "completed"}, {"status": "processing"}, {"status": "dead"}, {"worker_id": "me"}, {"claims": 5}, {"ready": true},
		{"attempts": 3}, {"priority": 1001}, {"priority": 1 << 40}, {"priority": 3, "status": "cancelled"}, {"finished_at": "2020-01-01 00:00:00.000Z"}, {"dedupe_key": "x"}, {"history": []any{1}},
	} {
		assert.Equal(t, 400, s.patch(job, super, body).Status, "%v", body)
	}
	assert.Equal(t, 200, s.patch(job, p.token, map[string]any{"priority": 9, "worker_id": "me"}).Status, "hidden fields are not there for owners")

	whole := s.call("GET", s.url+queuePath+"/"+job, super, nil).body.(map[string]any)
	assert.EqualValues(t, 0, whole["priority"])
	whole["priority"] = 5 // as the admin UI sends a record
	got := s.patch(job, super, whole)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.EqualValues(t, 5, got.get("priority"))
	assert.Equal(t, "pending", got.text("status"))

	cancelled := s.patch(job, p.token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, cancelled.Status, cancelled.Raw)
	assert.Equal(t, "cancelled", cancelled.text("status"))
	assert.NotContains(t, cancelled.body, "worker_id")
	again := s.patch(job, p.token, map[string]any{"status": "cancelled", "error": ""})
	assert.Equal(t, 200, again.Status, "nothing is asked for")
	retried := s.patch(job, super, map[string]any{"status": "pending"})
	require.Equal(t, 200, retried.Status, retried.Raw)
	p.eventually(func() bool { return p.job(job).text("status") == "dead" })
	assert.Equal(t, 400, s.patch(job, super, map[string]any{"priority": 1}).Status, "it doesn't wait any more")
	assert.Equal(t, 400, s.patch(job, p.token, map[string]any{"status": "cancelled"}).Status, "it has ended")
}

func TestARunningJobIsCancelled(t *testing.T) {
	t.Parallel()
	s := start(t, options{simCfg: simulator.Config{RecordingSize: 8 << 20}})
	p := s.connected("ada@example.com")
	s.sim.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 1 << 20, Times: -1})
	created := p.enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status)
	id := created.text("id")
	p.eventually(func() bool { return len(p.listOwn("transfers", "status = 'downloading'")) == 1 })
	for who, token := range map[string]string{"owner": p.token, "superuser": s.superuser()} {
		deleted := s.call("DELETE", s.url+queuePath+"/"+id, token, nil)
		assert.Equal(t, 400, deleted.Status, who)
		assert.Contains(t, deleted.Raw, "Cancel it first", who)
	}
	got := s.patch(id, p.token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Contains(t, []any{true, false}, got.get("cancel_requested"))
	p.eventually(func() bool { return p.job(id).text("status") == "cancelled" })
	p.eventually(func() bool { return p.listOwn("transfers", "")[0]["status"] == "cancelled" })
	history := p.job(id).get("history").([]any)
	require.Len(t, history, 1)
	assert.Equal(t, "cancelled", history[0].(map[string]any)["outcome"])
	assert.NotContains(t, history[0], "worker", "owners don't see workers")
	assert.Contains(t, s.call("GET", s.url+queuePath+"/"+id, s.superuser(), nil).get("history").([]any)[0], "worker")
}

func TestTheJobsOfADeletedUserStop(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	stuck := make(chan struct{})
	defer close(stuck)
	s.sim.Inject(simulator.Fault{Path: "/media/*", Hold: stuck})
	require.Equal(t, 200, p.enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Status)
	p.eventually(func() bool { return len(p.listOwn("transfers", "status = 'downloading'")) == 1 })
	require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+p.id, p.token, nil).Status)
	other := s.connected("other@example.com") // there is one place, which is free again
	assert.NotEmpty(t, other.listOwn("meetings", ""))
}

func TestManyJobsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"WORKER_CONCURRENCY=4"}})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	mine, theirs := p.deadJobs(3), other.deadJobs(2)
	assert.Equal(t, 401, s.call("POST", s.url+"/api/queue/retry", "", map[string]any{}).Status)
	assert.Equal(t, 401, s.call("GET", s.url+"/api/queue", "", nil).Status)

	got := s.call("POST", s.url+"/api/queue/retry", p.token, map[string]any{"user": other.id})
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.body, "a user's own, whatever they say")
	got = s.call("POST", s.url+"/api/queue/retry", p.token, map[string]any{"ids": theirs})
	assert.Equal(t, map[string]any{"changed": 0.0, "skipped": 2.0}, got.body)
	for _, misspelt := range []map[string]any{{"status": "daed"}, {"kind": "recording.transfers"}} {
		assert.Equal(t, 400, s.call("POST", s.url+"/api/queue/retry", p.token, misspelt).Status)
	}
	for _, id := range mine {
		p.eventually(func() bool { return p.job(id).text("status") == "dead" && len(p.job(id).get("history").([]any)) == 2 })
	}
	got = s.call("POST", s.url+"/api/queue/retry", s.superuser(), map[string]any{"kind": "recording.transfer"})
	assert.Equal(t, map[string]any{"changed": 5.0, "skipped": 0.0}, got.body)

	for i := range 3 {
		p.later(i + 1)
		other.later(i + 1)
	}
	got = s.call("POST", s.url+"/api/queue/cancel", p.token, map[string]any{"status": "pending"})
	assert.Equal(t, map[string]any{"changed": 3.0, "skipped": 0.0}, got.body)
	assert.Len(t, s.call("GET", s.url+queuePath+"?filter=status%3D'pending'", other.token, nil).items(), 3)
	assert.Equal(t, 400, s.call("POST", s.url+"/api/queue/cancel", p.token, map[string]any{"ids": make([]string, 2000)}).Status)

	overview := s.call("GET", s.url+"/api/queue", other.token, nil)
	require.Equal(t, 200, overview.Status)
	assert.Equal(t, []any{}, overview.get("paused"))
	assert.Len(t, overview.get("jobs"), 3)
	assert.Nil(t, overview.get("statuses"))
	assert.EqualValues(t, 3, s.call("GET", s.url+"/api/queue", s.superuser(), nil).get("statuses.cancelled"))
}

func TestChangesInABatchAreAllOrNothing(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	first, second := p.later(1), p.later(2)
	request := func(id, status string) map[string]any {
		return map[string]any{"method": "PATCH", "url": queuePath + "/" + id, "body": map[string]any{"status": status}}
	}
	bad := s.call("POST", s.url+"/api/batch", p.token, map[string]any{"requests": []any{request(first, "cancelled"), request(second, "dead")}})
	assert.Equal(t, 400, bad.Status, bad.Raw)
	assert.Equal(t, "pending", p.job(first).text("status"))
	good := s.call("POST", s.url+"/api/batch", p.token, map[string]any{"requests": []any{request(first, "cancelled"), request(second, "cancelled")}})
	require.Equal(t, 200, good.Status, good.Raw)
	assert.Contains(t, good.Raw, `"status":"cancelled"`)
	assert.Equal(t, "cancelled", p.job(second).text("status"))
}

func TestHundredsOfJobsInOneRequest(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, 200, s.call("POST", s.url+"/api/collections/queue_pauses/records", s.superuser(), map[string]any{"kind": "*"}).Status)
	var requests []any
	for i := range 500 {
		requests = append(requests, map[string]any{"method": "POST", "url": queuePath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": i + 1}}})
	}
	got := s.call("POST", s.url+"/api/batch", p.token, map[string]any{"requests": requests})
	require.Equal(t, 200, got.Status, got.Raw)
	overview := s.call("GET", s.url+"/api/queue", p.token, nil)
	assert.EqualValues(t, 500, overview.get("waiting"))
	assert.Len(t, overview.get("jobs"), 200)
	assert.EqualValues(t, 200, overview.get("jobs").([]any)[199].(map[string]any)["position"])
	assert.Equal(t, []any{"*"}, overview.get("paused"))
}

func TestOperatorsPauseKinds(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, super := s.signUp("ada@example.com"), s.superuser()
	pauses := s.url + "/api/collections/queue_pauses/records"
	for who, token := range map[string]string{"guest": "", "user": p.token} {
		assert.Equal(t, 403, s.call("POST", pauses, token, map[string]any{"kind": "*"}).Status, who)
		assert.Equal(t, 403, s.call("GET", pauses, token, nil).Status, who)
	}
	assert.Equal(t, 400, s.call("POST", pauses, super, map[string]any{"kind": "nothing"}).Status)
	paused := s.call("POST", pauses, super, map[string]any{"kind": "recording.transfer", "reason": "Loom is down"})
	require.Equal(t, 200, paused.Status, paused.Raw)
	waiting := p.enqueue("recording.transfer", map[string]any{"recording_id": 1}).text("id")
	assert.Equal(t, "dead", p.run("fathom.sync", map[string]any{}).text("status"), "another kind goes on")
	assert.Equal(t, "pending", p.job(waiting).text("status"))
	quiet := openStream(t, s.url)
	require.Equal(t, 204, s.call("POST", s.url+"/api/realtime", p.token, subscription(quiet, "queue")).Status)
	require.Equal(t, 200, s.call("POST", pauses, super, map[string]any{"kind": "*"}).Status)
	for { // though no job moves
		if paused, _ := quiet.next().data["paused"].([]any); len(paused) == 2 {
			break
		}
	}
	all := s.call("GET", pauses+"?filter="+url.QueryEscape("kind='*'"), super, nil).items()[0]["id"].(string)
	require.Equal(t, 204, s.call("DELETE", pauses+"/"+all, super, nil).Status)
	require.Equal(t, 204, s.call("DELETE", pauses+"/"+paused.text("id"), super, nil).Status)
	p.eventually(func() bool { return p.job(waiting).text("status") == "dead" })
}

func TestSchedulesByRole(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"QUEUE_POLL_INTERVAL=100ms"}})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	schedules := s.url + "/api/collections/job_schedules/records"
	hourly := map[string]any{"kind": "fathom.sync", "payload": map[string]any{}, "every": 3600, "user": other.id, "last_job": "x", "enabled": false}
	assert.Equal(t, 400, s.call("POST", schedules, "", hourly).Status)
	created := s.call("POST", schedules, p.token, hourly)
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, p.id, created.text("user"))
	assert.Empty(t, created.text("last_job"))
	assert.Equal(t, true, created.get("enabled"))
	assert.NotContains(t, created.body, "dedupe_key")
	mine := schedules + "/" + created.text("id")
	assert.Equal(t, 400, s.call("POST", schedules, p.token, hourly).Status, "there is one")
	for what, body := range map[string]map[string]any{
		"too often": {"kind": "fathom.sync", "payload": map[string]any{"full": true}, "every": 60},
		"kind":      {"kind": "nothing", "every": 3600},
		"payload":   {"kind": "recording.transfer", "payload": map[string]any{}, "every": 3600},
	} {
		assert.Equal(t, 400, s.call("POST", schedules, p.token, body).Status, what)
	}
	for who, token := range map[string]string{"guest": "", "other": other.token} {
		assert.Equal(t, 404, s.call("GET", mine, token, nil).Status, who)
		assert.Equal(t, 404, s.call("PATCH", mine, token, map[string]any{"every": 7200}).Status, who)
		assert.Equal(t, 404, s.call("DELETE", mine, token, nil).Status, who)
	}
	changed := s.call("PATCH", mine, p.token, map[string]any{"every": 7200, "next_run_at": "2020-01-01 00:00:00.000Z", "user": other.id})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Greater(t, changed.text("next_run_at"), time.Now().Add(110*time.Minute).UTC().Format("2006-01-02 15:04:05"))
	assert.Equal(t, p.id, changed.text("user"))

	_, err := s.app.NonconcurrentDB().NewQuery("UPDATE job_schedules SET next_run_at = '2020-01-01 00:00:00.000Z'").Execute()
	require.NoError(t, err)
	p.eventually(func() bool { return s.call("GET", mine, p.token, nil).text("last_job") != "" })
	job := p.job(s.call("GET", mine, p.token, nil).text("last_job"))
	assert.Equal(t, "fathom.sync", job.text("kind"))
	assert.Equal(t, 204, s.call("DELETE", mine, p.token, nil).Status)
}

func TestJobsReachWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other, super := s.signUp("ada@example.com"), s.signUp("other@example.com"), s.superuser()
	follow := func(token string, topics ...string) *sse {
		stream := openStream(t, s.url)
		require.Equal(t, 204, s.call("POST", s.url+"/api/realtime", token, subscription(stream, topics...)).Status)
		return stream
	}
	early := follow(p.token, "global_queue/*")
	job, second := p.later(1), p.later(2)
	for _, id := range []string{job, second} {
		created := early.next()
		assert.Equal(t, "create", created.data["action"])
		assert.Equal(t, id, created.data["record"].(map[string]any)["id"])
	}
	collection, err := s.app.FindCollectionByNameOrId("global_queue")
	require.NoError(t, err)
	filtered := `global_queue/*?options={"query":{"fields":"id,status","filter":"status='cancelled'"}}`
	streams := map[string]*sse{
		"all": follow(p.token, "global_queue/*"), "one": follow(p.token, "global_queue/"+second), "by id": follow(p.token, collection.Id+"/*"),
		"superuser": follow(super, "global_queue/*"), "other": follow(other.token, "global_queue/*", "global_queue/"+job), "options": follow(p.token, filtered),
		"overview": follow(p.token, "queue"), "others": follow(other.token, "queue"), "stats": follow(super, "queue"),
	}
	require.Equal(t, 200, s.patch(job, p.token, map[string]any{"status": "cancelled"}).Status)
	for _, name := range []string{"all", "by id", "superuser"} {
		event := streams[name].next()
		assert.Equal(t, "update", event.data["action"], name)
		record := event.data["record"].(map[string]any)
		assert.Equal(t, job, record["id"], name)
		assert.Equal(t, "cancelled", record["status"], name)
		assert.Equal(t, name == "superuser", record["dedupe_key"] != nil, "%s: hidden fields", name)
		assert.Contains(t, record, "position", name)
	}
	picked := streams["options"].next()
	assert.Equal(t, filtered, picked.name)
	assert.Equal(t, map[string]any{"id": job, "status": "cancelled"}, picked.data["record"])
	require.Equal(t, 204, s.call("DELETE", s.url+queuePath+"/"+second, p.token, nil).Status)
	for _, name := range []string{"all", "one", "superuser"} {
		event := streams[name].next()
		assert.Equal(t, "delete", event.data["action"], name)
		assert.Equal(t, second, event.data["record"].(map[string]any)["id"], name)
	}
	mine := other.later(3)
	assert.Equal(t, mine, streams["other"].next().data["record"].(map[string]any)["id"], "another user's job reached a subscriber")

	assert.Contains(t, streams["overview"].next().data, "jobs")
	assert.Equal(t, []any{}, streams["others"].next().data["jobs"].([]any)[:0])
	assert.Contains(t, streams["stats"].next().data, "statuses")
	guest := openStream(t, s.url)
	assert.Equal(t, 401, s.call("POST", s.url+"/api/realtime", "", subscription(guest, "queue")).Status)
}

func TestMessagesOfManyJobsComeInOrder(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, s.url)
	require.Equal(t, 204, s.call("POST", s.url+"/api/realtime", p.token, subscription(stream, "global_queue/*")).Status)
	var requests []any
	for i := range 300 {
		requests = append(requests, map[string]any{"method": "POST", "url": queuePath, "body": map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": i + 1}}})
	}
	require.Equal(t, 200, s.call("POST", s.url+"/api/batch", p.token, map[string]any{"requests": requests}).Status)
	updated, dead := map[string]string{}, 0
	for dead < 300 { // none has a connection to Fathom
		record := stream.next().data["record"].(map[string]any)
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
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, 200, s.call("POST", s.url+"/api/collections/queue_pauses/records", s.superuser(), map[string]any{"kind": "*"}).Status)
	var wg sync.WaitGroup
	answers := make(chan answer, 20)
	for range 20 {
		wg.Go(func() { answers <- p.enqueue("recording.transfer", map[string]any{"recording_id": 1}) })
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
