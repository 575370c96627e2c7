package hooks_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestOwnersDoNotSeeSchedulesOfTheServer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"QUEUE_POLL_INTERVAL=100ms"}})
	p, superuser := s.SignUp("ada@example.com"), s.SuperuserToken()
	stream := openSubscribed(s, p.Token, "job_schedules/*")
	at := time.Now().Add(time.Hour)
	require.NoError(t, s.App.Queue.ScheduleAt(t.Context(), s.App, p.ID, "fathom.sync", "{}", at))
	schedules := s.URL + "/api/collections/job_schedules/records"
	items := s.Call("GET", schedules, superuser, nil).Items()
	require.Len(t, items, 1, "operators see it")
	schedule := schedules + "/" + items[0]["id"].(string)
	assert.Empty(t, s.Call("GET", schedules, p.Token, nil).Items())
	assert.Equal(t, 404, s.Call("GET", schedule, p.Token, nil).Status)
	assert.Equal(t, 404, s.Call("PATCH", schedule, p.Token, map[string]any{"enabled": false}).Status)
	assert.Equal(t, 404, s.Call("DELETE", schedule, p.Token, nil).Status)
	assert.Equal(t, 400, s.Call("PATCH", schedule, superuser, map[string]any{"every": 3600}).Status)
	own := s.Call("POST", schedules, p.Token, map[string]any{"kind": "fathom.sync", "every": 3600, "system": true, "automatic": true, "stopped": "x"})
	require.Equal(t, 200, own.Status, "the owner can have a schedule for the same work: %s", own.Raw)
	assert.NotContains(t, own.Body, "system")
	assert.Equal(t, false, own.Get("automatic"))
	assert.Empty(t, own.Text("stopped"))
	assert.Len(t, s.Call("GET", schedules, p.Token, nil).Items(), 1)

	require.NoError(t, s.App.Queue.ScheduleAt(t.Context(), s.App, p.ID, "fathom.sync", "{}", time.Now()))
	s.Eventually(func() bool { return s.Call("GET", schedule, superuser, nil).Status == 404 })
	syncs := s.URL + apptest.JobsPath + "?filter=" + url.QueryEscape("kind = 'fathom.sync'")
	assert.Len(t, s.Call("GET", syncs, p.Token, nil).Items(), 1)
	assert.Equal(t, own.Text("id"), stream.Next().Data["record"].(map[string]any)["id"], "nothing else was sent")
}

func TestOwnerResumesAStoppedSchedule(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	schedules := s.URL + "/api/collections/job_schedules/records"
	created := s.Call("POST", schedules, p.Token, map[string]any{"kind": "fathom.sync", "every": 3600})
	require.Equal(t, 200, created.Status, created.Raw)
	schedule := schedules + "/" + created.Text("id")
	stream := openSubscribed(s, p.Token, "job_schedules/*")
	stop := func() {
		t.Helper()
		require.NoError(t, s.App.Queue.StopSchedules(t.Context(), p.ID, "fathom", "Fathom refused your API key."))
		assert.Equal(t, "Fathom refused your API key.", s.Call("GET", schedule, p.Token, nil).Text("stopped"))
	}
	stop()
	assert.Equal(t, "Fathom refused your API key.", stream.Next().Data["record"].(map[string]any)["stopped"], "the web app shows it at once")
	resumed := s.Call("PATCH", schedule, p.Token, map[string]any{"enabled": true, "stopped": "still", "failures": 7})
	require.Equal(t, 200, resumed.Status, resumed.Raw)
	assert.Empty(t, resumed.Text("stopped"))
	assert.NotContains(t, resumed.Body, "failures")
	stop()
	assert.Empty(t, s.Call("PATCH", schedule, p.Token, map[string]any{"every": 7200}).Text("stopped"))
	stop()
	require.NoError(t, s.App.Queue.ResumeSchedules(t.Context(), p.ID, "fathom"))
	assert.Empty(t, s.Call("GET", schedule, p.Token, nil).Text("stopped"))
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
	schedule := schedules + "/" + created.Text("id")
	assert.Equal(t, 400, s.Call("POST", schedules, p.Token, hourly).Status, "the user already has this schedule")
	for problem, body := range map[string]map[string]any{
		"too frequent":    {"kind": "fathom.sync", "payload": map[string]any{"full": true}, "every": 60},
		"unknown kind":    {"kind": "nothing", "every": 3600},
		"invalid payload": {"kind": "recording.transfer", "payload": map[string]any{}, "every": 3600},
	} {
		assert.Equal(t, 400, s.Call("POST", schedules, p.Token, body).Status, problem)
	}
	for role, token := range map[string]string{"guest": "", "another user": other.Token} {
		assert.Equal(t, 404, s.Call("GET", schedule, token, nil).Status, role)
		assert.Equal(t, 404, s.Call("PATCH", schedule, token, map[string]any{"every": 7200}).Status, role)
		assert.Equal(t, 404, s.Call("DELETE", schedule, token, nil).Status, role)
	}
	changed := s.Call("PATCH", schedule, p.Token, map[string]any{"every": 7200, "next_run_at": "2020-01-01 00:00:00.000Z", "user": other.ID})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Greater(t, changed.Text("next_run_at"), time.Now().Add(110*time.Minute).UTC().Format("2006-01-02 15:04:05"))
	assert.Equal(t, p.ID, changed.Text("user"))

	_, err := s.App.NonconcurrentDB().NewQuery("UPDATE job_schedules SET next_run_at = '2020-01-01 00:00:00.000Z'").Execute()
	require.NoError(t, err)
	p.Eventually(func() bool { return s.Call("GET", schedule, p.Token, nil).Text("last_job") != "" })
	job := p.Job(s.Call("GET", schedule, p.Token, nil).Text("last_job"))
	assert.Equal(t, "fathom.sync", job.Text("kind"))
	assert.Equal(t, 204, s.Call("DELETE", schedule, p.Token, nil).Status)
}
