package transfer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// neverReady makes the simulated Fathom prepare the file of a recording forever.
func neverReady(s *apptest.Server, recordingID int64) {
	s.Simulator.Inject(simulator.Fault{
		Path: fmt.Sprintf("/external/v1/recordings/%d/downloads/*", recordingID), Times: -1, Status: 200,
		Body: fmt.Sprintf(`{"download_id":"d","recording_id":%d,"status":"processing"}`, recordingID),
	})
}

// Case C11: a transfer that waits for Fathom delays nobody.
func TestPreparationHoldsNoSlot(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{Settings: []string{"WORKER_CONCURRENCY=1", "WORKER_SHORT_JOBS=1"}})
	neighbour := s.SignUpWithMeetings("neighbour@example.com")
	neverReady(s, 1001)
	waiting := enqueueTransfer(p, 1001).Text("id")
	waitForTransferStatus(p, 1001, "fetching")

	require.Equal(t, "completed", runTransfer(neighbour, 1002).Text("status"))
	require.Equal(t, "completed", runTransfer(p, 1003).Text("status"), "the user's own other transfers go on as well")
	require.Equal(t, "completed", runSync(neighbour, false).Text("status"))

	var stages, statuses []string
	s.Eventually(func() bool {
		job := p.Job(waiting)
		stages = append(stages, job.Text("stage"))
		statuses = append(statuses, recordFor(p, "transfers", 1001)["status"].(string))
		return len(stages) >= 30
	})
	assert.NotContains(t, stages, "fetching details", "the stage doesn't go back")
	assert.NotContains(t, statuses, "queued", "the transfer doesn't go back")
	job := p.Job(waiting)
	assert.Equal(t, "preparing download", job.Text("stage"))
	assert.LessOrEqual(t, job.Get("attempts"), 1.0)
	assert.LessOrEqual(t, len(job.Get("history").([]any)), 1, "the whole wait is one entry")
	details := countRequests(s, "GET", "/external/v1/recordings/1001/summary")
	assert.Equal(t, 1, details, "the details are fetched once")

	s.Simulator.ClearFaults()
	assert.Equal(t, "completed", waitForJobStatus(p, waiting, "completed").Text("status"))
}

func TestPreparationThatNeverEndsFails(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	neverReady(s, 1001)
	id := enqueueTransfer(p, 1001).Text("id")
	requests := func() int { return countRequests(s, "POST", "/external/v1/recordings/1001/download") }
	for wanted := 1; wanted <= 4; wanted++ {
		s.Eventually(func() bool { return requests() == wanted })
		age(t, p, 4*time.Hour)
	}
	job := waitForJobStatus(p, id, "dead")
	assert.Contains(t, job.Text("error"), "Fathom could not prepare the video of this meeting.")
	assert.Equal(t, 4, requests())
	waitForTransferStatus(p, 1001, "failed")
}

func TestFewFilesOfAUserArePreparedAtOnce(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.Inject(simulator.Fault{
		Path: "/external/v1/recordings/*/downloads/*", Times: -1, Status: 200, Body: `{"download_id":"d","recording_id":1,"status":"processing"}`,
	})
	var ids []string
	for i := range 11 { // more jobs would use up the rate budget of a minute
		ids = append(ids, enqueueTransfer(p, int64(1001+i)).Text("id"))
	}
	requested := func() int { return countRequests(s, "POST", requestPath) }
	s.Eventually(func() bool { return requested() == 10 && countRequests(s, "GET", downloadPath) > 10 })
	assert.Equal(t, 10, requested(), "polling more files would use up the rate budget")
	assert.Empty(t, p.Job(ids[10]).Get("history"))

	for _, id := range ids[:9] {
		require.NoError(t, s.App.Queue.Cancel(s.App, id))
	}
	s.Simulator.ClearFaults()
	for _, id := range ids[9:] {
		waitForJobStatus(p, id, "completed")
	}
}

// age makes the current download of recording 1001 look older, until a request for it has been recorded.
func age(t *testing.T, p apptest.Person, by time.Duration) {
	t.Helper()
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	old := time.Now().Add(-by).UTC().Format(types.DefaultDateLayout)
	p.Eventually(func() bool {
		result, err := handle.App.NonconcurrentDB().NewQuery(`UPDATE transfers SET download_requested_at = {:old}
			WHERE recording_id = 1001 AND download_id != '' AND download_requested_at > {:recent}`).
			Bind(map[string]any{"old": old, "recent": time.Now().Add(-time.Hour).UTC().Format(types.DefaultDateLayout)}).Execute()
		require.NoError(t, err)
		changed, err := result.RowsAffected()
		require.NoError(t, err)
		return changed == 1
	})
}

