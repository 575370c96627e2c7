package transfer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestDeadJobsFailTheirTransfers(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{Settings: []string{"WORKER_CONCURRENCY=4"}})
	require.Equal(t, 204, p.Own("DELETE", connectionsPath+"/"+connection(p)["id"].(string), nil).Status)
	for id := int64(1001); id <= 1020; id++ {
		enqueueTransfer(p, id)
	}
	s.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'failed'")) == 20 })
	for _, transfer := range p.ListOwn("transfers", "") {
		assert.Contains(t, transfer["error"], "API key")
	}
}

func TestDeletedJobCancelsItsTransfer(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	created := s.Call("POST", s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1001},
		"run_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "queued", recordFor(p, "transfers", 1001)["status"])
	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+created.Text("id"), p.Token, nil).Status)
	assert.Equal(t, "cancelled", recordFor(p, "transfers", 1001)["status"])
}
