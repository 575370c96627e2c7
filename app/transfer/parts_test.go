package transfer_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// startWithParts starts a server that requests the parts of meetings by itself, with a user who has a valid key.
func startWithParts(t *testing.T, cfg simulator.Config) (*apptest.Server, apptest.Person) {
	t.Helper()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: cfg, Settings: []string{"FATHOM_PARTS_FOR=7d"}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	return s, p
}

// partsOf returns the states of a meeting's parts.
func partsOf(p apptest.Person, recordingID int64) map[string]any {
	p.T.Helper()
	states, _ := recordFor(p, "meetings", recordingID)["parts"].(map[string]any)
	return states
}

// syncWithParts syncs and waits until the parts that were due have been requested.
func syncWithParts(p apptest.Person, full bool) {
	p.T.Helper()
	job := runSync(p, full)
	require.Equal(p.T, "completed", job.Text("status"), job.Raw)
	waitForParts(p)
}

func waitForParts(p apptest.Person) {
	p.T.Helper()
	p.Eventually(func() bool {
		active := p.Call(http.MethodGet, p.URL+apptest.JobsPath+"?filter=kind%3D'fathom.parts'%26%26finished_at%3D''", p.Token, nil)
		return active.Get("totalItems") == 0.0
	})
}

// letPartsBeDue lets the time pass until the scheduled request for parts, and waits for it.
func letPartsBeDue(t *testing.T, p apptest.Person) {
	t.Helper()
	now := time.Now().UTC().Format(types.DefaultDateLayout)
	changed, err := p.App.NonconcurrentDB().Update("job_schedules", dbx.Params{"next_run_at": now}, dbx.HashExp{"kind": "fathom.parts", "user": p.ID}).Execute()
	require.NoError(t, err)
	rows, err := changed.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, rows, "the next request is scheduled")
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	_, err = handle.App.NonconcurrentDB().Update("meetings", dbx.Params{"parts_due_at": now}, dbx.NewExp("parts_due_at != ''")).Execute()
	require.NoError(t, err)
	require.NoError(t, p.App.Queue.EnqueueScheduled(t.Context()))
	waitForParts(p)
}

func TestTextsOfListedMeetingsArriveNewestFirst(t *testing.T) {
	t.Parallel()
	s, p := startWithParts(t, simulator.Config{Meetings: 25})
	syncWithParts(p, false)
	for _, meeting := range p.ListOwn("meetings", "") {
		assert.NotEmpty(t, meeting["summary"], meeting["recording_id"])
		assert.NotContains(t, fmt.Sprint(meeting["parts"]), "waiting")
	}
	p.Eventually(func() bool {
		return p.Own("GET", "/api/collections/transcripts/records?perPage=1", nil).Get("totalItems") == 25.0
	})
	var pages []string
	for _, request := range s.Simulator.Requests() {
		require.False(t, strings.HasPrefix(request.Path, "/external/v1/recordings/"), request.Path)
		if request.Query.Get("include_transcript") == "true" {
			pages = append(pages, request.Query.Get("created_before"))
		}
	}
	require.Len(t, pages, 3, "ten meetings for each heavy request")
	assert.Greater(t, pages[0], pages[1])
	assert.Greater(t, pages[1], pages[2])
	assert.Equal(t, "ready", partsOf(p, 1001)["transcript"])
	assert.NotEmpty(t, p.ListOwn("meetings", "highlights:length > 0"))
}

