package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// TestTransferSurvivesAKillAtEachStep kills the server while it waits for Fathom in each step of a transfer. The steps
// between two requests are failed one by one in app/transfer.
func TestTransferSurvivesAKillAtEachStep(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	sim := startSimulator(t, simulator.Config{RecordingSize: size})
	in := install(t, sim)
	server := in.serve()
	who := in.newDemoAccount()
	for i, step := range []struct {
		name      string
		fault     simulator.Fault
		method    string
		downloads int // that Fathom is asked for
	}{
		{"details", simulator.Fault{Path: "/external/v1/recordings/*/transcript"}, http.MethodGet, 1},
		{"request", simulator.Fault{Path: "/external/v1/recordings/*/download"}, http.MethodPost, 2},
		{"poll", simulator.Fault{Path: "/external/v1/recordings/*/downloads/*"}, http.MethodGet, 1},
		{"first byte", simulator.Fault{Path: "/media/*"}, http.MethodGet, 1},
		{"last byte", simulator.Fault{Path: "/media/*", HoldAfter: size - 1}, http.MethodGet, 1},
	} {
		recordingID := 1001 + i
		filter := fmt.Sprintf("recording_id = %d", recordingID)
		earlier := len(sim.Requests())
		step.fault.Hold = make(chan struct{}) // until the client is killed
		sim.Inject(step.fault)
		seen, err := simulator.CountRequests(sim.Requests(), step.method, step.fault.Path)
		require.NoError(t, err)
		job := in.transfer(who, recordingID)
		require.NoError(t, sim.WaitRequests(t.Context(), step.method, step.fault.Path, seen+1), step.name)
		server.kill()
		server = in.serve()
		in.requireCompleted(who, job)

		truth, _ := sim.Meeting(int64(recordingID))
		recordings := in.records(who, "recordings", filter)
		require.Len(t, recordings, 1, step.name)
		assert.Equal(t, truth.SHA256, recordings[0].(object)["sha256"], step.name)
		transfers := in.records(who, "transfers", filter)
		require.Len(t, transfers, 1, step.name)
		assert.Equal(t, "awaiting_share_url", transfers[0].(object)["status"], step.name)
		asked, err := simulator.CountRequests(sim.Requests()[earlier:], http.MethodPost, "/external/v1/recordings/*/download")
		require.NoError(t, err)
		assert.Equal(t, step.downloads, asked, step.name)
	}
}
