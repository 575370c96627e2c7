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

// dead is a job that has been given up.
func (b *bench) dead(user, payload string) string {
	b.t.Helper()
	id := b.add(user, payload)
	job := b.claim("w")
	require.Equal(b.t, id, job.ID)
	_, err := b.Fail(b.t.Context(), *job, queue.Permanent("No.", errors.New("cause")))
	require.NoError(b.t, err)
	return id
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	var stopped []string
	b.OnCancel(func(id string) { stopped = append(stopped, id) })
	waiting := b.add(b.users[0], "waiting")
	require.NoError(t, b.Cancel(b.pb, waiting))
	assert.Equal(t, queue.StatusCancelled, b.status(waiting))
	assert.Nil(t, b.claim("w"))
	assert.Empty(t, stopped)

	running := b.add(b.users[0], "running")
	job := b.claim("w")
	require.NoError(t, b.Cancel(b.pb, running))
	assert.Equal(t, []string{running}, stopped)
	assert.Equal(t, queue.StatusProcessing, b.status(running), "until it has stopped")
	assert.ErrorIs(t, b.Heartbeat(t.Context(), *job), queue.ErrCancelled, "another process learns of it by its heartbeat")
	require.NoError(t, b.Cancelled(t.Context(), *job))
	assert.Equal(t, queue.StatusCancelled, b.status(running))
	assert.False(t, b.record(running).GetBool("cancel_requested"))

	var state *queue.StateError
	require.ErrorAs(t, b.Cancel(b.pb, running), &state)
	assert.Equal(t, "The job has ended already: it is cancelled.", state.Error())
	require.ErrorIs(t, b.Cancel(b.pb, "nothing"), sql.ErrNoRows)
}

func TestACancelThatCameTooLateLeavesTheJobDone(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	job := b.claim("w")
	require.NoError(t, b.Cancel(b.pb, id))
	require.NoError(t, b.Complete(t.Context(), *job, nil))
	assert.Equal(t, queue.StatusCompleted, b.status(id))
}

func TestACancelledJobOfADeadProcessIsNotTakenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	require.NotNil(t, b.claim("dead"))
	require.NoError(t, b.Cancel(b.pb, id))
	require.NoError(t, b.Recover(t.Context()))
	assert.Equal(t, queue.StatusCancelled, b.status(id))
}

func TestRetry(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.dead(b.users[0], "x")
	require.NoError(t, b.Retry(b.pb, id))
	record := b.record(id)
	assert.Equal(t, queue.StatusPending, record.GetString("status"))
	assert.True(t, record.GetDateTime("finished_at").IsZero())
	job := b.claim("w")
	assert.Equal(t, 2, job.Attempt)
	assert.Equal(t, 4, job.MaxAttempts, "as many attempts as a new job has")

	var state *queue.StateError
	require.ErrorAs(t, b.Retry(b.pb, id), &state, "it runs")
	require.NoError(t, b.Complete(t.Context(), *job, nil))
	require.ErrorAs(t, b.Retry(b.pb, id), &state)
	assert.Contains(t, state.Error(), "Create a new one")
	require.ErrorAs(t, b.Become(b.pb, id, queue.StatusDead), &state, "nobody declares a job dead")

	failed := b.add(b.users[0], "failed")
	_, err := b.Fail(t.Context(), *b.claim("w"), queue.Temporary("Later.", nil, time.Hour))
	require.NoError(t, err)
	require.NoError(t, b.Retry(b.pb, failed))
	assert.Equal(t, failed, b.claim("w").ID, "at once")
}

func TestARetryIsRefusedWhileTheSameWorkIsQueued(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.dead(b.users[0], "x")
	again := b.add(b.users[0], "x")
	require.ErrorIs(t, b.Retry(b.pb, id), queue.ErrDuplicate)
	require.NoError(t, b.Cancel(b.pb, again))
	require.NoError(t, b.Retry(b.pb, id))
	require.ErrorIs(t, b.Retry(b.pb, again), queue.ErrDuplicate)
}