// Case C02: a transcript or summary that is not ready yet is not taken for one that does not exist.
func TestLatePartsArriveAfterDelivery(t *testing.T) {
	t.Parallel()
	for name, unready := range map[string][]simulator.MeetingOption{
		"empty":  {simulator.WithLines(), simulator.WithSummary("")},
		"null":   {simulator.WithField("transcript", nil), simulator.WithField("default_summary", nil)},
		"absent": {simulator.WithoutField("transcript"), simulator.WithoutField("default_summary")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithParts(t, simulator.Config{Meetings: 3})
			late, err := s.Simulator.AddMeeting(unready...)
			require.NoError(t, err)
			id := late.RecordingID
			for _, part := range []string{"summary", "transcript"} {
				s.Simulator.Inject(simulator.Fault{Path: fmt.Sprintf("/external/v1/recordings/%d/%s", id, part), Status: 404, Times: -1})
			}
			syncWithParts(p, false)
			assert.Equal(t, "waiting", partsOf(p, id)["summary"])
			assert.Equal(t, "waiting", partsOf(p, id)["transcript"])
			assert.Equal(t, "ready", partsOf(p, 1001)["transcript"])

			completeTransfer(p, id)
			delivered := p.Own("PATCH", transferPath(p, id), map[string]any{"share_url": uploadToLoom(p, id)})
			require.Equal(t, 200, delivered.Status, delivered.Raw)
			letPartsBeDue(t, p)
			assert.Equal(t, "waiting", partsOf(p, id)["summary"], "it is not ready yet, which isn't the end")
			assert.Empty(t, p.ListOwn("transcripts", apptest.RecordingFilter(id)))

			_, err = s.Simulator.Change(id, simulator.WithLines("Better late than never."), simulator.WithSummary("# Late"),
				simulator.WithField("transcript", []map[string]any{{"text": "Better late than never.", "timestamp": "00:00:00", "speaker": map[string]any{"display_name": "Ada"}}}),
				simulator.WithField("default_summary", map[string]any{"markdown_formatted": "# Late"}))
			require.NoError(t, err)
			if name == "absent" {
				s.Simulator.ClearFaults()
				job := p.RunJob("fathom.parts", map[string]any{"recording_id": id})
				require.Equal(t, "completed", job.Text("status"), job.Raw)
			} else {
				letPartsBeDue(t, p)
			}
			assert.Equal(t, "# Late", recordFor(p, "meetings", id)["summary"])
			assert.Contains(t, recordFor(p, "transcripts", id)["text"], "Better late than never.")
			assert.Equal(t, "ready", partsOf(p, id)["transcript"])
		})
	}
}

// startWithPartsAt is startWithParts with a clock that the test moves.
func startWithPartsAt(t *testing.T, cfg simulator.Config) (*clocktest.Clock, apptest.Person) {
	t.Helper()
	clock := clocktest.New(time.Now())
	s := apptest.Start(t, apptest.Options{
		Now: clock.Now, SimulatorConfig: cfg, Settings: []string{"FATHOM_PARTS_FOR=7d", "QUEUE_POLL_INTERVAL=100ms"},
	})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	return clock, p
}

func TestMeetingThatFathomNeverServesDelaysNoOthers(t *testing.T) {
	t.Parallel()
	clock, p := startWithPartsAt(t, simulator.Config{Meetings: 14})
	newest := p.Simulator.Meetings()[0]
	page := map[string]string{
		"include_transcript": "true", "created_before": newest.CreatedAt.Add(time.Second).UTC().Format(time.RFC3339),
	}
	path := fmt.Sprintf("/external/v1/recordings/%d/summary", newest.RecordingID)
	for _, fault := range []simulator.Fault{{Path: listPath, Query: page}, {Path: path}} {
		fault.Status, fault.RetryAfter, fault.Times = 500, 30*time.Second, -1
		p.Simulator.Inject(fault)
	}
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	meetings := p.ListOwn("meetings", "")
	advanceUntil(p.Server, clock, time.Second, func() bool { return len(p.ListOwn("meetings", "summary != ''")) == len(meetings)-1 })
	assert.Equal(t, "", recordFor(p, "meetings", newest.RecordingID)["summary"])
	assert.GreaterOrEqual(t, countRequests(p.Server, "GET", path), 1, "it was requested alone as well")
	assert.False(t, isPausedByOutage(p.Server))

	p.Simulator.ClearFaults()
	advanceUntil(p.Server, clock, 10*time.Second, func() bool { return partsOf(p, newest.RecordingID)["transcript"] == "ready" })
}

func TestActionItemsAndHighlightsMayComeLaterThanTheSummary(t *testing.T) {
	t.Parallel()
	clock, p := startWithPartsAt(t, simulator.Config{Meetings: -1})
	added := clock.Now()
	add := func() int64 {
		m, err := p.Simulator.AddMeeting(simulator.WithCreatedAt(added),
			simulator.WithField("action_items", []any{}), simulator.WithField("highlights", []any{}))
		require.NoError(t, err)
		return m.RecordingID
	}
	late, never := add(), add()
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	p.Eventually(func() bool { return partsOf(p, late)["summary"] == "ready" && partsOf(p, never)["summary"] == "ready" })
	advanceUntil(p.Server, clock, 10*time.Minute, func() bool { return clock.Now().Sub(added) > 47*time.Hour })
	for _, part := range []string{"action_items", "highlights"} {
		assert.Equal(t, "waiting", partsOf(p, late)[part], part)
		_, err := p.Simulator.Change(late, simulator.WithField(part, []map[string]any{{"description": "Call Bo.", "text": "Call Bo."}}))
		require.NoError(t, err)
	}
	advanceUntil(p.Server, clock, 10*time.Minute, func() bool {
		return partsOf(p, late)["highlights"] == "ready" && partsOf(p, never)["highlights"] == "none"
	})
	assert.Equal(t, "ready", partsOf(p, late)["action_items"])
	assert.Equal(t, "none", partsOf(p, never)["action_items"])
	for _, part := range []string{"action_items", "highlights"} {
		assert.Contains(t, fmt.Sprint(recordFor(p, "meetings", late)[part]), "Call Bo.", part)
	}
}

