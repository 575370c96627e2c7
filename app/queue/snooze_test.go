package queue_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func (h *harness) snooze(job *queue.Job, snooze *queue.SnoozeError) queue.Status {
	h.t.Helper()
	status, err := h.Fail(h.t.Context(), *job, snooze)
	require.NoError(h.t, err)
	return status
}

// claimDue moves the clock and claims a job that became due.
func (h *harness) claimDue(after time.Duration) *queue.Job {
	h.t.Helper()
	h.clock.Advance(after)
	require.NoError(h.t, h.Promote(h.t.Context()))
	return h.claim("w")
}

func TestSnoozedJobKeepsItsStage(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	require.NoError(t, h.Progress(*job, "half way", 0.5))
	h.snooze(job, queue.Snooze("", time.Minute))
	assert.Equal(t, "half way", h.record(id).GetString("stage"), "the job looks the same while it waits")

	job = h.claimDue(time.Minute)
	assert.Equal(t, "half way", job.Stage)
	assert.Equal(t, 0.5, h.record(id).GetFloat("progress"))
	assert.Equal(t, 1, job.Attempt, "the wait was no attempt")
}

func TestHistoryHasOneEntryPerWait(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	_, err := h.Fail(t.Context(), *h.claim("w"), queue.Temporary("No.", nil, 0))
	require.NoError(t, err)
	job := h.claimDue(time.Hour)
	began := h.clock.Now()
	for range 300 {
		h.snooze(job, queue.Snooze("Not yet.", time.Minute))
		job = h.claimDue(time.Minute)
	}
	history := queue.ParseHistory(h.record(id).GetString("history"))
	require.Len(t, history, 2)
	assert.Equal(t, queue.Outcome(queue.StatusFailed), history[0].Outcome)
	started, err := time.Parse("2006-01-02 15:04:05.000Z", history[1].Started)
	require.NoError(t, err)
	assert.WithinDuration(t, began, started, time.Second, "the entry starts with the first snooze")
	assert.Greater(t, history[1].Ended, history[1].Started)
	require.NoError(t, h.Complete(t.Context(), *job, nil))
}

func TestEndlessSnoozingEndsAsDead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.Define(queue.Kind{Name: "patient", MaxWait: 3 * time.Hour, Check: func(json.RawMessage) (string, error) { return "", nil }})
	id := h.addKind("patient", h.users[0], "x")
	job := h.claim("w")
	runs := 1
	for h.snooze(job, queue.Snooze("It isn't ready.", 300*24*time.Hour)) == queue.StatusPending {
		runs++
		job = h.claimDue(time.Hour) // a snooze lasts no longer
		require.NotNil(t, job)
	}
	assert.InDelta(t, 4, runs, 1)
	assert.Equal(t, queue.StatusDead, h.status(id))
	assert.Equal(t, "It isn't ready. Gave up after waiting for 3 hours. Retry once the problem is fixed.", h.record(id).GetString("error"))
}

// runWaits claims a job, which ends each of its runs as end says, until it is dead, and returns how many runs it has had.
func (h *harness) runWaits(id string, end func(job *queue.Job, run int)) (runs int) {
	h.t.Helper()
	for job := h.claim("w"); ; job = h.claimDue(time.Hour) { // a snooze lasts no longer
		require.NotNil(h.t, job)
		runs++
		require.Less(h.t, runs, 1000, "the job waits for ever")
		end(job, runs)
		if h.status(id) != queue.StatusPending {
			return runs
		}
	}
}

func TestSnoozesThatAlternateWithHoldsEndAsDead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.Define(queue.Kind{Name: "patient", MaxWait: 30 * time.Hour, Check: func(json.RawMessage) (string, error) { return "", nil }})
	for name, other := range map[string]func(*queue.Job) (queue.Status, error){
		"held": func(job *queue.Job) (queue.Status, error) {
			return h.Fail(t.Context(), *job, queue.Hold("The service is down."))
		},
		"released": func(job *queue.Job) (queue.Status, error) { return h.Release(t.Context(), *job) },
	} {
		id := h.addKind("patient", h.users[0], name)
		runs := h.runWaits(id, func(job *queue.Job, run int) {
			if run%2 == 1 {
				h.snooze(job, queue.Snooze("It isn't ready.", time.Hour))
				return
			}
			_, err := other(job)
			require.NoError(t, err)
		})
		assert.InDelta(t, 2*30, runs, 3, name)
		assert.Equal(t, queue.StatusDead, h.status(id), name)
		assert.Contains(t, h.record(id).GetString("error"), "Gave up after waiting for 30 hours.", name)
	}
}

func TestPauseDuringASnoozeIsNoWaitingTime(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	u := h.users[0]
	id := h.addKind("fetch", u, "1")
	h.snooze(h.claim("w"), queue.Snooze("", time.Minute))
	h.pause("needs:archive", u, queue.SourceKey, "The archive refused your key.")
	assert.Nil(t, h.claimDue(100*24*time.Hour)) // the job itself never meets the refusal
	h.resume("needs:archive", u, queue.SourceKey)
	job := h.claim("w")
	require.NotNil(t, job)
	assert.LessOrEqual(t, job.Waited(h.clock.Now()), time.Hour+time.Minute, "the longest snooze")
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	assert.Equal(t, queue.StatusCompleted, h.status(id))
}

func TestSnoozedJobPrecedesLaterOnesOfItsUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	first := h.add(h.users[0], "first")
	for i := range 3 {
		h.add(h.users[0], fmt.Sprint(i))
	}
	h.snooze(h.claim("w"), queue.Snooze("", time.Minute))
	require.NoError(t, h.Complete(t.Context(), *h.claim("w"), nil))
	assert.Equal(t, first, h.claimDue(time.Minute).ID)
}

func TestHoldKeepsJobsThatNeverRanFromStarting(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	u := h.users
	first, second, third := h.add(u[0], "first"), h.add(u[0], "second"), h.add(u[0], "third")
	h.snooze(h.claim("w"), queue.Snooze("", 10*time.Second))
	h.snooze(h.claim("w"), &queue.SnoozeError{After: time.Minute, HoldOthers: time.Minute})
	assert.Nil(t, h.claim("w"), "the third job would only find out the same")

	for _, id := range []string{h.add(u[1], "another user"), h.addKind("other", u[0], "another kind")} {
		job := h.claim("w")
		require.NotNil(t, job)
		assert.Equal(t, id, job.ID, "the hold concerns one user and one kind")
		require.NoError(t, h.Complete(t.Context(), *job, nil))
	}

	job := h.claimDue(10 * time.Second)
	require.NotNil(t, job)
	require.Equal(t, first, job.ID, "a job that has run before is exempt")
	h.snooze(job, queue.Snooze("", time.Hour))
	assert.Nil(t, h.claim("w"), "a snooze doesn't end the hold of another job")
	job = h.claimDue(50 * time.Second)
	require.NotNil(t, job)
	require.Equal(t, second, job.ID)
	h.snooze(job, queue.Snooze("", time.Hour))
	assert.Equal(t, third, h.claim("w").ID, "the hold has passed")
}

func TestHoldEndsWithTheNextJobThatEnds(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	h.add(h.users[0], "first")
	h.add(h.users[0], "second")
	third := h.add(h.users[0], "third")
	h.snooze(h.claim("w"), queue.Snooze("", time.Second))
	h.snooze(h.claim("w"), &queue.SnoozeError{After: time.Hour, HoldOthers: time.Hour})
	job := h.claimDue(time.Second)
	require.NotNil(t, job)
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	assert.Equal(t, third, h.claim("w").ID)
}
