package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// transferAll transfers several recordings at once.
func transferAll(p apptest.Person, body map[string]any, recordingIDs ...int64) apptest.Answer {
	p.T.Helper()
	if body == nil {
		body = map[string]any{}
	}
	body["recording_ids"] = recordingIDs
	answer := p.Own("POST", "/api/transfers", body)
	require.Equal(p.T, 200, answer.Status, answer.Raw)
	return answer
}

func requireWaiting(t *testing.T, answer apptest.Answer, created, waiting, skipped int) {
	t.Helper()
	for name, want := range map[string]int{"created": created, "waiting": waiting, "skipped": skipped, "left": 0} {
		require.EqualValues(t, want, answer.Get(name), "%s: %s", name, answer.Raw)
	}
}

func TestRecordingsThatWaitAreUploadedOnceLoomIsConnected(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	for _, id := range []int64{1001, 1002, 1003, 1004} {
		transferTo(p, id, map[string]any{"by_hand": id == 1003})
	}
	all := []int64{1001, 1002, 1003, 1004, 1005}
	requireWaiting(t, transferAll(p, map[string]any{"dry_run": true}, all...), 1, 0, 4)
	connectWithToken(p)
	uploadByHand(p, 1002, transferOf(p, 1002)["file_name"].(string)) // the link was never pasted
	doubtful := uploadByHand(p, 1004, "Untitled.mp4")                // only the length agrees

	requireWaiting(t, transferAll(p, map[string]any{"deliver": false, "dry_run": true}, all...), 1, 0, 4)
	requireWaiting(t, transferAll(p, map[string]any{"by_hand": true, "dry_run": true}, all...), 1, 0, 4)
	dry := transferAll(p, map[string]any{"dry_run": true}, all...)
	requireWaiting(t, dry, 4, 3, 1)
	assert.Len(t, dry.Get("meetings"), 4)
	requireWaiting(t, transferAll(p, nil, all...), 4, 3, 1)
	p.Eventually(func() bool {
		return len(p.ListOwn("transfers", "status = 'delivered'")) == 3 && transferOf(p, 1004)["status"] == "awaiting_share_url"
	})
	assert.Equal(t, "atlassian", transferOf(p, 1001)["uploader"])
	assert.Equal(t, "handover", transferOf(p, 1002)["uploader"])
	assert.Empty(t, transferOf(p, 1002)["visibility"], "this server knows who can watch its own uploads only")
	assert.Equal(t, "awaiting_share_url", transferOf(p, 1003)["status"], "its owner has chosen to upload it")
	assert.Equal(t, "chosen", transferOf(p, 1003)["handover"])
	p.Eventually(func() bool { return transferOf(p, 1004)["note"] != "" })
	assert.Contains(t, transferOf(p, 1004)["note"], doubtful)
	assert.Contains(t, transferOf(p, 1004)["note"], "choose “Try the upload again”")
	assert.Equal(t, "doubtful", transferOf(p, 1004)["handover"])
	assert.Len(t, p.Simulator.Uploads(), 4, "none twice: 1001 and 1005 by the server, 1002 and 1004 by hand")

	assert.Equal(t, "delivered", transferTo(p, 1004, nil).Text("result.status"), "on its own it is uploaded")
}

func TestRecordingsThatWaitForABrokenConnectionAreUploadedLater(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connection := connectWithToken(p)
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", Message: "Your plan has reached its video limit."})
	require.Equal(t, "awaiting_share_url", transferTo(p, 1001, nil).Text("result.status"), "after an upload has begun")
	p.Simulator.RevokeAtlassian(simulator.DemoAtlassianToken)
	require.Equal(t, "awaiting_share_url", transferTo(p, 1002, nil).Text("result.status"))
	requireWaiting(t, transferAll(p, nil, 1001, 1002), 0, 0, 2)
	uploadByHand(p, 1001, transferOf(p, 1001)["file_name"].(string))

	path := connectionsPath + "/" + connection["id"].(string)
	replaced := p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianKey, "settings": map[string]any{"method": "service_account"}})
	require.Equal(t, 200, replaced.Status, replaced.Raw)
	require.Equal(t, "ready", details(checked(p))["state"])
	requireWaiting(t, transferAll(p, nil, 1001, 1002), 2, 2, 0)
	p.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'delivered'")) == 2 })
	assert.Len(t, p.Simulator.Uploads(), 2)
}
