package queue_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestStats(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.addDead(h.users[0], "dead")
	h.add(h.users[0], "done")
	h.claimAndComplete()
	h.add(h.users[0], "running")
	require.NotNil(t, h.claim("w"))
	h.add(h.users[1], "waiting")
	stats, err := h.Stats(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[queue.Status]int{"pending": 1, "processing": 1, "completed": 1, "failed": 0, "dead": 1, "cancelled": 0}, stats.Statuses)
	assert.Equal(t, 1, stats.Waiting)
	require.NotNil(t, stats.Oldest)
	work := stats.Kinds["work"]
	assert.Equal(t, []int{1, 1, 0, 1}, []int{work.Pending, work.Processing, work.Failed, work.Dead})
	assert.Equal(t, 1, stats.Kinds["other"].Limit)
	jobs, err := h.List(t.Context(), queue.Selection{Status: queue.StatusDead}, 10)
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	assert.Equal(t, h.users[0]+"@example.com", jobs[0].Email)
	assert.Len(t, jobs[0].History, 1)
	everything, err := h.List(t.Context(), queue.Selection{}, 0)
	require.NoError(t, err)
	assert.Len(t, everything, 4)
}
