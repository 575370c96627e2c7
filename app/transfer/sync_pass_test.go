package transfer_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// ageFullPass makes the last pass over all meetings look a day older.
func ageFullPass(t *testing.T, p apptest.Person) {
	t.Helper()
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	_, err = handle.App.NonconcurrentDB().NewQuery(`UPDATE connections
		SET sync = json_set(sync, '$.full_started', {:old})`).Bind(map[string]any{"old": time.Now().Add(-25 * time.Hour).UTC().Format(time.RFC3339)}).Execute()
	require.NoError(t, err)
}

// listRequests returns the requests for meetings since the given number of requests.
func listRequests(s *apptest.Server, since int) (requests []simulator.Request) {
	for _, request := range s.Simulator.Requests()[since:] {
		if request.Method == http.MethodGet && request.Path == "/external/v1/meetings" {
			requests = append(requests, request)
		}
	}
	return requests
}

// Case C08: meetings that are shared late, and later edits, arrive.
func TestLateSharedAndRenamedMeetingsArrive(t *testing.T) {
	t.Parallel()
	for name, syncAgain := range map[string]func(apptest.Person) apptest.Answer{
		"with the daily pass": func(p apptest.Person) apptest.Answer {
			ageFullPass(t, p)
			return runSync(p, false)
		},
		"at once on request": func(p apptest.Person) apptest.Answer { return runSync(p, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 40}})
			late, err := s.Simulator.AddMeeting(simulator.WithTitle("Shared late"), simulator.WithCreatedAt(time.Now().AddDate(0, 0, -10)))
			require.NoError(t, err)
			oldest := int64(1040)
			_, err = s.Simulator.Change(oldest, simulator.WithTitle("Renamed at Fathom"))
			require.NoError(t, err)

			require.Equal(t, "completed", runSync(p, false).Text("status"))
			require.Empty(t, p.ListOwn("meetings", apptest.RecordingFilter(late.RecordingID)), "a sync reads what is new")
			job := syncAgain(p)
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			assert.EqualValues(t, 1, job.Get("result.added"))
			assert.EqualValues(t, 1, job.Get("result.updated"))
			recordFor(p, "meetings", late.RecordingID)
			assert.Equal(t, "Renamed at Fathom", recordFor(p, "meetings", oldest)["title"])
		})
	}
}

func TestMeetingIsWithdrawnAfterTwoPasses(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1010)
	_, err := s.Simulator.Change(1010, simulator.Unlisted())
	require.NoError(t, err)
	job := runSync(p, true)
	assert.EqualValues(t, 0, job.Get("result.withdrawn"), "the list may have been incomplete")
	assert.Empty(t, recordFor(p, "meetings", 1010)["withdrawn_at"])
	runSync(p, false)
	assert.Empty(t, recordFor(p, "meetings", 1010)["withdrawn_at"], "a sync of new meetings says nothing about old ones")
	job = runSync(p, true)
	assert.EqualValues(t, 1, job.Get("result.withdrawn"))
	assert.NotEmpty(t, recordFor(p, "meetings", 1010)["withdrawn_at"])
	assert.NotEmpty(t, recordFor(p, "recordings", 1010)["file"], "everything is kept")
	assert.Len(t, p.ListOwn("meetings", "withdrawn_at != ''"), 1)
	assert.EqualValues(t, 0, runSync(p, true).Get("result.withdrawn"), "it is marked once")

	_, err = s.Simulator.Change(1010, simulator.Restored())
	require.NoError(t, err)
	runSync(p, true)
	assert.Empty(t, recordFor(p, "meetings", 1010)["withdrawn_at"], "the mark ends when Fathom lists the meeting again")
	_, err = s.Simulator.Change(1010, simulator.Unlisted())
	require.NoError(t, err)
	runSync(p, true)
	assert.Empty(t, recordFor(p, "meetings", 1010)["withdrawn_at"], "it counts from the start")
}

func TestAnotherAccountsKeyWithdrawsNothing(t *testing.T) {
	t.Parallel()
	const otherKey = "another-account.key-of-the-other-account"
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 12, APIKeys: []string{simulator.DemoAPIKey, otherKey}}})
	for id := int64(1001); id <= 1012; id++ {
		_, err := s.Simulator.Change(id, simulator.VisibleTo(simulator.DemoAPIKey))
		require.NoError(t, err)
	}
	for range 30 {
		_, err := s.Simulator.AddMeeting(simulator.VisibleTo(otherKey))
		require.NoError(t, err)
	}
	p := s.SignUpWithMeetings("ada@example.com")
	require.Len(t, p.ListOwn("meetings", ""), 12)
	saved := p.Own("PATCH", connectionsPath+"/"+connection(p)["id"].(string), map[string]any{"secret": otherKey})
	require.Equal(t, 200, saved.Status, saved.Raw)
	waitForConnectionStatus(p, "valid")
	for range 4 {
		job := runSync(p, true)
		require.Equal(t, "completed", job.Text("status"), job.Raw)
		assert.EqualValues(t, 0, job.Get("result.withdrawn"))
	}
	assert.Len(t, p.ListOwn("meetings", ""), 42)
	assert.Empty(t, p.ListOwn("meetings", "withdrawn_at != ''"))
}

