package transfer_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// TestEveryStepMayFail fails the nth write to the transfer's record, for each n, so that the run ends between a step and
// the record of it.
func TestEveryStepMayFail(t *testing.T) {
	t.Parallel()
	_, p := startWithMeetings(t, apptest.Options{})
	handle, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer handle.Release()
	var untilFailure atomic.Int64
	handle.App.OnRecordUpdate("transfers").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("status") != "queued" && untilFailure.Add(-1) == 0 { // queued is not a step of a run
			return errors.New("the process dies here")
		}
		return e.Next()
	})
	steps := 0
	for failed := true; failed; steps++ {
		recordingID := int64(1001 + steps)
		untilFailure.Store(int64(steps + 1))
		id := enqueueTransfer(p, recordingID).Text("id")
		var job apptest.Answer
		p.Eventually(func() bool {
			job = p.Job(id)
			if job.Text("status") == "failed" { // without waiting for its next attempt
				p.Call("PATCH", p.URL+apptest.JobsPath+"/"+id, p.Token, map[string]any{"status": "pending"})
			}
			return job.Text("status") == "completed"
		})
		failed = untilFailure.Load() <= 0
		assert.Equal(t, "awaiting_share_url", job.Text("result.status"), "after a failure of step %d", steps+1)
		waitForTransferStatus(p, recordingID, "awaiting_share_url")
		requireStoredAsAtFathom(p, recordingID)
	}
	assert.Greater(t, steps, 6, "a transfer records more steps")
	requested := map[string]int{}
	for _, request := range p.Simulator.Requests() {
		if request.Method == "POST" && strings.HasSuffix(request.Path, "/download") {
			requested[request.Path]++
		}
	}
	for path, count := range requested {
		assert.LessOrEqual(t, count, 2, "%s: only the failure to record a request repeats it", path)
	}
}
