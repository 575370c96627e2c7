package queue_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	var stopped []string
	h.OnCancel(func(id string) { stopped = append(stopped, id) })
	waiting := h.add(h.users[0], "waiting")
	require.NoError(t, h.Cancel(h.pb, waiting))
	assert.Equal(t, queue.StatusCancelled, h.status(waiting))
	assert.Nil(t, h.claim("w"))
	assert.Empty(t, stopped)

	running := h.add(h.users[0], "running")
	job := h.claim("w")
	require.NoError(t, h.Cancel(h.pb, running))
	assert.Equal(t, []string{running}, stopped)
	assert.Equal(t, queue.StatusProcessing, h.status(running), "it has not stopped yet")
	assert.ErrorIs(t, h.Heartbeat(t.Context(), *job), queue.ErrCancelled, "the heartbeat reports the cancellation to another process")
	require.NoError(t, h.Cancelled(t.Context(), *job))
	assert.Equal(t, queue.StatusCancelled, h.status(running))
	assert.False(t, h.record(running).GetBool("cancel_requested"))

	var state *queue.StateError
	require.ErrorAs(t, h.Cancel(h.pb, running), &state)
	assert.Equal(t, "The job has already ended. It is cancelled.", state.Error())
	require.ErrorIs(t, h.Cancel(h.pb, "nothing"), sql.ErrNoRows)
}

func TestCancelAfterTheWorkIsDoneLeavesTheJobCompleted(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	require.NoError(t, h.Cancel(h.pb, id))
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	assert.Equal(t, queue.StatusCompleted, h.status(id))
}

func TestCancelledJobOfADeadProcessIsNotRetried(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	require.NotNil(t, h.claim("dead"))
	require.NoError(t, h.Cancel(h.pb, id))
	require.NoError(t, h.Recover(t.Context()))
	assert.Equal(t, queue.StatusCancelled, h.status(id))
}

func TestRetry(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.addDead(h.users[0], "x")
	require.NoError(t, h.Retry(h.pb, id))
	record := h.record(id)
	assert.Equal(t, queue.StatusPending, h.status(id))
	assert.True(t, record.GetDateTime("finished_at").IsZero())
	job := h.claim("w")
	assert.Equal(t, 2, job.Attempt)
	assert.Equal(t, 4, job.MaxAttempts, "as many attempts as a new job has")

	var state *queue.StateError
	require.ErrorAs(t, h.Retry(h.pb, id), &state, "the job is running")
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	require.ErrorAs(t, h.Retry(h.pb, id), &state)
	assert.Contains(t, state.Error(), "Create a new one")
	require.ErrorAs(t, h.SetStatus(h.pb, id, queue.StatusDead), &state, "clients can't make a job dead")

	failed := h.add(h.users[0], "failed")
	_, err := h.Fail(t.Context(), *h.claim("w"), queue.Temporary("Later.", nil, time.Hour))
	require.NoError(t, err)
	require.NoError(t, h.Retry(h.pb, failed))
	assert.Equal(t, failed, h.claim("w").ID, "it does not wait for its backoff")
}

func TestRetryIsRefusedWhileAnEqualJobIsActive(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.addDead(h.users[0], "x")
	again := h.add(h.users[0], "x")
	require.ErrorIs(t, h.Retry(h.pb, id), queue.ErrDuplicate)
	require.NoError(t, h.Cancel(h.pb, again))
	require.NoError(t, h.Retry(h.pb, id))
	require.ErrorIs(t, h.Retry(h.pb, again), queue.ErrDuplicate)
}

func TestSetStatusAll(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 120 { // more than one batch
		h.addDead(h.users[i%2], fmt.Sprint(i))
	}
	mine := queue.Selection{UserID: h.users[0]}
	result, err := h.SetStatusAll(t.Context(), queue.Selection{UserID: h.users[0], Kind: "other"}, queue.StatusPending)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkResult{}, result)
	result, err = h.SetStatusAll(t.Context(), mine, queue.StatusPending)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkResult{Changed: 60}, result)
	require.NotNil(t, h.claim("w"))
	result, err = h.SetStatusAll(t.Context(), mine, queue.StatusCancelled)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkResult{Changed: 60}, result, "waiting and running jobs")
	result, err = h.SetStatusAll(t.Context(), queue.Selection{Status: queue.StatusDead, Kind: "work"}, queue.StatusCancelled)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkResult{Skipped: 60}, result)
	ids := []string{"nothing"}
	result, err = h.SetStatusAll(t.Context(), queue.Selection{IDs: ids}, queue.StatusPending)
	require.NoError(t, err)
	assert.Zero(t, result.Changed)
}

func TestRolledBackChangeIsNotPublished(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	h.OnCancel(func(string) { t.Error("the job was stopped") })
	err := h.pb.RunInTransaction(func(tx core.App) error {
		require.NoError(t, h.Cancel(tx, id))
		return errors.New("no")
	})
	require.Error(t, err)
	require.NoError(t, h.Heartbeat(t.Context(), *job))
}

// A batch request computes the position of each job that it creates, in a transaction that holds the write
// connection. Meanwhile the worker may be waiting for that connection.
func TestTransactionDoesNotWaitForAClaim(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.add(h.users[0], "x")
	claimed := make(chan error, 1)
	err := h.pb.RunInTransaction(func(tx core.App) error {
		go func() {
			_, err := h.Claim(context.Background(), "w")
			claimed <- err
		}()
		waiting := func() bool { return h.pb.NonconcurrentDB().(*dbx.DB).DB().Stats().WaitCount > 0 }
		require.Eventually(t, waiting, 10*time.Second, time.Millisecond)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := h.Overview(context.Background(), h.users[0])
			assert.NoError(t, err)
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("the transaction waits for a claim that waits for the transaction")
		}
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, <-claimed)
}
