package jobfeed_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMessagesContainProgressThatIsNotWritten(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	owner := h.subscribe(h.user(0), allJobs)
	id := h.add(0, `{}`)
	require.Equal(t, [2]string{"create", id}, owner.nextJob())
	filtered := h.subscribe(h.user(0), withOptions(t, "global_queue/"+id, map[string]any{"filter": "progress > 0.5 && stage = 'copying'"}))
	job, err := h.queue.Claim(t.Context(), "worker-1")
	require.NoError(t, err)
	var updated string
	for _, percent := range []int{41, 42, 43, 57} {
		progress := float64(percent) / 100
		require.NoError(t, h.queue.Progress(*job, "copying", progress))
		m := owner.next(nil)
		for m.Record["progress"] != progress { // the message of the claim or of an earlier report
			require.Equal(t, id, m.Record["id"])
			m = owner.next(nil)
		}
		assert.Equal(t, "update", m.Action)
		assert.Equal(t, "processing", m.Record["status"])
		assert.Equal(t, "copying", m.Record["stage"])
		assert.Greater(t, m.Record["updated"], updated, "clients recognize the newer message")
		updated = m.Record["updated"].(string)
	}
	record, err := h.pb.FindRecordById("global_queue", id)
	require.NoError(t, err)
	assert.Less(t, record.GetFloat("progress"), 0.57)
	assert.Equal(t, 0.57, filtered.next(nil).Record["progress"], "filters are evaluated with the latest progress")
	require.NoError(t, h.queue.Complete(t.Context(), *job, nil))
	m := owner.next(nil)
	assert.Equal(t, []any{"completed", 1.0, "copying"}, []any{m.Record["status"], m.Record["progress"], m.Record["stage"]})
	assert.Greater(t, m.Record["updated"], updated)
}
