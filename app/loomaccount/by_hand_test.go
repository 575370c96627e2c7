package loomaccount_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// cancelBeforeVisibility begins an upload whose video is published, while its visibility can't be set.
func cancelBeforeVisibility(t *testing.T) apptest.Person {
	t.Helper()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: "updateLoomVideoPermissions", Status: 503, RetryAfter: time.Hour, Times: -1})
	delayAndCancel(p, map[string]any{"recording_id": 1001})
	require.Len(t, p.Simulator.Uploads(), 1)
	require.Equal(t, "public", p.Simulator.Uploads()[0].Visibility)
	return p
}

// delayAndCancel runs a transfer until it is delayed, and cancels it.
func delayAndCancel(p apptest.Person, payload map[string]any) {
	p.T.Helper()
	id := p.Enqueue("recording.transfer", payload).Text("id")
	p.Eventually(func() bool {
		job := p.Job(id)
		require.NotEqual(p.T, "completed", job.Text("status"), job.Raw)
		return job.Text("status") == "pending" && job.Text("error") != ""
	})
	cancelled := p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(p.T, 200, cancelled.Status, cancelled.Raw)
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "cancelled" })
}

func TestOwnerTakesOverAfterThePublication(t *testing.T) {
	t.Parallel()
	byHand := map[string]any{"recording_id": 1001, "by_hand": true}
	t.Run("temporary", func(t *testing.T) {
		t.Parallel()
		p := cancelBeforeVisibility(t)
		delayAndCancel(p, byHand)
		p.Simulator.ClearFaults()
		assert.Equal(t, "delivered", transferTo(p, 1001, byHand).Text("result.status"))
		assert.Equal(t, "owner", transferOf(p, 1001)["visibility"])
		assert.Empty(t, transferOf(p, 1001)["note"])
		require.Len(t, p.Simulator.Uploads(), 1)
		assert.Equal(t, "owner", p.Simulator.Uploads()[0].Visibility)
	})
	t.Run("without access", func(t *testing.T) {
		t.Parallel()
		p := cancelBeforeVisibility(t)
		connection := p.ListOwn("connections", "provider = 'loom'")[0]
		require.Equal(t, 204, p.Own("DELETE", connectionsPath+"/"+connection["id"].(string), nil).Status)
		assert.Equal(t, "delivered", transferTo(p, 1001, byHand).Text("result.status"))
		assert.Equal(t, p.Simulator.Uploads()[0].ShareURL, transferOf(p, 1001)["share_url"])
		assert.Empty(t, transferOf(p, 1001)["visibility"])
		assert.Contains(t, transferOf(p, 1001)["note"], "not certain who can see this video at Loom. It should be only you.")
	})
}
