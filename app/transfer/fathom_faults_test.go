package transfer_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	listPath     = "/external/v1/meetings"
	requestPath  = "/external/v1/recordings/*/download"
	downloadPath = "/external/v1/recordings/*/downloads/*"
	mediaPath    = "/media/*"
)

func TestSyncCompletesDespiteFaultsOfTheList(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	for i, fault := range []simulator.Fault{
		{Status: 500},
		{Status: 502, Body: "<html><h1>Bad gateway</h1>", ContentType: "text/html"},
		{Status: 503, RetryAfter: time.Second},
		{Status: 429},
		{Status: 429, RetryAfter: time.Second, Body: `{"message": "slow down"}`},
		{Status: 200, Body: "<html>maintenance</html>", ContentType: "text/html"},
		{CloseConnection: true, Times: 2},
		{CutAfter: 700},
		{BytesPerSecond: 40_000},
	} {
		added, err := s.Simulator.AddMeeting()
		require.NoError(t, err)
		fault.Path = listPath
		s.Simulator.Inject(fault)
		job := runSync(p, false)
		require.Equal(t, "completed", job.Text("status"), "%+v: %s", fault, job.Raw)
		assert.Len(t, p.ListOwn("meetings", apptest.RecordingFilter(added.RecordingID)), 1, "fault %d", i)
		s.Simulator.ClearFaults()
	}
}

func TestMeetingsOfEveryShapeAreListed(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]simulator.Config{"absent": {}, "null": {NullOptionals: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{SimulatorConfig: cfg})
			var ids []int64
			for _, options := range [][]simulator.MeetingOption{
				{simulator.WithoutField("meeting_type"), simulator.WithoutField("shared_with"), simulator.WithoutField("meeting_url")},
				{simulator.WithField("meeting_title", nil), simulator.WithField("meeting_type", nil), simulator.WithField("meeting_url", nil)},
				{simulator.WithField("shared_with", "everyone_on_mars"), simulator.WithField("calendar_invitees_domains_type", "unheard_of")},
				{simulator.WithField("colour", map[string]any{"of": []any{"tea", 3.5, nil}}), simulator.WithField("transcript_language", "unknown")},
				{simulator.WithField("calendar_invitees", []any{}), simulator.WithField("scheduled_start_time", nil)},
				{simulator.WithLines(), simulator.WithSummary("")},
			} {
				meeting, err := s.Simulator.AddMeeting(options...)
				require.NoError(t, err)
				ids = append(ids, meeting.RecordingID)
			}
			hidden, err := s.Simulator.AddMeeting(simulator.VisibleTo("the-key-of-somebody-else"))
			require.NoError(t, err)

			p := s.SignUpWithMeetings("ada@example.com")
			for i, id := range ids {
				assert.Len(t, p.ListOwn("meetings", apptest.RecordingFilter(id)), 1, "shape %d", i)
				completeTransfer(p, id)
			}
			assert.Empty(t, p.ListOwn("meetings", apptest.RecordingFilter(hidden.RecordingID)))
		})
	}
}

func TestTransferCompletesDespiteFaultsOfItsDownload(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	for i, test := range []struct {
		option simulator.MeetingOption
		faults []simulator.Fault
	}{
		{option: simulator.ProcessingPolls(7)},
		{option: simulator.FailGenerationTimes(simulator.FailureGeneration, 2)},
		{option: simulator.FailGenerationTimes(simulator.FailureTimeout, 1)},
		{faults: []simulator.Fault{{Path: downloadPath, Status: 502, Body: "<html>", ContentType: "text/html"}}},
		{faults: []simulator.Fault{{Path: requestPath, CloseConnection: true}}},
		{faults: []simulator.Fault{{Path: mediaPath, WrongLength: true}}},
		{faults: []simulator.Fault{{Path: mediaPath, Status: 500}, {Path: mediaPath, Status: 410}}},
		{faults: []simulator.Fault{{Path: mediaPath, CloseConnection: true, Times: 3}}},
	} {
		id := int64(1001 + i)
		if test.option != nil {
			_, err := s.Simulator.Change(id, test.option)
			require.NoError(t, err)
		}
		for _, fault := range test.faults {
			s.Simulator.Inject(fault)
		}
		job := runWithRetries(p, id)
		require.Equal(t, "completed", job.Text("status"), "case %d: %s", i, job.Raw)
		assert.Equal(t, original(s, id).SHA256, recordFor(p, "recordings", id)["sha256"], "case %d", i)
		s.Simulator.ClearFaults()
	}
	assert.Empty(t, s.Simulator.Violations(), "the file host never receives the key")
}