// Case C29: calls recorded by others arrive if the user wants them.
func TestCallsRecordedByOthersAreSyncedOnRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ofPerson, err := s.Simulator.AddMeeting(simulator.RecordedBy("Bo", "bo@outside.example"))
	require.NoError(t, err)
	ofTeam, err := s.Simulator.AddMeeting(simulator.RecordedBy("Cy", "cy@outside.example"), simulator.OfTeam("Sales"))
	require.NoError(t, err)
	p := s.SignUpWithMeetings("ada@example.com")
	has := func(id int64) bool { return len(p.ListOwn("meetings", apptest.RecordingFilter(id))) == 1 }
	assert.False(t, has(ofPerson.RecordingID))
	assert.False(t, has(ofTeam.RecordingID))

	preference := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "sync_others", "value": map[string]any{"enabled": true}})
	require.Equal(t, 200, preference.Status, preference.Raw)
	change := func(value map[string]any) {
		answer := p.Own("PATCH", "/api/collections/preferences/records/"+preference.Text("id"), map[string]any{"value": value})
		require.Equal(t, 200, answer.Status, answer.Raw)
		job := runSync(p, false)
		require.Equal(t, "completed", job.Text("status"), job.Raw)
	}
	change(map[string]any{"enabled": true})
	assert.True(t, has(ofTeam.RecordingID), "of all teams")
	assert.False(t, has(ofPerson.RecordingID))
	change(map[string]any{"enabled": true, "people": []string{" bo@outside.example "}, "teams": []string{}})
	assert.True(t, has(ofPerson.RecordingID))

	change(map[string]any{"enabled": false, "people": []string{"bo@outside.example"}})
	for range 3 {
		runSync(p, true)
	}
	assert.Empty(t, p.ListOwn("meetings", "withdrawn_at != ''"), "what is no longer asked for isn't withdrawn")

	refused := p.Own("PATCH", "/api/collections/preferences/records/"+preference.Text("id"), map[string]any{"value": map[string]any{"enabled": "yes"}})
	assert.Equal(t, 400, refused.Status, refused.Raw)
}

func TestPassOverAllMeetingsIsReadInSmallSteps(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 250}})
	_, err := s.Simulator.Change(1245, simulator.WithTitle("Renamed at Fathom"))
	require.NoError(t, err)
	ageFullPass(t, p)
	before := len(s.Simulator.Requests())
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	step := listRequests(s, before)
	assert.LessOrEqual(t, len(step), 21, "20 pages beside the new meetings")
	assert.GreaterOrEqual(t, len(step), 20)
	assert.NotEqual(t, "Renamed at Fathom", recordFor(p, "meetings", 1245)["title"])

	before = len(s.Simulator.Requests())
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	assert.LessOrEqual(t, len(listRequests(s, before)), 8, "the next sync reads the rest")
	assert.Equal(t, "Renamed at Fathom", recordFor(p, "meetings", 1245)["title"])
	before = len(s.Simulator.Requests())
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	assert.Len(t, listRequests(s, before), 1, "the next pass starts a day later")
}

func TestUnsortedListsAreReadCompletely(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 45, OldestFirst: true}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: http.Header{"X-Page": {"1"}}, Times: 2})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Times: -1})
	require.Equal(t, "dead", runSync(p, false).Text("status"))
	s.Simulator.ClearFaults()
	before := len(s.Simulator.Requests())
	job := runSync(p, false)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Len(t, p.ListOwn("meetings", ""), 45)
	assert.Len(t, listRequests(s, before), 3, "the list continues")
}

func TestHighlightsAreStoredWhereFathomHasThem(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 400, Body: `{"error":"unknown parameter"}`})
	require.Equal(t, "completed", runSync(p, false).Text("status"), "an account without highlights has meetings all the same")
	assert.Empty(t, p.ListOwn("meetings", "highlights:length > 0"))
	job := runSync(p, true)
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.NotEmpty(t, p.ListOwn("meetings", "highlights:length > 0"), "a later pass asks for them again")
	assert.EqualValues(t, 0, runSync(p, true).Get("result.updated"), "what is the same isn't written again")
}
