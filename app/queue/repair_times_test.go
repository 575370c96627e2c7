package queue_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const year = 365 * 24 * time.Hour

func TestJobsRunAfterTheClockJumpedAheadAndBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 10)
	chosen, err := h.AddWith(t.Context(), h.pb, h.users[1], "other", `{"n":"chosen"}`, queue.AddOptions{RunAt: h.clock.Now().Add(48 * time.Hour)})
	require.NoError(t, err)

	h.clock.Advance(year)
	retried, snoozed, leased := h.add(h.users[0], "retried"), h.add(h.users[0], "snoozed"), h.add(h.users[0], "leased")
	_, err = h.Fail(t.Context(), *h.claim("w"), queue.Temporary("No.", errors.New("cause"), time.Minute))
	require.NoError(t, err)
	h.snooze(h.claim("w"), queue.Snooze("", time.Hour))
	require.Equal(t, leased, h.claim("w").ID) // by a worker that hangs
	immediate := h.add(h.users[0], "immediate")

	h.clock.Advance(-year)
	require.NoError(t, h.Promote(t.Context()))
	assert.Equal(t, immediate, h.claim("w").ID, "a job that is ready needs no repair")
	require.Nil(t, h.claimDue(3*time.Hour), "the others would wait for a year")
	require.NoError(t, h.RepairTimes(t.Context()))
	require.Nil(t, h.claimDue(50*time.Second), "the waits are the same as before")
	require.NotNil(t, h.record(retried))
	first := h.claimDue(time.Minute)
	require.NotNil(t, first)
	assert.Equal(t, retried, first.ID)
	require.Nil(t, h.claimDue(57*time.Minute))
	require.NoError(t, h.Rescue(t.Context(), func(string) bool { return false }))
	assert.NotEqual(t, queue.StatusProcessing, h.status(leased), "its lease has expired")
	var ids []string
	for job := h.claimDue(5 * time.Minute); job != nil; job = h.claimDue(time.Minute) {
		ids = append(ids, job.ID)
	}
	assert.Subset(t, ids, []string{snoozed})
	assert.NotContains(t, ids, chosen, "a time that was chosen before the jump is kept")
	h.completeAll()
	assert.Equal(t, queue.StatusPending, h.status(chosen))
	assert.Equal(t, chosen, h.claimDue(45*time.Hour).ID)
}

func TestSchedulesFireAfterTheClockJumpedAheadAndBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.Define(queue.Kind{Name: "chore", Internal: true, Check: func(json.RawMessage) (string, error) { return "", nil }})
	_, err := h.schedule(h.users[0], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)
	h.scheduleAt(h.users[1], "chore", `{}`, 90*24*time.Hour) // before the jump

	jobs, _ := h.countAfter(80 * 24 * time.Hour)
	require.EqualValues(t, 1, jobs)
	h.clock.Advance(year)
	require.NoError(t, h.EnqueueScheduled(t.Context())) // the next run is in more than a year
	h.scheduleAt(h.users[2], "chore", `{}`, time.Hour)
	h.completeAll()
	h.clock.Advance(-year)
	before, _ := h.countAfter(2 * time.Hour)
	require.NoError(t, h.RepairTimes(t.Context()))
	jobs, _ = h.countAfter(67 * time.Minute) // an hour and a random part of up to a tenth
	assert.Equal(t, before+2, jobs, "both run within their intervals")
	require.NoError(t, h.RepairTimes(t.Context()))
	again, _ := h.countAfter(time.Minute)
	assert.Equal(t, jobs, again, "without a jump, nothing changes")
}
