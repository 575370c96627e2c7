package loomaccount_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// cancelWhilePublishing begins an upload whose publication has an unknown outcome.
func cancelWhilePublishing(p apptest.Person, published bool) {
	p.T.Helper()
	publishing := make(chan struct{})
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Operation: "publishLoomVideo", AfterDone: published, Hold: publishing})
	id := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Text("id")
	p.Eventually(func() bool {
		if published {
			return len(p.Simulator.Uploads()) == 1
		}
		return p.Simulator.AtlassianStats().Calls["publishLoomVideo"] == 1
	})
	cancelled := p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "cancelled"})
	require.Equal(p.T, 200, cancelled.Status, cancelled.Raw)
	p.Eventually(func() bool { return transferOf(p, 1001)["status"] == "cancelled" })
	close(publishing)
}

func TestAnotherFileIsUploadedUnlessLoomHasTheRecording(t *testing.T) {
	t.Parallel()
	for name, published := range map[string]bool{"published": true, "not published": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
			connectWithToken(p)
			cancelWhilePublishing(p, published)
			changed, err := p.Simulator.Change(1001, simulator.WithSize(3<<20))
			require.NoError(t, err)
			job := transferTo(p, 1001, map[string]any{"again": true})
			require.Equal(t, "delivered", job.Text("result.status"), job.Raw)
			transfer, videos := transferOf(p, 1001), p.Simulator.Uploads()
			require.Len(t, videos, 1)
			assert.Equal(t, videos[0].ShareURL, transfer["share_url"])
			if published {
				assert.Contains(t, transfer["note"], "The new file was not uploaded.")
				assert.NotEqual(t, changed.SHA256, videos[0].SHA256)
			} else {
				assert.Empty(t, transfer["note"])
				assert.Equal(t, changed.SHA256, videos[0].SHA256)
			}
		})
	}
}

// Whoever uploads from now on, a video that Loom has already stays the only one.
func TestHandOverLooksForAnEarlierUpload(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	connectWithToken(p)
	cancelWhilePublishing(p, true)
	p = p.On(p.Restart("LOOM_UPLOADER=handover", "ATLASSIAN_MCP_PROCESSING_WAIT=0"))
	assert.Equal(t, "delivered", transferTo(p, 1001, nil).Text("result.status"))
	assert.Equal(t, p.Simulator.Uploads()[0].ShareURL, transferOf(p, 1001)["share_url"])
	assert.Equal(t, "awaiting_share_url", transferTo(p, 1002, nil).Text("result.status"))
	assert.Equal(t, "handover", transferOf(p, 1002)["uploader"])
	assert.Len(t, p.Simulator.Uploads(), 1)
}
