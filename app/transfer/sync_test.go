package transfer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestSyncUpdatesMeetingsAndKeepsTheirSummaries(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	_, err := s.Simulator.Change(1001, simulator.WithTitle("Renamed at Fathom"))
	require.NoError(t, err)
	added, err := s.Simulator.AddMeeting(simulator.WithTitle("Brand new"))
	require.NoError(t, err)

	job := runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 1, job.Get("result.added"))
	assert.EqualValues(t, 1, job.Get("result.updated"))
	meeting := recordFor(p, "meetings", 1001)
	assert.Equal(t, "Renamed at Fathom", meeting["title"])
	assert.NotEmpty(t, meeting["summary"], "a sync fetches no summaries, but keeps existing ones")
	assert.Len(t, p.ListOwn("meetings", apptest.RecordingFilter(added.RecordingID)), 1)

	full := runSync(p, true)
	assert.EqualValues(t, 25, full.Get("result.meetings"))
	assert.EqualValues(t, 0, full.Get("result.updated"))
}

func TestSyncAfterAnInterruptedSyncFetchesOlderMeetings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 40}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: http.Header{"X-Page": {"1"}}})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400})
	job := runSync(p, false)
	require.Equal(t, "dead", job.Text("status"))
	assert.Contains(t, job.Text("error"), "rejected the request")
	require.Len(t, p.ListOwn("meetings", ""), 10, "the first page, with the newest meetings, is saved")

	job = runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Len(t, p.ListOwn("meetings", ""), 40, "the next sync fetches all older meetings")
	assert.Less(t, runSync(p, false).Get("result.meetings"), 10.0, "later syncs fetch only the latest meetings")
}

func TestSyncLogsOneLineAboutTheMeetingsItSkips(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 3}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	for id := int64(5001); id <= 5025; id++ { // on three pages
		_, err := s.Simulator.AddMeeting(simulator.WithRecordingID(id), simulator.RecordedBy(strings.Repeat("long ", 4_000), "ada@northwind.example"))
		require.NoError(t, err)
	}
	s.Simulator.Inject(simulator.Fault{
		Path: "/external/v1/meetings",
		Body: `{"items": [{"recording_id": -1}, {"recording_id": "text"}, {"recording_id": 9007199254740993}], "next_cursor": ""}`, Status: 200,
	})
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	assert.Equal(t, 1, strings.Count(s.Log.String(), "level=WARN"))
	assert.Contains(t, s.Log.String(), "meetings=3 recordings=[9007199254740993]")

	job := runSync(p, true)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 3, job.Get("result.meetings"))
	assert.Equal(t, 2, strings.Count(s.Log.String(), "level=WARN"), "one line for each sync")
	assert.Contains(t, s.Log.String(), "meetings=25 recordings=")
}