// Case C30: texts arrive as fast as the limits of Fathom allow, without a single refused call if it announces them.
func TestTextsStayWithinTheLimitsOfFathom(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		texts, meetings int
		within          time.Duration
		silent          bool // the responses don't announce the limit
	}{
		"published limits": {30, 310, 3 * time.Minute, false},
		"lowest limit":     {5, 60, 3 * time.Minute, false}, // Fathom's responses announce it
		"silent limit":     {5, 60, time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := clocktest.New(time.Now())
			s := apptest.Start(t, apptest.Options{
				Now: clock.Now, Settings: []string{"FATHOM_PARTS_FOR=7d", "QUEUE_POLL_INTERVAL=100ms"},
				Prepare: func(s *apptest.Server) { s.App.FathomNow = clock.Now },
				SimulatorConfig: simulator.Config{
					Now: clock.Now, Meetings: test.meetings, RateLimits: true, HeadersOff: test.silent,
					Limits: simulator.Limits{Heavy: test.texts},
				},
			})
			p := s.SignUp("ada@example.com")
			require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
			began := clock.Now()
			require.Equal(t, 200, p.Enqueue("fathom.sync", map[string]any{}).Status)
			s.Eventually(func() bool {
				advanceToNextRun(s, clock)
				return p.Own("GET", "/api/collections/transcripts/records?perPage=1", nil).Get("totalItems") == float64(test.meetings)
			})
			assert.LessOrEqual(t, clock.Now().Sub(began), test.within)
			if test.silent {
				refused := slices.ContainsFunc(s.Simulator.Requests(), func(r simulator.Request) bool { return r.Status == 429 })
				assert.True(t, refused, "only refused calls show the limit")
				return
			}
			pages, lists := 0, 0
			for _, request := range s.Simulator.Requests() {
				assert.NotEqual(t, 429, request.Status, request.Path)
				switch {
				case request.Query.Get("include_transcript") == "true":
					pages++
				case request.Path == listPath:
					lists++
				}
			}
			assert.Equal(t, test.meetings/10, pages)
			assert.LessOrEqual(t, lists, test.meetings/10+3, "the check of the key, and what a wait repeats")
		})
	}
}

func TestPartsAreGivenUpAfterTheirTime(t *testing.T) {
	t.Parallel()
	s, p := startWithParts(t, simulator.Config{Meetings: -1})
	add := func(age time.Duration) int64 {
		m, err := s.Simulator.AddMeeting(simulator.WithCreatedAt(time.Now().Add(-age)), simulator.WithLines(), simulator.WithSummary(""))
		require.NoError(t, err)
		return m.RecordingID
	}
	old, recent := add(8*24*time.Hour), add(6*24*time.Hour)
	syncWithParts(p, false)
	letPartsBeDue(t, p)
	assert.Equal(t, "waiting", partsOf(p, old)["transcript"], "an old meeting gets three tries")
	letPartsBeDue(t, p)
	assert.Equal(t, "none", partsOf(p, old)["transcript"])
	assert.Equal(t, "none", partsOf(p, old)["summary"])
	letPartsBeDue(t, p)
	assert.Equal(t, "waiting", partsOf(p, recent)["transcript"], "a recent one gets a week")

	_, err := s.Simulator.Change(old, simulator.WithSummary("# After all"))
	require.NoError(t, err)
	job := p.RunJob("fathom.parts", map[string]any{"recording_id": old})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, "# After all", recordFor(p, "meetings", old)["summary"], "its owner may ask again")
	assert.Equal(t, "waiting", partsOf(p, old)["transcript"])
}

