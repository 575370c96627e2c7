package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	position := func(id string) int { return h.Position(t.Context(), h.record(id)) }
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

func TestOverviewHasThePositionsOfAllJobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.add(h.users[1], "of another user")
	var ids []string
	for i := range 300 {
		ids = append(ids, h.add(h.users[0], fmt.Sprint(i)))
	}
	overview, err := h.Overview(t.Context(), h.users[0])
	require.NoError(t, err)
	assert.Equal(t, 301, overview.Waiting)
	require.Len(t, overview.Positions, 300)
	assert.Equal(t, 1, overview.Positions[ids[0]])
	for i, id := range ids[1:] {
		require.Equal(t, i+3, overview.Positions[id], "the other user's job is the second one")
	}

	running := h.claim("w")
	require.Equal(t, ids[0], running.ID)
	overview, err = h.Overview(t.Context(), h.users[0])
	require.NoError(t, err)
	assert.Equal(t, 1, overview.Running)
	assert.NotContains(t, overview.Positions, ids[0])
	assert.Equal(t, 300, overview.Positions[ids[299]])
}

func TestOverviewSaysWhyJobsAreHeld(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	h.add(h.users[0], "1")
	h.add(h.users[0], "2")
	h.snooze(h.claim("w"), &queue.SnoozeError{Message: "The archive is busy.", After: time.Minute, HoldOthers: time.Minute})
	overview, err := h.Overview(t.Context(), h.users[0])
	require.NoError(t, err)
	require.Len(t, overview.Holds, 1)
	assert.Equal(t, "work", overview.Holds[0].Kind)
	assert.Equal(t, "The archive is busy.", overview.Holds[0].Reason)
	until, err := types.ParseDateTime(overview.Holds[0].Until)
	require.NoError(t, err)
	assert.WithinDuration(t, h.clock.Now().Add(time.Minute), until.Time(), time.Second)
	other, err := h.Overview(t.Context(), h.users[1])
	require.NoError(t, err)
	assert.Empty(t, other.Holds)
	h.clock.Advance(2 * time.Minute)
	overview, err = h.Overview(t.Context(), h.users[0])
	require.NoError(t, err)
	assert.Empty(t, overview.Holds)
}

func TestExpensiveReadsAreReusedForALimitedTime(t *testing.T) {
	t.Parallel()
	assert.False(t, queue.IsFresh(time.Millisecond, 0), "a cheap read is repeated")
	assert.True(t, queue.IsFresh(100*time.Millisecond, 1999*time.Millisecond))
	assert.False(t, queue.IsFresh(100*time.Millisecond, 2*time.Second))
	assert.True(t, queue.IsFresh(time.Minute, 9*time.Second))
	assert.False(t, queue.IsFresh(time.Minute, 10*time.Second), "a read that took long once doesn't hide changes for 20 minutes")
}