func TestCommandsOnMany(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	for i := range 120 { // more than one transaction's
		b.dead(b.users[i%2], fmt.Sprint(i))
	}
	mine := queue.Selection{UserID: b.users[0]}
	outcome, err := b.BecomeAll(t.Context(), queue.Selection{UserID: b.users[0], Kind: "other"}, queue.StatusPending)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkOutcome{}, outcome)
	outcome, err = b.BecomeAll(t.Context(), mine, queue.StatusPending)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkOutcome{Changed: 60}, outcome)
	require.NotNil(t, b.claim("w"))
	outcome, err = b.BecomeAll(t.Context(), mine, queue.StatusCancelled)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkOutcome{Changed: 60}, outcome, "waiting and running ones")
	outcome, err = b.BecomeAll(t.Context(), queue.Selection{Status: queue.StatusDead, Kind: "work"}, queue.StatusCancelled)
	require.NoError(t, err)
	assert.Equal(t, queue.BulkOutcome{Skipped: 60}, outcome)
	ids := []string{"nothing"}
	outcome, err = b.BecomeAll(t.Context(), queue.Selection{IDs: ids}, queue.StatusPending)
	require.NoError(t, err)
	assert.Zero(t, outcome.Changed)
}

func TestAChangeThatIsRolledBackIsNotTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	job := b.claim("w")
	b.OnCancel(func(string) { t.Error("told to stop") })
	err := b.pb.RunInTransaction(func(tx core.App) error {
		require.NoError(t, b.Cancel(tx, id))
		return errors.New("no")
	})
	require.Error(t, err)
	require.NoError(t, b.Heartbeat(t.Context(), *job))
}

// A batch has the database in a transaction and describes each job it made, while
// the worker waits for the database to claim one.
func TestWhoHasTheDatabaseDoesNotWaitForAClaim(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	b.add(b.users[0], "x")
	claimed := make(chan error, 1)
	err := b.pb.RunInTransaction(func(tx core.App) error {
		go func() {
			_, err := b.Claim(context.Background(), "w")
			claimed <- err
		}()
		waiting := func() bool { return b.pb.NonconcurrentDB().(*dbx.DB).DB().Stats().WaitCount > 0 }
		require.Eventually(t, waiting, 10*time.Second, time.Millisecond)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := b.Overview(context.Background(), b.users[0])
			assert.NoError(t, err)
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("it waits for the claim, which waits for it")
		}
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, <-claimed)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	_, err := b.Fail(t.Context(), *b.claim("first"), queue.Temporary("Not today.", errors.New("driver text"), 0))
	require.NoError(t, err)
	b.clock.Advance(time.Hour)
	require.NoError(t, b.Promote(t.Context()))
	require.NotNil(t, b.claim("second"))
	b.clock.Advance(2 * time.Minute)
	require.NoError(t, b.Rescue(t.Context(), nobody))
	require.NoError(t, b.Complete(t.Context(), *b.claim("third"), nil))

	history := queue.ParseHistory(b.record(id).GetString("history"))
	require.Len(t, history, 3)
	for i, want := range []queue.Attempt{
		{Attempt: 1, Worker: "first", Outcome: queue.StatusFailed, Error: "Not today."},
		{Attempt: 2, Worker: "second", Outcome: queue.OutcomeInterrupted, Error: "The work was interrupted."},
		{Attempt: 3, Worker: "third", Outcome: queue.StatusCompleted},
	} {
		want.Started, want.Ended = history[i].Started, history[i].Ended
		assert.Equal(t, want, history[i])
		assert.LessOrEqual(t, history[i].Started, history[i].Ended)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	for i := range 25 {
		_, err := b.Fail(t.Context(), *b.claim(fmt.Sprint(i)), queue.Snooze("", 0))
		require.NoError(t, err)
	}
	history := queue.ParseHistory(b.record(id).GetString("history"))
	require.Len(t, history, 20)
	assert.Equal(t, "24", history[19].Worker, "the latest are kept")
}