func TestEmptyPartNeverReplacesAText(t *testing.T) {
	t.Parallel()
	s, p := startWithParts(t, simulator.Config{Meetings: 4})
	syncWithParts(p, false)
	summary := recordFor(p, "meetings", 1001)["summary"]
	_, err := s.Simulator.Change(1001, simulator.WithLines(), simulator.WithSummary(""))
	require.NoError(t, err)
	_, err = s.Simulator.Change(1002, simulator.WithSummary("# Edited at Fathom"))
	require.NoError(t, err)
	syncWithParts(p, true)
	assert.Equal(t, summary, recordFor(p, "meetings", 1001)["summary"])
	assert.NotEmpty(t, recordFor(p, "transcripts", 1001)["text"])
	assert.Equal(t, "ready", partsOf(p, 1001)["transcript"])
	assert.Equal(t, "# Edited at Fathom", recordFor(p, "meetings", 1002)["summary"], "an edited one does, with the next pass over all meetings")
}

func TestTextsComeOneByOneWhenAPageCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"refused":   {Status: 400, Body: `{"error":"include_transcript is not available"}`},
		"too large": {Status: 200, Body: `{"items":[{"recording_id":1,"title":"` + strings.Repeat("x", 25<<20) + `"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithParts(t, simulator.Config{Meetings: 2})
			syncWithParts(p, false)
			added, err := s.Simulator.AddMeeting()
			require.NoError(t, err)
			fault.Path = "/external/v1/meetings"
			s.Simulator.Inject(simulator.Fault{Path: fault.Path, Header: http.Header{"X-Page": {"1"}}}) // the sync's own request
			fault.Times = -1
			s.Simulator.Inject(fault)
			syncWithParts(p, false)
			assert.Equal(t, "ready", partsOf(p, added.RecordingID)["transcript"])
			assert.NotEmpty(t, recordFor(p, "meetings", added.RecordingID)["summary"])
		})
	}
}

func TestTextsOfCallsRecordedByOthersArrive(t *testing.T) {
	t.Parallel()
	s, p := startWithParts(t, simulator.Config{Meetings: 2})
	call, err := s.Simulator.AddMeeting(simulator.RecordedBy("Bo", "bo@outside.example"))
	require.NoError(t, err)
	answer := p.Own("POST", "/api/collections/preferences/records", map[string]any{
		"key": "sync_others", "value": map[string]any{"enabled": true, "people": []string{"bo@outside.example"}},
	})
	require.Equal(t, 200, answer.Status, answer.Raw)
	syncWithParts(p, false)
	assert.NotEmpty(t, recordFor(p, "transcripts", call.RecordingID)["text"])
}

func TestOwnersAskForThePartsOfOneMeeting(t *testing.T) {
	t.Parallel()
	_, p := startWithParts(t, simulator.Config{Meetings: 1})
	for _, payload := range []map[string]any{{}, {"recording_id": 0}, {"recording_id": "1001"}, {"other": 1}} {
		assert.Equal(t, 400, p.Enqueue("fathom.parts", payload).Status, payload)
	}
	job := p.RunJob("fathom.parts", map[string]any{"recording_id": 4711})
	assert.Equal(t, "dead", job.Text("status"))
	assert.Contains(t, job.Text("error"), "isn't among your meetings")
}

func TestAskingAgainBringsActionItemsAndHighlights(t *testing.T) {
	t.Parallel()
	s, p := startWithParts(t, simulator.Config{Meetings: 2})
	none := []any{}
	_, err := s.Simulator.Change(1002, simulator.WithField("action_items", none), simulator.WithField("highlights", none))
	require.NoError(t, err)
	syncWithParts(p, false)
	assert.NotEqual(t, "ready", partsOf(p, 1002)["action_items"])
	assert.NotEqual(t, "ready", partsOf(p, 1002)["highlights"])

	_, err = s.Simulator.Change(1002,
		simulator.WithField("action_items", []map[string]any{{"description": "Write the minutes", "recording_timestamp": "00:00:01"}}),
		simulator.WithField("highlights", []map[string]any{{"type": "bookmark", "summary": "The launch moves", "start_time": 4.2, "end_time": 9}}))
	require.NoError(t, err)
	job := p.RunJob("fathom.parts", map[string]any{"recording_id": 1002})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, "ready", partsOf(p, 1002)["action_items"])
	assert.Equal(t, "ready", partsOf(p, 1002)["highlights"])
	assert.Len(t, recordFor(p, "meetings", 1002)["highlights"], 1)
}
