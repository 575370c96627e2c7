package transfer_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const schedulesPath = "/api/collections/job_schedules/records"

func schedulesOf(p apptest.Person) []map[string]any {
	p.T.Helper()
	list := p.Call(http.MethodGet, p.URL+schedulesPath, p.Token, nil)
	require.Equal(p.T, 200, list.Status, list.Raw)
	return list.Items()
}

func jobsOf(p apptest.Person) []map[string]any {
	p.T.Helper()
	list := p.Call(http.MethodGet, p.URL+apptest.JobsPath, p.Token, nil)
	require.Equal(p.T, 200, list.Status, list.Raw)
	return list.Items()
}

func TestAcceptedKeyStartsASyncAndASchedule(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=2h"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))

	p.Eventually(func() bool { jobs := jobsOf(p); return len(jobs) == 1 && jobs[0]["status"] == "completed" })
	assert.NotEmpty(t, p.ListOwn("meetings", ""))
	schedules := schedulesOf(p)
	require.Len(t, schedules, 1)
	assert.Equal(t, "fathom.sync", schedules[0]["kind"])
	assert.InDelta(t, 7200, schedules[0]["every"], 0)
	assert.Equal(t, true, schedules[0]["enabled"])
	assert.Equal(t, true, schedules[0]["automatic"])
}

func TestRefusedKeyStartsNothing(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=2h"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "invalid", p.SaveKey("not-a-key-of-anybody").Text("status"))
	assert.Empty(t, jobsOf(p))
	assert.Empty(t, schedulesOf(p))
}

func TestDisabledAndDeletedSchedulesStayAsTheyAre(t *testing.T) {
	for name, change := range map[string]func(p apptest.Person, schedule string) apptest.Answer{
		"disabled": func(p apptest.Person, schedule string) apptest.Answer {
			return p.Call(http.MethodPatch, schedule, p.Token, map[string]any{"enabled": false})
		},
		"deleted": func(p apptest.Person, schedule string) apptest.Answer {
			return p.Call(http.MethodDelete, schedule, p.Token, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Start(t, apptest.Options{
				Settings: []string{"SYNC_EVERY=2h"}, SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, otherKey}},
			})
			p := s.SignUp("ada@example.com")
			saved := p.SaveKey(simulator.DemoAPIKey)
			schedules := schedulesOf(p)
			require.Len(t, schedules, 1)
			changed := change(p, p.URL+schedulesPath+"/"+schedules[0]["id"].(string))
			require.Less(t, changed.Status, 300, changed.Raw)
			before := schedulesOf(p)

			path := connectionsPath + "/" + saved.Text("id")
			runSync(p, false) // so that the next one is another job than the first
			s.Simulator.RevokeKey(simulator.DemoAPIKey)
			p.Enqueue("fathom.sync", map[string]any{})
			waitForConnectionStatus(p, "invalid")
			require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"secret": otherKey}).Status)
			waitForConnectionStatus(p, "valid")
			assert.Equal(t, "valid", p.Own(http.MethodGet, path, nil).Text("status"))
			assert.Equal(t, before, schedulesOf(p))
		})
	}
}

func TestFirstSyncWaitsUntilAnotherJobFits(t *testing.T) {
	s := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=2h"}})
	p := s.SignUp("ada@example.com")
	_, err := s.App.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
		INSERT INTO global_queue (id, user, kind, payload, status, run_at, dedupe_key)
		SELECT 'job' || i, {:user}, 'recording.transfer', '{"recording_id":1}', 'pending', '2200-01-01 00:00:00.000Z', 'job' || i FROM n`).
		Bind(dbx.Params{"user": p.ID}).Execute()
	require.NoError(t, err)
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	var schedules int
	apptest.QueryRow(t, s.GlobalFile(), "SELECT COUNT(*) FROM job_schedules WHERE system = TRUE AND kind = 'fathom.sync'", &schedules)
	assert.Equal(t, 1, schedules, "the server tries again")
	require.Len(t, schedulesOf(p), 1)
}

func TestUserFromBeforeGetsTheDefaultSchedule(t *testing.T) {
	first := apptest.Start(t, apptest.Options{Settings: []string{"SYNC_EVERY=0"}})
	p := first.SignUpWithMeetings("ada@example.com")
	require.Empty(t, schedulesOf(p))
	first.Stop()

	next := apptest.Start(t, apptest.Options{Dir: first.Dir, Simulator: first.Simulator, Settings: []string{"SYNC_EVERY=3h"}})
	p = p.On(next)
	requests := len(next.Simulator.Requests())
	p.ListOwn("meetings", "") // opens the database
	p.Eventually(func() bool { return len(schedulesOf(p)) == 1 })
	assert.InDelta(t, 10800, schedulesOf(p)[0]["every"], 0)
	assert.Len(t, next.Simulator.Requests(), requests, "a key that works isn't checked again")

	deleted := p.Call(http.MethodDelete, p.URL+schedulesPath+"/"+schedulesOf(p)[0]["id"].(string), p.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	p = p.On(next.Restart("SYNC_EVERY=3h"))
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	assert.Empty(t, schedulesOf(p))
}
