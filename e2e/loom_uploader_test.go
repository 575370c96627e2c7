package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// TestLoomUploaderIsForced restarts one installation with each value of LOOM_UPLOADER.
func TestLoomUploaderIsForced(t *testing.T) {
	t.Parallel()
	sim, in := startAtlassian(t, simulator.Config{}, simulator.AtlassianBehaviour{})
	settings := in.env
	restart := func(server *process, value string) *process {
		t.Helper()
		if server != nil {
			server.stop()
		}
		in.env = append(settings[:len(settings):len(settings)], "LOOM_UPLOADER="+value)
		server = in.serve()
		assert.Equal(t, value, in.mustCall(http.MethodGet, in.url+"/api/app", "", nil)["loom_uploader"])
		return server
	}

	server := restart(nil, "atlassian")
	who := in.newDemoAccount()
	dead := in.requireDead(who, in.transfer(who, 1001))
	assert.Contains(t, dead["error"], "Connect Loom in Settings first.")
	assert.Len(t, in.records(who, "recordings", "recording_id = 1001"), 1, "the file is kept")
	in.connectLoom(who)
	in.requireCompleted(who, in.transfer(who, 1001))
	in.requireOnLoom(sim, delivery{who, 1001})
	sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.MaxSize = 1000 })
	in.requireDead(who, in.transfer(who, 1002))
	assert.NotEqual(t, "awaiting_share_url", in.transferOf(who, 1002)["status"], "a refused file isn't handed over")
	sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.MaxSize = 0 })

	server = restart(server, "handover")
	uploads := len(sim.AtlassianUploads())
	in.requireCompleted(who, in.transfer(who, 1003))
	transfer := in.transferOf(who, 1003)
	assert.Equal(t, "awaiting_share_url", transfer["status"], transfer)
	assert.Equal(t, "handover", transfer["uploader"], transfer)
	assert.Len(t, sim.AtlassianUploads(), uploads, "although Loom is connected")

	restart(server, "auto")
	in.requireCompleted(who, in.transfer(who, 1002))
	in.requireCompleted(who, in.transfer(who, 1003))
	in.requireOnLoom(sim, delivery{who, 1001}, delivery{who, 1002}, delivery{who, 1003})

	in.env = append(settings[:len(settings):len(settings)], "LOOM_UPLOADER=both")
	refused := in.run("serve")
	assert.Equal(t, 1, refused.exitCode, "%+v", refused)
	assert.Contains(t, refused.stderr, "LOOM_UPLOADER")
}

// requireDead waits until a job has given up and returns it.
func (in *installation) requireDead(who account, id string) (job object) {
	in.t.Helper()
	polltest.Until(in.t, 20*time.Millisecond, func() bool {
		job = in.mustCall(http.MethodGet, in.url+jobsPath+"/"+id, who.token, nil)
		return job["status"] == "completed" || job["status"] == "dead"
	}, "job %s has not ended: %v", id, &job)
	require.Equal(in.t, "dead", job["status"], job)
	return job
}
