package transfer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const rulesPath = "/api/collections/rules/records"

func createRule(p apptest.Person, fields map[string]any) string {
	p.T.Helper()
	rule := map[string]any{"name": "Rule", "enabled": true, "deliver": true}
	for name, value := range fields {
		rule[name] = value
	}
	created := p.Own("POST", rulesPath, rule)
	require.Equal(p.T, 200, created.Status, created.Raw)
	return created.Text("id")
}

// addMeeting adds a meeting at Fathom that no sync has seen.
func addMeeting(p apptest.Person, title string, options ...simulator.MeetingOption) int64 {
	p.T.Helper()
	meeting, err := p.Simulator.AddMeeting(append([]simulator.MeetingOption{simulator.WithTitle(title), simulator.WithCreatedAt(time.Now())}, options...)...)
	require.NoError(p.T, err)
	return meeting.RecordingID
}

func syncAgain(p apptest.Person) {
	p.T.Helper()
	require.Equal(p.T, "completed", runSync(p, false).Text("status"))
}

// pauseTransfers keeps the jobs of transfers from starting.
func pauseTransfers(s *apptest.Server) {
	s.T.Helper()
	require.NoError(s.T, s.App.Queue.AddPause(s.T.Context(), queue.Pause{Kind: "recording.transfer", Source: queue.SourceOperator}))
}

// transferPayloads returns the payloads of a person's transfer jobs, by recording id.
func transferPayloads(p apptest.Person) map[int64]map[string]any {
	p.T.Helper()
	payloads := map[int64]map[string]any{}
	for _, job := range p.Call("GET", p.URL+apptest.JobsPath+"?perPage=500&filter=kind%3D'recording.transfer'", p.Token, nil).Items() {
		payload := job["payload"].(map[string]any)
		id := int64(payload["recording_id"].(float64))
		require.NotContains(p.T, payloads, id)
		payloads[id] = payload
	}
	return payloads
}

func TestRulesTransferNewMeetings(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	pauseTransfers(s)
	createRule(p, map[string]any{"name": "Off", "enabled": false, "conditions": map[string]any{"min_minutes": 0.01}})
	store := createRule(p, map[string]any{"name": "Store", "deliver": false, "conditions": map[string]any{"title_words": []string{"keep"}}})
	send := createRule(p, map[string]any{"name": "Send", "conditions": map[string]any{"title_words": []string{"customer"}}})
	syncAgain(p)
	assert.Empty(t, transferPayloads(p), "meetings that were there before a rule aren't new")

	customer, kept, other := addMeeting(p, "Customer call"), addMeeting(p, "Keep: customer call"), addMeeting(p, "Lunch")
	syncAgain(p)
	payloads := transferPayloads(p)
	require.Len(t, payloads, 2)
	assert.Equal(t, true, payloads[customer]["deliver"])
	assert.Equal(t, false, payloads[kept]["deliver"], "the oldest rule decides")
	assert.NotContains(t, payloads, other)
	for _, id := range []string{store, send} {
		rule := p.Own("GET", rulesPath+"/"+id, nil)
		assert.EqualValues(t, 1, rule.Get("matched"), rule.Raw)
		assert.NotEmpty(t, rule.Text("last_matched_at"))
	}

	require.NoError(t, s.App.Queue.CancelActive("recording.transfer", p.ID, fmt.Sprint(customer)))
	require.Equal(t, "completed", runSync(p, true).Text("status"))
	assert.Len(t, transferPayloads(p), 2, "a rule is applied once to each meeting")
}

func TestRulesLeaveTransfersAlone(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	createRule(p, map[string]any{"conditions": map[string]any{"title_words": []string{"customer"}}})
	id := addMeeting(p, "Customer call")
	require.Equal(t, "completed", runSync(p, false).Text("status"))
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'awaiting_share_url'")) == 1 })
	requireStoredAsAtFathom(p, id)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.DataFile(), fmt.Sprintf("UPDATE meetings SET rules_due = TRUE WHERE recording_id = %d", id)) // as after a crash between job and mark
	p = p.On(p.Restart())
	syncAgain(p)
	assert.Len(t, p.ListOwn("transfers", ""), 1)
	assert.Len(t, transferPayloads(p), 1)
}

func TestRulesWaitForASlotInTheQueue(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	pauseTransfers(s)
	createRule(p, map[string]any{"conditions": map[string]any{"title_words": []string{"customer"}}})
	enqueueTransfer(p, 1001)
	columns := "user, kind, payload, status, run_at, max_attempts, created, updated"
	_, err := s.App.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1997)
		INSERT INTO global_queue (id, dedupe_key, ` + columns + `) SELECT 'filler' || i, 'recording.transfer:' || user || ':' || (5000 + i), ` +
		columns + ` FROM global_queue, n WHERE kind = 'recording.transfer' AND user = {:user}`).Bind(dbx.Params{"user": p.ID}).Execute()
	require.NoError(t, err)
	for i := range 3 {
		addMeeting(p, fmt.Sprintf("Customer call %d", i))
	}
	// The sync itself is the 1999th active job.
	syncAgain(p)
	waiting := func() int {
		p.T.Helper()
		return len(p.ListOwn("transfers", "status = 'queued'"))
	}
	p.Eventually(func() bool { return waiting() == 2 })
	_, err = s.App.NonconcurrentDB().NewQuery("DELETE FROM global_queue WHERE id LIKE 'filler%'").Execute()
	require.NoError(t, err)
	syncAgain(p)
	p.Eventually(func() bool { return waiting() == 4 })
}

func TestRulesApplyToWhatIsNewSinceAKeyWasReplaced(t *testing.T) {
	t.Parallel()
	second := simulator.DemoAPIKey + "-2"
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, second}}})
	pauseTransfers(s)
	createRule(p, map[string]any{"conditions": map[string]any{"title_not": []string{"private"}}})
	id := addMeeting(p, "Customer call", simulator.WithCreatedAt(time.Now().Add(time.Minute)))
	replaced := p.Own("PATCH", connectionsPath+"/"+connection(p)["id"].(string), map[string]any{"secret": second})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	waitForConnectionStatus(p, "valid")
	syncAgain(p)
	payloads := transferPayloads(p)
	require.Len(t, payloads, 1, "the first sync with a key doesn't apply rules to old meetings")
	assert.Contains(t, payloads, id)
}
