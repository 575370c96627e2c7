package queue_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSingleJobWaitsForAtMostOneRunningJob(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 500 {
		h.add(h.users[0], fmt.Sprint(i))
	}
	running := h.claim("w")
	require.NotNil(t, running)
	single := h.add(h.users[1], "only one")
	require.NoError(t, h.Complete(t.Context(), *running, nil))
	assert.Equal(t, single, h.claim("w").ID)
}

func TestAllUsersTakeTurns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 3 {
		for _, user := range []int{2, 0, 1} {
			h.add(h.users[user], fmt.Sprint(i, user))
		}
	}
	u := h.users
	assert.Equal(t, []string{u[0], u[1], u[2], u[0], u[1], u[2], u[0], u[1], u[2]}, h.completeAll())
}

func TestEachPriorityHasItsOwnRoundRobin(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	u := h.users
	for i := range 2 {
		for _, user := range u {
			h.add(user, fmt.Sprint("low", i))
		}
	}
	h.claimAndComplete() // a job of the first user
	for range 2 {
		urgent := h.add(u[2], fmt.Sprint("urgent", h.clock.Now().UnixNano()))
		require.NoError(t, h.Reschedule(h.pb, urgent, 1, h.record(urgent).GetString("run_at")))
	}
	assert.Equal(t, []string{u[2], u[2], u[1], u[2], u[0], u[1], u[2]}, h.completeAll(), "urgent jobs don't change whose turn it is at the lower priority")
}

func TestManyJobsDelayAnotherUserByOneJob(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 50 {
		h.add(h.users[0], fmt.Sprint(i))
	}
	h.add(h.users[1], "only one")
	var order []string
	for range 3 {
		job := h.claim("w")
		require.NotNil(t, job)
		order = append(order, job.UserID)
		require.NoError(t, h.Complete(t.Context(), *job, nil))
	}
	assert.Equal(t, []string{h.users[0], h.users[1], h.users[0]}, order, "a single job waits for at most one other")
}
