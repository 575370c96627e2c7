package queue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestWorkerWithoutLeaseWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	late := h.claim("late")
	h.clock.Advance(2 * time.Minute)
	require.NoError(t, h.Rescue(t.Context(), isRunningNowhere))
	require.Equal(t, queue.StatusPending, h.status(id))

	assertLost := func() {
		t.Helper()
		assert.ErrorIs(t, h.Heartbeat(t.Context(), *late), queue.ErrLeaseLost)
		assert.ErrorIs(t, h.Progress(*late, "x", 0.5), queue.ErrLeaseLost)
		assert.ErrorIs(t, h.Complete(t.Context(), *late, nil), queue.ErrLeaseLost)
		assert.ErrorIs(t, h.Cancelled(t.Context(), *late), queue.ErrLeaseLost)
		_, err := h.Release(t.Context(), *late)
		assert.ErrorIs(t, err, queue.ErrLeaseLost)
		_, err = h.Fail(t.Context(), *late, errors.New("x"))
		assert.ErrorIs(t, err, queue.ErrLeaseLost)
	}
	require.NoError(t, h.Rescue(t.Context(), func(id string) bool { return true }), "running jobs are left alone")
	assertLost()
	again := h.claim("late") // the same worker, another attempt
	require.NotNil(t, again)
	assertLost()
	require.NoError(t, h.Complete(t.Context(), *again, map[string]int{"n": 1}))
	assertLost()
	assert.Equal(t, queue.StatusCompleted, h.status(id))
	assert.JSONEq(t, `{"n":1}`, h.record(id).GetString("result"))
}

// A VACUUM may change rowids: https://sqlite.org/lang_vacuum.html
func TestChangedRowIDLosesNoLease(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 3)
	for i := range 3 {
		h.add(h.users[i], fmt.Sprint(i))
	}
	beating, failing, done := h.claim("w"), h.claim("w"), h.claim("w")
	require.NotNil(t, done)
	_, err := h.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET rowid = rowid + 1000").Execute()
	require.NoError(t, err)
	require.NoError(t, h.Heartbeat(t.Context(), *beating))
	_, err = h.Fail(t.Context(), *failing, queue.Permanent("No.", nil))
	require.NoError(t, err)
	_, err = h.CompleteAndClaim(t.Context(), *done, nil)
	require.ErrorIs(t, err, queue.ErrLeaseLost)
	require.NoError(t, h.Complete(t.Context(), *done, nil))
}

func TestHeartbeatsKeepTheLease(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	for range 5 {
		h.clock.Advance(40 * time.Second)
		require.NoError(t, h.Heartbeat(t.Context(), *job))
		require.NoError(t, h.Rescue(t.Context(), isRunningNowhere))
	}
	assert.Equal(t, queue.StatusProcessing, h.status(id))
}

// Case C32: the jobs of a crashed process run again.
func TestRecoverReturnsTheJobsOfADeadProcess(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	id := h.add(h.users[0], "x")
	require.NotNil(t, h.claim("dead process"))
	require.NoError(t, h.Recover(t.Context()))
	job := h.claim("new process")
	require.NotNil(t, job)
	assert.Equal(t, id, job.ID)
	assert.Equal(t, 2, job.Attempt, "a crash counts as an attempt, because the job may have caused it")
	require.NoError(t, h.Recover(t.Context()))
	require.NotNil(t, h.claim("third process"))
	require.NoError(t, h.Recover(t.Context()))
	assert.Equal(t, queue.StatusDead, h.status(id), "attempts are limited")
}
