package transfer_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const otherKey = "another-key-of-the-same-person"

func startWithTwoKeys(t *testing.T) (*apptest.Server, apptest.Person) {
	t.Helper()
	return startWithMeetings(t, apptest.Options{
		SimulatorConfig: simulator.Config{APIKeys: []string{simulator.DemoAPIKey, otherKey}},
		Settings:        []string{"WORKER_CONCURRENCY=3"},
	})
}

func addSchedule(p apptest.Person, body map[string]any) (path string) {
	p.T.Helper()
	created := p.Call(http.MethodPost, p.URL+schedulesPath, p.Token, body)
	require.Equal(p.T, 200, created.Status, created.Raw)
	return p.URL + schedulesPath + "/" + created.Text("id")
}

// isPausedByKey reports whether the server has paused the person's jobs because of a refused key.
func isPausedByKey(p apptest.Person) bool {
	p.T.Helper()
	stats, err := p.App.Queue.Stats(p.T.Context())
	require.NoError(p.T, err)
	for _, pause := range stats.Pauses {
		if pause.UserID == p.ID && pause.Source == queue.SourceKey {
			return true
		}
	}
	return false
}

// Case C09: a schedule that can only fail stops.
func TestRefusedKeyHoldsEverythingUntilItIsReplaced(t *testing.T) {
	t.Parallel()
	s, p := startWithTwoKeys(t)
	schedules := []string{
		addSchedule(p, map[string]any{"kind": "fathom.sync", "every": 3600}),
		addSchedule(p, map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1020}, "every": 3600}),
	}
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	before := len(s.Simulator.Requests())
	var ids []string
	for i := range 10 {
		ids = append(ids, enqueueTransfer(p, int64(1001+i)).Text("id"))
	}
	waitForConnectionStatus(p, "invalid")
	p.Eventually(func() bool { return isPausedByKey(p) })
	for _, schedule := range schedules {
		p.Eventually(func() bool {
			return p.Call(http.MethodGet, schedule, p.Token, nil).Text("stopped") == "Fathom refused your API key."
		})
	}
	for _, id := range ids {
		p.Eventually(func() bool { return p.Job(id).Text("status") == "pending" })
		assert.EqualValues(t, 0, p.Job(id).Get("attempts"))
	}
	assert.LessOrEqual(t, len(s.Simulator.Requests())-before, 3, "only the jobs that were running use the key")
	waitForTransferStatus(p, 1001, "queued")

	p = p.On(s.Restart("WORKER_CONCURRENCY=3"))
	s = p.Server
	assert.True(t, isPausedByKey(p))
	path := connectionsPath + "/" + connection(p)["id"].(string)
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"secret": otherKey}).Status)
	for _, id := range ids {
		assert.EqualValues(t, 1, waitForJobStatus(p, id, "completed").Get("attempts"))
	}
	assert.False(t, isPausedByKey(p))
	for _, schedule := range schedules {
		assert.Empty(t, p.Call(http.MethodGet, s.URL+schedule[len(schedule)-len(schedulesPath)-16:], p.Token, nil).Text("stopped"))
	}
}

func TestListThatIsRefusedMeansThatTheKeyIs(t *testing.T) {
	t.Parallel()
	s, p := startWithTwoKeys(t)
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 403, Times: -1})
	id := p.Enqueue("fathom.sync", map[string]any{}).Text("id")
	waitForConnectionStatus(p, "invalid")
	p.Eventually(func() bool { return isPausedByKey(p) && p.Job(id).Text("status") == "pending" })

	// A removed connection ends the pause, and the jobs ask for a key.
	schedule := addSchedule(p, map[string]any{"kind": "fathom.sync", "every": 3600})
	require.Equal(t, 204, p.Own(http.MethodDelete, connectionsPath+"/"+connection(p)["id"].(string), nil).Status)
	assert.Contains(t, waitForJobStatus(p, id, "dead").Text("error"), "Save your Fathom API key")
	assert.False(t, isPausedByKey(p))
	assert.Equal(t, "No Fathom API key is saved.", p.Call(http.MethodGet, schedule, p.Token, nil).Text("stopped"))
	s.Simulator.ClearFaults()
	require.Equal(t, "valid", p.SaveKey(otherKey).Text("status"))
	assert.Empty(t, p.Call(http.MethodGet, schedule, p.Token, nil).Text("stopped"))
}

func TestKeyThatCannotBeCheckedLetsTheJobsTryIt(t *testing.T) {
	t.Parallel()
	s, p := startWithTwoKeys(t)
	path := connectionsPath + "/" + connection(p)["id"].(string)
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	id := p.Enqueue("fathom.sync", map[string]any{}).Text("id")
	p.Eventually(func() bool { return isPausedByKey(p) })
	hold := make(chan struct{})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 500, Body: "down", Times: 20, Hold: hold})
	require.Equal(t, 200, p.Own(http.MethodPatch, path, map[string]any{"secret": otherKey}).Status)
	close(hold)
	waitForConnectionStatus(p, "unchecked")
	assert.False(t, isPausedByKey(p))
	s.Simulator.ClearFaults()
	waitForJobStatus(p, id, "completed")
	waitForConnectionStatus(p, "valid")
}

func TestCrashBeforeThePauseIsMadeUpForWhenTheDatabaseIsOpened(t *testing.T) {
	t.Parallel()
	s, p := startWithTwoKeys(t)
	s.Simulator.RevokeKey(simulator.DemoAPIKey)
	p.Enqueue("fathom.sync", map[string]any{})
	p.Eventually(func() bool { return isPausedByKey(p) })
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM queue_pauses")
	p = p.On(s.Restart())
	p.ListOwn("meetings", "")
	p.Eventually(func() bool { return isPausedByKey(p) })
}
