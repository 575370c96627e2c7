package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	position := func(id string) int { return h.Estimate(t.Context(), h.record(id)).Position }
	first, second := h.add(h.users[0], "1"), h.add(h.users[1], "2")
	assert.Equal(t, 1, position(first))
	assert.Equal(t, 2, position(second))
	require.NotNil(t, h.claim("w"))
	assert.Equal(t, 0, position(first))
	assert.Equal(t, 1, position(second))

	for i := range 50 {
		h.add(h.users[1], fmt.Sprint("many", i))
	}
	assert.Equal(t, 2, position(h.add(h.users[2], "one")), "users take turns, so 49 of the many jobs go later")
}

func TestEstimates(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	first := h.add(h.users[0], "1")
	assert.Empty(t, h.Estimate(t.Context(), h.record(first)).EstimatedStart, "no job has completed yet")
	job := h.claim("w")
	h.clock.Advance(time.Minute)
	require.NoError(t, h.Complete(t.Context(), *job, nil))

	for i := range 3 {
		h.add(h.users[0], fmt.Sprint("x", i))
	}
	last := h.add(h.users[1], "y")
	seconds := func(at string) float64 {
		parsed, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		return parsed.Sub(h.clock.Now()).Seconds()
	}
	estimate := h.Estimate(t.Context(), h.record(last))
	assert.Equal(t, 1, estimate.Position, "the first user has just had their turn")
	assert.InDelta(t, 0, seconds(estimate.EstimatedStart), 2)
	assert.InDelta(t, 60, seconds(estimate.EstimatedEnd), 2)

	running := h.claim("w")
	require.Equal(t, last, running.ID)
	require.NoError(t, h.Progress(*running, "half", 0.5))
	h.clock.Advance(10 * time.Second)
	assert.InDelta(t, 10, seconds(h.Estimate(t.Context(), h.record(last)).EstimatedEnd), 2, "its own progress takes precedence over the average")
	overview, err := h.Overview(t.Context(), h.users[0])
	require.NoError(t, err)
	assert.Equal(t, 1, overview.Running)
	assert.Equal(t, 3, overview.Waiting)
	require.Len(t, overview.Jobs, 3)
	for i, job := range overview.Jobs {
		assert.Equal(t, i+1, job.Position)
		assert.InDelta(t, 10+60*float64(i), seconds(job.EstimatedStart), 3)
	}
	require.NoError(t, h.Pause(t.Context(), queue.AllKinds, ""))
	assert.Empty(t, h.Estimate(t.Context(), h.record(overview.Jobs[0].ID)).EstimatedStart, "the end of a pause is unknown")
}
