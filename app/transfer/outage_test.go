package transfer_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const wholeAPI = "" // the path of a fault for every request

func startWithClock(t *testing.T) (*clocktest.Clock, apptest.Person) {
	t.Helper()
	clock := clocktest.New(time.Now())
	_, p := startWithMeetings(t, apptest.Options{Now: clock.Now, Settings: []string{"QUEUE_POLL_INTERVAL=100ms", "JOB_LEASE=1h"}})
	return clock, p
}

func isPausedByOutage(s *apptest.Server) bool { return s.App.Queue.Paused().Has("fathom.sync") }

// advanceUntil moves the clock in steps, while no job runs, until a condition is true. A transfer that starts between a look
// and its step keeps its lease only if that is longer than a few steps.
func advanceUntil(s *apptest.Server, clock *clocktest.Clock, step time.Duration, done func() bool) {
	s.T.Helper()
	s.Eventually(func() bool {
		if !isRunning(s) { // a job must not lose its lease because the machine is slow
			clock.Advance(step)
		}
		return done()
	})
}

func isRunning(s *apptest.Server) bool {
	s.T.Helper()
	running, err := s.App.CountRecords(migrations.GlobalQueue, dbx.HashExp{"status": queue.StatusProcessing})
	require.NoError(s.T, err)
	return running > 0
}

// Case C07: an outage of hours leaves no transfer dead.
func TestOutageOfHoursUsesUpNoAttempts(t *testing.T) {
	t.Parallel()
	clock, p := startWithClock(t)
	s := p.Server
	s.Simulator.Inject(simulator.Fault{Path: wholeAPI, Status: 503, RetryAfter: 30 * time.Second, Times: -1})
	var ids []string
	for i := range 5 {
		ids = append(ids, enqueueTransfer(p, int64(1001+i)).Text("id"))
	}
	advanceUntil(s, clock, 5*time.Second, func() bool { return isPausedByOutage(s) })
	stats, err := s.App.Queue.Stats(t.Context())
	require.NoError(t, err)
	require.Len(t, stats.Pauses, 1)
	assert.Equal(t, queue.SourceProvider, stats.Pauses[0].Source)
	assert.Contains(t, p.Call("GET", s.URL+"/api/queue", p.Token, nil).Raw, "Fathom can't be reached.")

	for _, id := range ids { // the jobs that were running when the pause began
		waitForJobStatus(p, id, "pending")
	}
	down, before := clock.Now(), len(s.Simulator.Requests())
	advanceUntil(s, clock, 30*time.Second, func() bool { return clock.Now().Sub(down) > 2*time.Hour })
	require.NoError(t, s.Stop())
	s = apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator, Now: clock.Now, Settings: []string{"QUEUE_POLL_INTERVAL=100ms"}})
	p = p.On(s)
	assert.True(t, isPausedByOutage(s), "a restart doesn't end the pause")
	advanceUntil(s, clock, 30*time.Second, func() bool { return clock.Now().Sub(down) > 5*time.Hour })
	probes := s.Simulator.Requests()[before:]
	for _, request := range probes {
		assert.True(t, strings.HasSuffix(request.Path, "/teams"), "only probes: %s", request.Path)
		assert.False(t, request.HasAPIKey)
	}
	assert.NotEmpty(t, probes)
	assert.LessOrEqual(t, len(probes), 5*30+10, "one probe in two minutes")

	s.Simulator.ClearFaults()
	advanceUntil(s, clock, time.Second, func() bool { return !isPausedByOutage(s) })
	for _, id := range ids {
		var job apptest.Answer
		advanceUntil(s, clock, time.Second, func() bool { job = p.Job(id); return job.Text("status") == "completed" })
		assert.EqualValues(t, 1, job.Get("attempts"))
		for _, run := range job.Get("history").([]any) {
			assert.Contains(t, []any{"snoozed", "held", "released", "completed"}, run.(map[string]any)["outcome"])
		}
	}
}

func TestSingleFailureOfFathomPausesNothing(t *testing.T) {
	t.Parallel()
	clock, p := startWithClock(t)
	s := p.Server
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/1001/*", Status: 500, RetryAfter: 30 * time.Second, Times: -1})
	broken := enqueueTransfer(p, 1001).Text("id")
	p.Eventually(func() bool { return p.Job(broken).Text("error") != "" })
	job := p.Job(broken)
	assert.Equal(t, "pending", job.Text("status"))
	assert.Equal(t, "Fathom can't be reached. This continues automatically.", job.Text("error"))
	for range 6 {
		require.Equal(t, "completed", runSync(p, false).Text("status"), "Fathom responds to others")
		clock.Advance(10 * time.Second)
	}
	assert.False(t, isPausedByOutage(s))
	assert.EqualValues(t, 0, waitForJobStatus(p, broken, "pending").Get("attempts"))
}

// A single meeting that is too much for Fathom must not pause everybody's jobs.
func TestMeetingThatFathomNeverServesIsNoOutage(t *testing.T) {
	t.Parallel()
	clock, p := startWithClock(t)
	s := p.Server
	const path = "/external/v1/recordings/1001/summary"
	s.Simulator.Inject(simulator.Fault{Path: path, Status: 500, RetryAfter: 30 * time.Second, Times: -1})
	broken := enqueueTransfer(p, 1001).Text("id")
	advanceUntil(s, clock, 5*time.Second, func() bool { return countRequests(s, "GET", path) >= 6 })
	assert.False(t, isPausedByOutage(s))
	assert.Equal(t, "completed", runSync(p, false).Text("status"))
	assert.EqualValues(t, 0, waitForJobStatus(p, broken, "pending").Get("attempts"))
}

// Case C07: an outage of the host of files is survived as well, also if it sends a page instead of an error.
func TestOutageOfTheHostOfFilesUsesUpNoAttempts(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"error":    {Status: 503},
		"web page": {Status: 200, Body: "<html>We will be back soon.</html>", ContentType: "text/html; charset=utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock, p := startWithClock(t)
			s := p.Server
			fault.Path, fault.RetryAfter, fault.Times = mediaPath, 30*time.Second, -1
			s.Simulator.Inject(fault)
			id := enqueueTransfer(p, 1001).Text("id")
			down := clock.Now()
			advanceUntil(s, clock, 30*time.Second, func() bool { return clock.Now().Sub(down) > 5*time.Hour })
			job := waitForJobStatus(p, id, "pending")
			assert.Contains(t, job.Text("error"), "This continues automatically.")
			assert.EqualValues(t, 0, job.Get("attempts"))
			assert.False(t, isPausedByOutage(s), "Fathom itself responds")
			assert.Equal(t, "completed", runSync(p, false).Text("status"))

			s.Simulator.ClearFaults()
			advanceUntil(s, clock, 30*time.Second, func() bool { return p.Job(id).Text("status") == "completed" })
			requireStoredAsAtFathom(p, 1001)
			assert.EqualValues(t, 1, p.Job(id).Get("attempts"))
			assert.Equal(t, 1, countRequests(s, "POST", "/external/v1/recordings/1001/download"))
		})
	}
}
