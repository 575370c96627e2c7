package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// tokenPath is the endpoint of the simulated authorization server that renews tokens.
const tokenPath = "/atlassian-auth/oauth/token"

// startAtlassian starts a simulator with an Atlassian side and an installation that uses it.
func startAtlassian(t *testing.T, cfg simulator.Config, behaviour simulator.AtlassianBehaviour, settings ...string) (*simulator.Server, *installation) {
	t.Helper()
	cfg.Atlassian = &simulator.AtlassianConfig{Behaviour: behaviour}
	sim := startSimulator(t, cfg)
	return sim, install(t, sim, append([]string{"ATLASSIAN_MCP_URL=" + sim.AtlassianURL(), "ATLASSIAN_MCP_PROCESSING_WAIT=0"}, settings...)...)
}

// connectLoom connects Loom with the simulator's API token and requires that the connection can upload.
func (in *installation) connectLoom(who account) {
	in.t.Helper()
	in.mustCall(http.MethodPost, who.recordsURL("connections"), who.session, object{
		"provider": "loom", "secret": simulator.DemoAtlassianToken, "settings": object{"method": "token", "email": simulator.DemoAtlassianEmail},
	})
	in.requireLoomState(who, "ready")
}

// signInToLoom connects Loom with OAuth and requires that the connection can upload.
func (in *installation) signInToLoom(who account, sim *simulator.Server) {
	in.t.Helper()
	begun := in.mustCall(http.MethodPost, who.database+"/api/loom/sign-in", who.session, object{"redirect": in.url})
	callback, err := sim.Consent(in.t.Context(), begun["url"].(string))
	require.NoError(in.t, err)
	answer, err := url.Parse(callback)
	require.NoError(in.t, err)
	in.mustCall(http.MethodPost, who.database+"/api/loom/sign-in/complete", who.session,
		object{"code": answer.Query().Get("code"), "state": answer.Query().Get("state")})
	in.requireLoomState(who, "ready")
}

// requireLoomState waits until the connection to Loom has been checked and requires what its owner sees.
func (in *installation) requireLoomState(who account, state string) {
	in.t.Helper()
	var connection object
	polltest.Until(in.t, 10*time.Millisecond, func() bool {
		connections := in.records(who, "connections", "provider = 'loom'")
		require.Len(in.t, connections, 1)
		connection = connections[0].(object)
		return connection["status"] != "checking"
	}, "the connection is still being checked: %v", &connection)
	details, _ := connection["details"].(object)
	require.Equal(in.t, state, details["state"], connection)
}

// transferOf returns the one transfer of a recording.
func (in *installation) transferOf(who account, recordingID int) object {
	in.t.Helper()
	transfers := in.records(who, "transfers", fmt.Sprintf("recording_id = %d", recordingID))
	require.Len(in.t, transfers, 1)
	return transfers[0].(object)
}

// delivery is a recording that is delivered to Loom.
type delivery struct {
	who         account
	recordingID int
}

// requireOnLoom requires that Loom has exactly these recordings, each once, complete and visible to their owner only, and
// that the transfers say so.
func (in *installation) requireOnLoom(sim *simulator.Server, deliveries ...delivery) {
	in.t.Helper()
	videos := map[string]simulator.Video{} // by SHA-256: no two recordings have the same
	for _, video := range sim.Uploads() {
		assert.NotContains(in.t, videos, video.SHA256, "%s is there twice", video.Title)
		videos[video.SHA256] = video
	}
	assert.Len(in.t, videos, len(deliveries))
	for _, d := range deliveries {
		truth, _ := sim.Meeting(int64(d.recordingID))
		video, ok := videos[truth.SHA256]
		if !assert.True(in.t, ok, "recording %d is missing", d.recordingID) {
			continue
		}
		assert.Equal(in.t, truth.Size, video.Size, d.recordingID)
		assert.Equal(in.t, simulator.VisibilityOwner, video.Visibility, d.recordingID)
		transfer := in.transferOf(d.who, d.recordingID)
		assert.Equal(in.t, "delivered", transfer["status"], transfer)
		assert.Equal(in.t, video.ShareURL, transfer["share_url"], transfer)
		assert.Equal(in.t, "atlassian", transfer["uploader"], transfer)
		assert.Equal(in.t, simulator.VisibilityOwner, transfer["visibility"], transfer)
		assert.Equal(in.t, true, transfer["verified"], transfer)
	}
	published := 0
	for _, upload := range sim.AtlassianUploads() {
		if upload.Published {
			published++
		}
	}
	assert.Equal(in.t, len(deliveries), published)
	assert.Empty(in.t, sim.Violations())
}