func TestSyncThatHasToWaitContinuesWhereItStopped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 45}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	before := len(s.Simulator.Requests())
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: map[string][]string{"X-Page": {"1"}}, Times: 2})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 429, RetryAfter: 2 * time.Second})
	created := p.Enqueue("fathom.sync", map[string]any{})
	var paused apptest.Answer
	s.Eventually(func() bool {
		paused = p.Job(created.Text("id"))
		return paused.Text("status") == "pending" && paused.Text("error") != ""
	})
	assert.Contains(t, paused.Text("error"), "limits the number of requests")
	assert.Equal(t, "20 meetings read", paused.Text("stage"), "the sync shows what it has done so far")

	job := waitForJobStatus(p, created.Text("id"), "completed")
	assert.EqualValues(t, 46, job.Get("result.meetings"), "the last meeting before the wait is read again")
	assert.EqualValues(t, 45, job.Get("result.added"))
	assert.EqualValues(t, 1, job.Get("attempts"))
	assert.Len(t, p.ListOwn("meetings", ""), 45)
	var wholeLists, resumed int
	for _, request := range s.Simulator.Requests()[before:] {
		switch {
		case request.Path != "/external/v1/meetings" || request.Query.Get("cursor") != "":
		case request.Query.Get("created_before") == "":
			wholeLists++
		default:
			resumed++
		}
	}
	assert.Equal(t, 1, wholeLists, "the list isn't read from its start again")
	assert.Equal(t, 1, resumed)
}

func TestSyncContinuesWhenItsCursorIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 25}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	before := len(s.Simulator.Requests())
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: map[string][]string{"X-Page": {"1"}}})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Body: `{"message":"unknown cursor"}`})
	job := runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Len(t, p.ListOwn("meetings", ""), 25)
	requests := s.Simulator.Requests()[before:]
	assert.Equal(t, "true", requests[len(requests)-1].Query.Get("include_highlights"), "the cursor was refused, not the query")
}

func TestJobUnpacksAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	archive := func() {
		require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	}
	archive()
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1002})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, original(s, 1002).SHA256, recordFor(p, "recordings", 1002)["sha256"])
}

// Case C10: background work of an archived database waits until the database is used again.
func TestSchedulesDoNotWakeAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{Settings: []string{"QUEUE_POLL_INTERVAL=100ms"}})
	schedule := addSchedule(p, map[string]any{"kind": "fathom.sync", "every": 3600})
	require.NoError(t, s.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	jobs := len(jobsOf(p))
	_, err := s.App.NonconcurrentDB().NewQuery("UPDATE job_schedules SET next_run_at = '2020-01-01 00:00:00.000Z'").Execute()
	require.NoError(t, err)
	s.App.Queue.Wake()
	p.Eventually(func() bool { return p.Call("GET", schedule, p.Token, nil).Text("next_run_at") > "2021" })
	assert.Len(t, jobsOf(p), jobs)
	assert.Equal(t, "archived", s.RegistryRow(p.Name)["status"])
}

func TestJobOfADatabaseThatWillBeDeletedFailsAtOnce(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	require.NoError(t, s.App.Databases.Delete(t.Context(), []string{p.Name}, false, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	job := runSync(p, false)
	assert.Equal(t, "dead", job.Text("status"))
	assert.Contains(t, job.Text("error"), "scheduled for deletion")
	assert.EqualValues(t, 1, job.Get("attempts"))
}

// advanceToNextRun moves the clock to the next time at which a job may run, unless one is running already.
func advanceToNextRun(s *apptest.Server, clock *clocktest.Clock) {
	s.T.Helper()
	at, ok, err := s.App.Queue.NextRun(s.T.Context())
	require.NoError(s.T, err)
	if wait := at.Sub(clock.Now()); ok && wait >= 0 {
		clock.Advance(wait + time.Millisecond)
	}
}

func TestFileThatIsReadyAfterTwoSecondsIsStoredWithinFour(t *testing.T) {
	t.Parallel()
	clock := clocktest.New(time.Now())
	s, p := startWithMeetings(t, apptest.Options{
		Now: clock.Now, SimulatorConfig: simulator.Config{Now: clock.Now},
		Settings: []string{"FATHOM_POLL_INTERVAL=1s", "QUEUE_POLL_INTERVAL=100ms"},
	})
	_, err := s.Simulator.Change(1001, simulator.ReadyAfter(2*time.Second))
	require.NoError(t, err)
	id := enqueueTransfer(p, 1001).Text("id")
	s.Eventually(func() bool {
		advanceToNextRun(s, clock)
		return p.Job(id).Text("status") == "completed"
	})
	requireStoredAsAtFathom(p, 1001)
	var requested, fetched time.Time
	var polls []time.Duration
	for _, request := range s.Simulator.Requests() {
		switch {
		case request.Path == "/external/v1/recordings/1001/download":
			requested = request.Time
		case strings.HasPrefix(request.Path, "/external/v1/recordings/1001/downloads/"):
			polls = append(polls, request.Time.Sub(requested).Truncate(time.Second))
		case strings.HasPrefix(request.Path, "/media/"):
			fetched = request.Time
		}
	}
	assert.Equal(t, []time.Duration{time.Second, 2 * time.Second}, polls)
	assert.Less(t, fetched.Sub(requested), 4*time.Second)
}
