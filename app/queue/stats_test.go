package queue_test

import (
	"testing"
	"time"

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

func TestCountsFollowTheQueue(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	counts, err := h.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"work": 0, "other": 0}, counts.Jobs[queue.StatusDead], "each kind has a value before its first job")
	assert.Zero(t, counts.Oldest)
	h.addDead(h.users[0], "dead")
	h.add(h.users[0], "done")
	h.claimAndComplete()
	h.add(h.users[0], "running")
	require.NotNil(t, h.claim("w"))
	added := h.clock.Now()
	h.add(h.users[1], "waiting")
	h.clock.Advance(time.Minute) // after which other processes are noticed, too
	counts, err = h.Counts(t.Context())
	require.NoError(t, err)
	for status, want := range map[queue.Status]int{queue.StatusPending: 1, queue.StatusProcessing: 1, queue.StatusFailed: 0, queue.StatusDead: 1, queue.StatusCancelled: 0} {
		assert.Equal(t, want, counts.Jobs[status]["work"], status)
	}
	assert.NotContains(t, counts.Jobs, queue.StatusCompleted)
	assert.WithinDuration(t, added, counts.Oldest, time.Second)

	// A job of another version, whose kind may be anything.
	_, err = h.pb.NonconcurrentDB().NewQuery(`UPDATE global_queue SET kind = 'ada@example.com' WHERE status = 'dead'`).Execute()
	require.NoError(t, err)
	counts, err = h.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, counts.Jobs[queue.StatusDead]["work"], "nothing was published, so that the database isn't read again")
	h.clock.Advance(time.Minute)
	counts, err = h.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"work": 0, "other": 0, "unknown": 1}, counts.Jobs[queue.StatusDead])
}
