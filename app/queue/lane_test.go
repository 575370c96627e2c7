package queue_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// useLanes replaces the queue by one with a kind "brief" in the short lane, as another process would have it.
func (h *harness) useLanes(cfg queue.Config) {
	h.Queue = h.newQueue(cfg)
	h.Define(queue.Kind{Name: "brief", Lane: queue.LaneShort, KeepLast: true, Check: func(payload json.RawMessage) (string, error) {
		return string(payload), nil
	}})
}

// Case C11: a slow download doesn't delay the short jobs of others.
func TestShortJobsDoNotWaitForLongOnes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.useLanes(queue.Config{Concurrency: 1, ShortJobs: 2})
	for i := range 4 {
		h.add(h.users[0], fmt.Sprint("long", i))
	}
	long := h.claim("w")
	require.Equal(t, "work", long.Kind)
	assert.Nil(t, h.claim("w"), "the only slot for long jobs is in use")
	var brief []string
	for i := range 3 {
		brief = append(brief, h.addKind("brief", h.users[1], fmt.Sprint(i)))
	}
	assert.Equal(t, brief[0], h.claim("w").ID)

	h.useLanes(queue.Config{Concurrency: 1, ShortJobs: 2})
	assert.Equal(t, brief[1], h.claim("other").ID, "another process has the same limits")
	assert.Nil(t, h.claim("other"), "the limits of both lanes hold across processes")
	assert.Equal(t, 1, h.Position(t.Context(), h.record(brief[2])), "long jobs are not ahead of short ones")
	next := h.add(h.users[2], "long")
	assert.Equal(t, 2, h.Position(t.Context(), h.record(next)), "short jobs are not ahead of long ones")
}

func TestCompletedJobIsFollowedByOneOfItsLane(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.useLanes(queue.Config{Concurrency: 1, ShortJobs: 1})
	first := h.add(h.users[0], "first")
	h.add(h.users[0], "second")
	long := h.claim("w")
	require.Equal(t, first, long.ID)
	brief := h.addKind("brief", h.users[0], "brief")
	urgent := h.record(brief)
	require.NoError(t, h.Reschedule(h.pb, brief, 5, urgent.GetString("run_at")))
	next, err := h.CompleteAndClaim(t.Context(), *long, nil)
	require.NoError(t, err)
	require.NotNil(t, next)
	assert.Equal(t, "work", next.Kind, "otherwise, nothing would claim the second long job")
	assert.Equal(t, brief, h.claim("w").ID)
}

func TestTurnsOfOneLaneDoNotAffectTheOther(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.useLanes(queue.Config{Concurrency: 1, ShortJobs: 1})
	for i := range 2 {
		h.add(h.users[0], fmt.Sprint("a", i))
		h.add(h.users[1], fmt.Sprint("b", i))
	}
	var order []string
	for i := range 4 {
		long := h.claim("w")
		require.Equal(t, "work", long.Kind)
		order = append(order, long.UserID)
		h.addKind("brief", h.users[2], fmt.Sprint(i)) // ends the round of its own lane
		h.claimAndComplete()
		require.NoError(t, h.Complete(t.Context(), *long, nil))
	}
	assert.Equal(t, []string{h.users[0], h.users[1], h.users[0], h.users[1]}, order)
}