func TestFileThatFathomNeverPreparesEndsTheTransfer(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{simulator.FailureGeneration, simulator.FailureTimeout} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{})
			_, err := s.Simulator.Change(1001, simulator.FailGeneration(reason))
			require.NoError(t, err)
			job := runWithRetries(p, 1001)
			assert.Equal(t, "dead", job.Text("status"))
			assert.NotEmpty(t, job.Text("error"))
			waitForTransferStatus(p, 1001, "failed")
			assert.Empty(t, p.ListOwn("recordings", apptest.RecordingFilter(1001)))
		})
	}
}

func TestLinkThatExpiresBeforeItIsUsedIsRequestedAgain(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64 // nanoseconds that Fathom's clock is ahead
	now := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{Now: now}})
	hold := make(chan struct{})
	s.Simulator.Inject(simulator.Fault{Path: mediaPath, Hold: hold})
	job := enqueueTransfer(p, 1001)
	waitForTransferStatus(p, 1001, "downloading")
	passed.Store(int64(25 * time.Hour))
	close(hold)
	waitForJobStatus(p, job.Text("id"), "completed")
	assert.Equal(t, original(s, 1001).SHA256, recordFor(p, "recordings", 1001)["sha256"])
	assert.Equal(t, 2, countRequests(s, "POST", "/external/v1/recordings/1001/download"))
}

func TestDownloadOfAnEarlierKeyIsRequestedAgain(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "another-key-of-ada"}}})
	_, err := s.Simulator.Change(1001, simulator.ProcessingPolls(1_000_000))
	require.NoError(t, err)
	job := enqueueTransfer(p, 1001)
	waitForTransferStatus(p, 1001, "fetching")
	s.Eventually(func() bool { return countRequests(s, "POST", "/external/v1/recordings/1001/download") == 1 })
	replaced := p.Own("PATCH", connectionsPath+"/"+connection(p)["id"].(string), map[string]any{"secret": "another-key-of-ada"})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	waitForConnectionStatus(p, "valid")
	_, err = s.Simulator.Change(1001, simulator.ProcessingPolls(1))
	require.NoError(t, err)
	waitForJobStatus(p, job.Text("id"), "completed")
	assert.Equal(t, 2, countRequests(s, "POST", "/external/v1/recordings/1001/download"))
}

func TestRefusedPollMakesTheTransferRequestAnotherDownload(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 404} { // Fathom documents neither for the downloads of another key
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{})
			s.Simulator.Inject(simulator.Fault{Path: downloadPath, Status: status})
			job := runWithRetries(p, 1001)
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			assert.Equal(t, 2, countRequests(s, "POST", "/external/v1/recordings/1001/download"))
			assert.Equal(t, "valid", connection(p)["status"], "the answer says nothing about the key")
			requireStoredAsAtFathom(p, 1001)
		})
	}
}

func TestDownloadOfUnknownStatusIsPolledAgain(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.Inject(simulator.Fault{
		Path: downloadPath, Times: 3, Status: 200, Body: `{"download_id":"d","recording_id":1001,"status":"waiting_for_a_worker"}`,
	})
	job := runTransfer(p, 1001)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 1, job.Get("attempts"), "it isn't a failure")
	assert.Equal(t, 1, countRequests(s, "POST", "/external/v1/recordings/1001/download"), "nor a reason for another download")
	requireStoredAsAtFathom(p, 1001)
}

// runWithRetries is runTransfer, but starts each retry at once.
func runWithRetries(p apptest.Person, recordingID int64) (job apptest.Answer) {
	p.T.Helper()
	id := enqueueTransfer(p, recordingID).Text("id")
	p.Eventually(func() bool {
		job = p.Job(id)
		if job.Text("status") == "failed" {
			p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.SuperuserToken(), map[string]any{"run_at": "2020-01-01 00:00:00.000Z"})
		}
		return job.Text("status") == "completed" || job.Text("status") == "dead"
	})
	return job
}

// countRequests returns how many requests to the simulator have had a method, or any for "", and a path or a pattern of it.
func countRequests(s *apptest.Server, method, pattern string) int {
	s.T.Helper()
	count, err := simulator.CountRequests(s.Simulator.Requests(), method, pattern)
	require.NoError(s.T, err)
	return count
}
