package transfer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferWithoutDeliveryEndsStored(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001, "deliver": false})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Equal(t, "stored", job.Text("result.status"))
	requireStoredAsAtFathom(p, 1001)
	transfer := recordFor(p, "transfers", 1001)
	assert.Equal(t, "stored", transfer["status"])
	assert.Equal(t, false, transfer["deliver"])
	assert.NotEmpty(t, transfer["file_name"])
	assert.Empty(t, transfer["error"])
	refused := p.Own("PATCH", transferPath(p, 1001), map[string]any{"share_url": p.Simulator.LoomURL() + "/share/0123456789abcdef0123456789abcdef"})
	assert.Equal(t, "validation_not_waiting", refused.Text("data.share_url.code"))

	deleted := p.Call("DELETE", p.URL+apptest.JobsPath+"/"+job.Text("id"), p.Token, nil)
	require.Equal(t, 204, deleted.Status, deleted.Raw)
	assert.Equal(t, "stored", recordFor(p, "transfers", 1001)["status"], "the end doesn't depend on the job's record")
	p = p.On(p.Restart())
	assert.Equal(t, "stored", recordFor(p, "transfers", 1001)["status"], "the transfer is not active")

	media := mediaRequests(p)
	job = completeTransfer(p, 1001)
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"))
	assert.Equal(t, media, mediaRequests(p), "the stored file is delivered")
}

func TestAudioRecordingEndsStored(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	job := completeTransfer(p, 1021)
	assert.Equal(t, "stored", job.Text("result.status"))
	assert.Empty(t, job.Text("error"))
	requireStoredAsAtFathom(p, 1021)
	transfer := recordFor(p, "transfers", 1021)
	assert.Equal(t, "stored", transfer["status"])
	assert.Equal(t, false, transfer["deliver"])
}

func TestRequestToDeliverJoinsATransferThatOnlyStores(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]simulator.Fault{
		"while Fathom prepares the file": {Path: "/external/v1/recordings/1001/downloads/*", Hold: make(chan struct{})},
		"during the download":            {Path: "/media/*", HoldAfter: 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 2 << 20}})
			release := make(chan struct{})
			hold.Hold = release
			p.Simulator.Inject(hold)
			first := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001, "deliver": false})
			require.NoError(t, p.Simulator.WaitRequests(t.Context(), "GET", hold.Path, 1))
			second := enqueueTransfer(p, 1001)
			assert.Equal(t, first.Text("id"), second.Text("id"), "the active job does the work")
			close(release)
			waitForTransferStatus(p, 1001, "awaiting_share_url")
			waitForJobStatus(p, first.Text("id"), "completed")
			assert.Equal(t, 1, mediaRequests(p))
		})
	}
}
