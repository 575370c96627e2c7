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
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Times: -1})
	job := runSync(p, false)
	require.Equal(t, "dead", job.Text("status"))
	assert.Contains(t, job.Text("error"), "rejected the request")
	s.Simulator.ClearFaults()
	require.Len(t, p.ListOwn("meetings", ""), 10, "the first page, with the newest meetings, is saved")

	job = runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Len(t, p.ListOwn("meetings", ""), 40, "the next sync fetches all older meetings")
	assert.Less(t, runSync(p, false).Get("result.meetings"), 10.0, "later syncs fetch only the latest meetings")
}

// Case C16: a meeting that can't be read is counted and shown.
func TestUnreadableMeetingsAreSetAsideAndCounted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 3}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	for id := int64(5001); id <= 5025; id++ { // on three pages
		_, err := s.Simulator.AddMeeting(simulator.WithRecordingID(id), simulator.RecordedBy(strings.Repeat("long ", 4_000), "ada@northwind.example"))
		require.NoError(t, err)
	}
	_, err := s.Simulator.Change(1001, simulator.WithField("calendar_invitees", "none"))
	require.NoError(t, err)
	_, err = s.Simulator.Change(1002, simulator.WithField("recording_id", "1002"), simulator.WithField("recorded_by", map[string]any{"name": "Ada", "team": map[string]any{"name": "Sales"}}))
	require.NoError(t, err)

	job := runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 2, job.Get("result.meetings"), "other shapes of the same data are read")
	assert.EqualValues(t, 26, job.Get("result.unreadable"))
	assert.Equal(t, 1, strings.Count(s.Log.String(), "level=WARN"), "one line for all of them")
	assert.Contains(t, s.Log.String(), "meetings=26 recordings=")
	assert.Len(t, p.ListOwn("unreadable_meetings", ""), 26)
	aside := p.ListOwn("unreadable_meetings", "recording_id = '1001'")[0]
	assert.Contains(t, aside["reason"], "calendar_invitees")
	assert.NotContains(t, aside, "raw")
	assert.Equal(t, "Sales", recordFor(p, "meetings", 1002)["recorded_by"].(map[string]any)["team"])

	job = runSync(p, false)
	assert.EqualValues(t, 26, job.Get("result.unreadable"), "they are counted until they can be read")
	assert.Equal(t, 1, strings.Count(s.Log.String(), "level=WARN"), "the log has them once")

	_, err = s.Simulator.Change(1001, simulator.WithField("calendar_invitees", []any{}))
	require.NoError(t, err)
	job = runSync(p, true)
	assert.EqualValues(t, 25, job.Get("result.unreadable"))
	assert.EqualValues(t, 1, job.Get("result.added"))
	assert.Empty(t, p.ListOwn("unreadable_meetings", "recording_id = '1001'"))
	recordFor(p, "meetings", 1001)
}

// Case C16: a later version reads such a meeting.
func TestLaterVersionReadsWhatWasSetAside(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 1}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	p.SaveRecord("unreadable_meetings", map[string]any{
		"key": "77", "recording_id": "77", "version": "0.1", "raw": `{"recording_id": "77", "title": "Found again"}`,
	})
	p.SaveRecord("unreadable_meetings", map[string]any{"key": "78", "recording_id": "78", "version": "0.1", "raw": `{"recording_id": 78, "title": 5}`})
	job := runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, "Found again", recordFor(p, "meetings", 77)["title"], "although Fathom doesn't list it any more")
	assert.EqualValues(t, 1, job.Get("result.unreadable"), "the other one remains")
}
