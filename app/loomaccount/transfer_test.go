package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferWithATokenEndsOnLoom(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connection := connectWithToken(p)
	assert.Equal(t, "valid", connection["status"], connection)
	assert.Equal(t, []any{"upload", "read"}, connection["abilities"])
	assert.Equal(t, "ready", details(connection)["state"])
	assert.Empty(t, connection["reason"])

	job := transferTo(p, 1001, nil)
	assert.Equal(t, "delivered", job.Text("result.status"), job.Raw)
	transfer := transferOf(p, 1001)
	assert.Equal(t, "atlassian", transfer["uploader"])
	assert.Equal(t, "owner", transfer["visibility"])
	assert.Equal(t, true, transfer["verified"], "although the public can't see it")
	assert.Empty(t, transfer["note"])

	videos := p.Simulator.Uploads()
	require.Len(t, videos, 1)
	assert.Equal(t, videos[0].ShareURL, transfer["share_url"])
	assert.Equal(t, "owner", videos[0].Visibility)
	want, _ := p.Simulator.Meeting(1001)
	assert.Equal(t, want.SHA256, videos[0].SHA256)
	assert.Empty(t, p.Simulator.Violations())
	assert.LessOrEqual(t, p.Simulator.AtlassianStats().MaxParallel, 1)
	assert.NotContains(t, p.Log.String(), simulator.DemoAtlassianToken)
	require.NoError(t, p.Stop())
	assert.Empty(t, p.FilesContaining(simulator.DemoAtlassianToken))
}

func TestTransferWithAServiceAccountForTheWorkspace(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connection := connect(p, simulator.DemoAtlassianKey, map[string]any{"method": "service_account"})
	require.Equal(t, "ready", details(connection)["state"], connection)
	transferTo(p, 1001, map[string]any{"visibility": "workspace"})
	assert.Equal(t, "workspace", transferOf(p, 1001)["visibility"])
}

func TestRefusedRecordingIsHandedOver(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{MaxSize: 1000}))
	connectWithToken(p)
	job := transferTo(p, 1001, nil)
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"), job.Raw)
	transfer := transferOf(p, 1001)
	assert.Equal(t, "handover", transfer["uploader"])
	assert.NotEmpty(t, transfer["note"])
	assert.NotEmpty(t, p.ListOwn("recordings", "recording_id = 1001")[0]["file"])
	assert.Empty(t, p.Simulator.Uploads())
}

func TestConnectionThatStopsWorkingIsReported(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	p.Simulator.RevokeAtlassian(simulator.DemoAtlassianToken)
	job := transferTo(p, 1001, nil)
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"), job.Raw)
	connection := checked(p)
	assert.Equal(t, "invalid", connection["status"])
	assert.Equal(t, "reconnect", details(connection)["state"], connection)
	assert.Empty(t, connection["abilities"])
	assert.Contains(t, transferOf(p, 1001)["note"], details(connection)["message"])
	assert.Len(t, p.ListOwn("notices", "kind = 'connection_failed'"), 1)

	transferTo(p, 1002, nil)
	assert.NotEmpty(t, transferOf(p, 1002)["note"], "why it is handed over")
}

func TestNothingIsPublishedAfterTheConnectionChanges(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p apptest.Person, path string) apptest.Answer{
		"removed": func(p apptest.Person, path string) apptest.Answer { return p.Own("DELETE", path, nil) },
		"replaced": func(p apptest.Person, path string) apptest.Answer {
			return p.Own("PATCH", path, map[string]any{"secret": simulator.DemoAtlassianKey, "settings": map[string]any{"method": "service_account"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
			path := connectionsPath + "/" + connectWithToken(p)["id"].(string)
			sending := make(chan struct{})
			p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: simulator.FaultUpload, Hold: sending})
			job := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
			p.Eventually(func() bool { return p.Simulator.AtlassianStats().Calls["createLoomVideoUpload"] == 1 })
			changed := change(p, path)
			require.Less(t, changed.Status, 300, changed.Raw)
			close(sending)
			p.Eventually(func() bool { return p.Job(job.Text("id")).Text("error") != "" })
			assert.Contains(t, p.Job(job.Text("id")).Text("error"), "has just changed")
			assert.Zero(t, p.Simulator.AtlassianStats().Calls["publishLoomVideo"])
			assert.Empty(t, p.Simulator.Uploads())
		})
	}
}

func TestUploadByHandMentionsWhatLoomMayHave(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	publishing := make(chan struct{})
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", Hold: publishing})
	id := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Text("id")
	p.Eventually(func() bool { return p.Simulator.AtlassianStats().Calls["publishLoomVideo"] == 1 })
	cancelled := p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(t, 200, cancelled.Status, cancelled.Raw)
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "cancelled" })
	close(publishing)
	assert.Equal(t, "awaiting_share_url", transferTo(p, 1001, map[string]any{"by_hand": true}).Text("result.status"))
	assert.Contains(t, transferOf(p, 1001)["note"], "Loom may have this video already")
	assert.Equal(t, "handover", transferOf(p, 1001)["uploader"])
}

func TestForcedUploaders(t *testing.T) {
	t.Parallel()
	opts := withAtlassian(simulator.AtlassianBehaviour{})
	opts.Settings = append(opts.Settings, "LOOM_UPLOADER=atlassian")
	p := start(t, opts)
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
	assert.Equal(t, "dead", job.Text("status"), job.Raw)
	assert.Contains(t, job.Text("error"), "Connect Loom")
	connectWithToken(p)
	assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))

	p = p.On(p.Restart("LOOM_UPLOADER=handover"))
	assert.Equal(t, "awaiting_share_url", transferTo(p, 1002, nil).Text("result.status"))
	assert.Equal(t, "handover", p.Call("GET", p.URL+"/api/app", "", nil).Text("loom_uploader"))
}

func TestPastedLinkToAPrivateVideoIsVerifiedThroughTheConnection(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	transferTo(p, 1001, nil) // a private video at Loom
	private := transferOf(p, 1001)["share_url"]
	require.NoError(t, p.Stop())

	// As if a person had uploaded it.
	executeSQL(t, p, "UPDATE transfers SET status = 'awaiting_share_url', share_url = '', delivered_at = ''")
	p = p.On(p.Restart())
	path := "/api/collections/transfers/records/" + transferOf(p, 1001)["id"].(string)
	saved := p.Own("PATCH", path, map[string]any{"share_url": private})
	require.Equal(t, 200, saved.Status, saved.Raw)
	assert.Equal(t, true, saved.Get("verified"))
	assert.Empty(t, saved.Text("unchecked"))

	transferTo(p, 1002, map[string]any{"by_hand": true})
	other := "/api/collections/transfers/records/" + transferOf(p, 1002)["id"].(string)
	refused := p.Own("PATCH", other, map[string]any{"share_url": p.Simulator.LoomURL() + "/share/0123456789abcdef0123456789abcdef"})
	assert.Equal(t, "validation_link_private", refused.Text("data.share_url.code"), refused.Raw)
}
