package notify_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStoppedScheduleIsReportedOnce(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	for _, connection := range p.ListOwn("connections", "") {
		require.Equal(t, 204, p.Own(http.MethodDelete, connectionsPath+"/"+connection["id"].(string), nil).Status)
	}
	path := s.URL + "/api/collections/job_schedules/records"
	for _, existing := range s.Call(http.MethodGet, path, p.Token, nil).Items() {
		require.Equal(t, 204, s.Call(http.MethodDelete, path+"/"+existing["id"].(string), p.Token, nil).Status)
	}
	created := s.Call(http.MethodPost, path, p.Token, map[string]any{"kind": "fathom.sync", "payload": map[string]any{}, "every": 3600})
	require.Equal(t, 200, created.Status, created.Raw)
	for failures := range 3 {
		schedule, err := s.App.FindRecordById("job_schedules", created.Text("id"))
		require.NoError(t, err)
		schedule.Set("next_run_at", "2026-01-01 00:00:00.000Z")
		require.NoError(t, s.App.Save(schedule))
		require.NoError(t, s.App.Queue.EnqueueScheduled(t.Context()))
		s.Eventually(func() bool {
			schedule, err := s.App.FindRecordById("job_schedules", created.Text("id"))
			require.NoError(t, err)
			return schedule.GetInt("failures") == failures+1
		})
	}
	p.Eventually(func() bool { return len(p.ListOwn("notices", "kind = 'schedule_stopped'")) == 1 })
	notice := p.ListOwn("notices", "kind = 'schedule_stopped'")[0]
	assert.Contains(t, notice["text"], "The automatic sync has stopped. The last 3 runs failed: ")
	sendNow(p)
	require.Len(t, noticeMails(mails), 1)
	assert.Equal(t, "An automatic sync has stopped", subjectOf(t, noticeMails(mails)[0]))
}
