package hooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// runCron runs a job of the server's cron, as an operator does in the admin UI.
func runCron(s *apptest.Server, id string) {
	s.T.Helper()
	for _, job := range s.App.Cron().Jobs() {
		if job.Id() == id {
			job.Run()
			return
		}
	}
	require.Fail(s.T, "there is no cron "+id)
}

func TestClockThatJumpsAYearAheadAndBackFreezesNothing(t *testing.T) {
	t.Parallel()
	clock := &skewedClock{}
	s := apptest.Start(t, apptest.Options{
		Now: clock.Now, Settings: []string{"QUEUE_POLL_INTERVAL=100ms", "USER_DB_DELETE_GRACE=0s"},
	})
	p := s.SignUpWithMeetings("ada@example.com")
	leaving := s.SignUp("ben@example.com")
	schedule := p.Call(http.MethodPost, p.URL+"/api/collections/job_schedules/records", p.Token,
		map[string]any{"kind": "fathom.sync", "payload": map[string]any{}, "every": 3600})
	require.Equal(t, 200, schedule.Status, schedule.Raw)
	nextRun := func() time.Time {
		t.Helper()
		read := p.Call(http.MethodGet, p.URL+"/api/collections/job_schedules/records/"+schedule.Text("id"), p.Token, nil)
		at, err := time.Parse("2006-01-02 15:04:05.000Z", read.Text("next_run_at"))
		require.NoError(t, err, read.Raw)
		return at
	}
	works := func(recording int) {
		t.Helper()
		require.Equal(t, 200, s.SignIn(p.Email).Status)
		assert.Equal(t, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
		assert.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": recording}).Text("status"))
		assert.NotEmpty(t, p.ListOwn("meetings", ""))
	}
	deleted := leaving.Call(http.MethodDelete, leaving.URL+"/api/collections/users/records/"+leaving.ID, leaving.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)

	clock.advance(365 * 24 * time.Hour)
	runCron(s, "userDatabaseRetention")
	assert.DirExists(t, s.FolderPath(leaving.Name), "what can't be undone waits")
	runCron(s, "clock")
	runCron(s, "userDatabaseRetention")
	assert.DirExists(t, s.FolderPath(leaving.Name))
	works(1001)
	s.Eventually(func() bool { return nextRun().After(clock.Now()) }) // the schedule has fired

	clock.advance(-365 * 24 * time.Hour)
	runCron(s, "clock")
	assert.WithinDuration(t, clock.Now(), nextRun(), 70*time.Minute)
	works(1002)
	runCron(s, "userDatabaseRetention")
	assert.DirExists(t, s.FolderPath(leaving.Name))
	before := nextRun()
	clock.advance(67 * time.Minute)
	s.Eventually(func() bool { return nextRun().After(before) })
}

func TestDeletionsFollowTheClockWithoutAJump(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_DELETE_GRACE=0s"}})
	leaving := s.SignUp("ben@example.com")
	deleted := leaving.Call(http.MethodDelete, leaving.URL+"/api/collections/users/records/"+leaving.ID, leaving.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	runCron(s, "userDatabaseRetention")
	assert.NoDirExists(t, s.FolderPath(leaving.Name))
}
