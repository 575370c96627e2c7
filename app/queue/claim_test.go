package queue_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func nobody(string) bool { return false }

func TestAJobIsClaimedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 64)
	const jobs, workers = 40, 8
	for i := range jobs {
		b.add(b.users[i%3], fmt.Sprint(i))
	}
	var mu sync.Mutex
	claimed := map[string]int{}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				job, err := b.Claim(t.Context(), fmt.Sprint("worker-", w))
				if !assert.NoError(t, err) || job == nil {
					return
				}
				mu.Lock()
				claimed[job.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	assert.Len(t, claimed, jobs)
	for id, times := range claimed {
		assert.Equal(t, 1, times, id)
	}
}

func TestConcurrencyHoldsAcrossWorkers(t *testing.T) {
	t.Parallel()
	b := newBench(t, 2)
	for i := range 5 {
		b.add(b.users[0], fmt.Sprint(i))
	}
	first, second := b.claim("one"), b.claim("two")
	require.NotNil(t, first)
	require.NotNil(t, second)
	assert.Nil(t, b.claim("three"), "two are running")
	require.NoError(t, b.Complete(t.Context(), *first, nil))
	assert.NotNil(t, b.claim("three"))
}

func TestUsersTakeTurns(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	for i := range 50 {
		b.add(b.users[0], fmt.Sprint(i))
	}
	b.add(b.users[1], "only one")
	var order []string
	for range 3 {
		job := b.claim("w")
		require.NotNil(t, job)
		order = append(order, job.UserID)
		require.NoError(t, b.Complete(t.Context(), *job, nil))
	}
	assert.Equal(t, []string{b.users[0], b.users[1], b.users[0]}, order, "one job of another user waits for at most one")
}

func TestHigherPriorityFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	b.add(b.users[0], "low")
	urgent := b.add(b.users[0], "urgent")
	require.NoError(t, b.Reschedule(b.pb, urgent, 5, b.record(urgent).GetString("run_at")))
	assert.Equal(t, urgent, b.claim("w").ID)
}

func TestAScheduledJobWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "later")
	require.NoError(t, b.Reschedule(b.pb, id, 0, b.clock.Now().Add(time.Hour).UTC().Format(types.DefaultDateLayout)))
	assert.Nil(t, b.claim("w"))
	at, ok, err := b.NextRun(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	assert.WithinDuration(t, b.clock.Now().Add(time.Hour), at, time.Second)
	b.clock.Advance(time.Hour + time.Second)
	require.NoError(t, b.Promote(t.Context()))
	assert.Equal(t, id, b.claim("w").ID)
}

func TestFailuresEndWhereTheyShould(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)

	permanent := b.add(b.users[0], "permanent")
	status, err := b.Fail(t.Context(), *b.claim("w"), queue.Permanent("No.", errors.New("cause")))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusDead, status)
	assert.Equal(t, "No.", b.record(permanent).GetString("error"))

	snoozed := b.add(b.users[0], "snoozed")
	status, err = b.Fail(t.Context(), *b.claim("w"), queue.Snooze("Not yet.", time.Minute))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusPending, status)
	assert.Zero(t, b.record(snoozed).GetInt("attempts"), "a snooze is no attempt")
	assert.Nil(t, b.claim("w"))
	b.clock.Advance(61 * time.Second)
	require.NoError(t, b.Promote(t.Context()))
	require.NoError(t, b.Complete(t.Context(), *b.claim("w"), nil))

	retried := b.add(b.users[0], "retried")
	for attempt := 1; attempt <= 3; attempt++ {
		job := b.claim("w")
		require.NotNil(t, job, attempt)
		assert.Equal(t, attempt, job.Attempt)
		status, err = b.Fail(t.Context(), *job, errors.New("some driver text"))
		require.NoError(t, err)
		if attempt < 3 {
			assert.Equal(t, queue.StatusFailed, status)
			assert.Nil(t, b.claim("w"), "not before its backoff")
			b.clock.Advance(time.Hour)
			require.NoError(t, b.Promote(t.Context()))
		}
	}
	assert.Equal(t, queue.StatusDead, b.status(retried))
	assert.NotContains(t, b.record(retried).GetString("error"), "driver text", "owners read sentences made for them")
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	_, err := b.Fail(t.Context(), *b.claim("w"), queue.Temporary("Slow down.", nil, 2*time.Hour))
	require.NoError(t, err)
	assert.False(t, b.record(id).GetDateTime("run_at").Time().Before(b.clock.Now().Add(2*time.Hour-time.Second)))
}

func TestALateWorkerWritesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	late := b.claim("late")
	b.clock.Advance(2 * time.Minute)
	require.NoError(t, b.Rescue(t.Context(), nobody))
	require.Equal(t, queue.StatusPending, b.status(id))

	assertLost := func() {
		t.Helper()
		assert.ErrorIs(t, b.Heartbeat(t.Context(), *late), queue.ErrLeaseLost)
		assert.ErrorIs(t, b.Progress(t.Context(), *late, "x", 0.5), queue.ErrLeaseLost)
		assert.ErrorIs(t, b.Complete(t.Context(), *late, nil), queue.ErrLeaseLost)
		assert.ErrorIs(t, b.Cancelled(t.Context(), *late), queue.ErrLeaseLost)
		_, err := b.Release(t.Context(), *late)
		assert.ErrorIs(t, err, queue.ErrLeaseLost)
		_, err = b.Fail(t.Context(), *late, errors.New("x"))
		assert.ErrorIs(t, err, queue.ErrLeaseLost)
	}
	require.NoError(t, b.Rescue(t.Context(), func(id string) bool { return true }), "what is running is left alone")
	assertLost()
	again := b.claim("late") // the same worker, another attempt
	require.NotNil(t, again)
	assertLost()
	require.NoError(t, b.Complete(t.Context(), *again, map[string]int{"n": 1}))
	assertLost()
	assert.Equal(t, queue.StatusCompleted, b.status(id))
	assert.JSONEq(t, `{"n":1}`, b.record(id).GetString("result"))
}

// A VACUUM may give rows other rowids: https://sqlite.org/lang_vacuum.html
func TestARowThatMovesTakesNoJobAway(t *testing.T) {
	t.Parallel()
	b := newBench(t, 3)
	for i := range 3 {
		b.add(b.users[i], fmt.Sprint(i))
	}
	beating, failing, done := b.claim("w"), b.claim("w"), b.claim("w")
	require.NotNil(t, done)
	_, err := b.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET rowid = rowid + 1000").Execute()
	require.NoError(t, err)
	require.NoError(t, b.Heartbeat(t.Context(), *beating))
	_, err = b.Fail(t.Context(), *failing, queue.Permanent("No.", nil))
	require.NoError(t, err)
	_, err = b.CompleteAndClaim(t.Context(), *done, nil)
	require.ErrorIs(t, err, queue.ErrLeaseLost)
	require.NoError(t, b.Complete(t.Context(), *done, nil))
}

func TestDoneAndNextAreOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	first, second := b.add(b.users[0], "1"), b.add(b.users[1], "2")
	job := b.claim("w")
	next, err := b.CompleteAndClaim(t.Context(), *job, map[string]int{"n": 1})
	require.NoError(t, err)
	require.NotNil(t, next)
	assert.Equal(t, second, next.ID)
	assert.Equal(t, queue.StatusCompleted, b.status(first))
	assert.Equal(t, queue.StatusProcessing, b.status(second))
	_, err = b.CompleteAndClaim(t.Context(), *job, nil)
	require.ErrorIs(t, err, queue.ErrLeaseLost)
	var failure *queue.Failure
	_, err = b.CompleteAndClaim(t.Context(), *next, strings.Repeat("x", 20<<10))
	require.ErrorAs(t, err, &failure)
	last, err := b.CompleteAndClaim(t.Context(), *next, nil)
	require.NoError(t, err)
	assert.Nil(t, last)
	assert.Equal(t, queue.StatusCompleted, b.status(second))
}

func TestHeartbeatsKeepALease(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	job := b.claim("w")
	for range 5 {
		b.clock.Advance(40 * time.Second)
		require.NoError(t, b.Heartbeat(t.Context(), *job))
		require.NoError(t, b.Rescue(t.Context(), nobody))
	}
	assert.Equal(t, queue.StatusProcessing, b.status(id))
}

func TestWhatADeadProcessHeldIsTakenUpAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	id := b.add(b.users[0], "x")
	require.NotNil(t, b.claim("dead process"))
	require.NoError(t, b.Recover(t.Context()))
	job := b.claim("new process")
	require.NotNil(t, job)
	assert.Equal(t, id, job.ID)
	assert.Equal(t, 2, job.Attempt, "a crash spends an attempt: the job may be what crashed it")
	require.NoError(t, b.Recover(t.Context()))
	require.NotNil(t, b.claim("third process"))
	require.NoError(t, b.Recover(t.Context()))
	assert.Equal(t, queue.StatusDead, b.status(id), "but not for ever")
}

func TestReleaseSpendsNoAttempt(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	id := b.add(b.users[0], "x")
	status, err := b.Release(t.Context(), *b.claim("w"))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusPending, status)
	assert.Equal(t, queue.StatusPending, b.status(id))
	assert.Equal(t, 1, b.claim("w").Attempt)
}

func TestPositions(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	position := func(id string) int { return b.Outlook(t.Context(), b.record(id)).Position }
	first, second := b.add(b.users[0], "1"), b.add(b.users[1], "2")
	assert.Equal(t, 1, position(first))
	assert.Equal(t, 2, position(second))
	require.NotNil(t, b.claim("w"))
	assert.Equal(t, 0, position(first))
	assert.Equal(t, 1, position(second))

	for i := range 50 {
		b.add(b.users[1], fmt.Sprint("many", i))
	}
	assert.Equal(t, 2, position(b.add(b.users[2], "one")), "users take turns")
}
