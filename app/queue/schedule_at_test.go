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

func (h *harness) scheduleAt(user, kind, payload string, in time.Duration) {
	h.t.Helper()
	require.NoError(h.t, h.ScheduleAt(h.t.Context(), h.pb, user, kind, payload, h.clock.Now().Add(in)))
}

// countAfter moves the clock, runs the due schedules and returns how many records there are.
func (h *harness) countAfter(after time.Duration) (jobs, schedules int64) {
	h.t.Helper()
	h.clock.Advance(after)
	require.NoError(h.t, h.EnqueueScheduled(h.t.Context()))
	jobs, err := h.pb.CountRecords("global_queue")
	require.NoError(h.t, err)
	schedules, err = h.pb.CountRecords("job_schedules")
	require.NoError(h.t, err)
	return jobs, schedules
}

func TestSystemScheduleRunsOnceAtTheEarliestTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	check := func(json.RawMessage) (string, error) { return "", nil }
	h.Define(queue.Kind{Name: "chore", Internal: true, Check: check})
	h.scheduleAt(h.users[0], "chore", `{"n":1}`, time.Hour)
	h.scheduleAt(h.users[0], "chore", `{"n":2}`, 2*time.Hour)
	h.scheduleAt(h.users[0], "chore", `{"n":3}`, time.Minute)
	h.scheduleAt(h.users[0], "chore", `{"n":4}`, 3*time.Hour)
	h.scheduleAt(h.users[1], "chore", `{}`, time.Hour)
	h.scheduleAt("nobody", "chore", `{}`, time.Minute)
	require.Error(t, h.ScheduleAt(t.Context(), h.pb, h.users[0], "nothing", "{}", h.clock.Now()))

	jobs, schedules := h.countAfter(59 * time.Second)
	assert.Equal(t, []int64{0, 2}, []int64{jobs, schedules})
	jobs, schedules = h.countAfter(time.Second)
	assert.Equal(t, []int64{1, 1}, []int64{jobs, schedules})
	job := h.claim("w")
	assert.JSONEq(t, `{"n":3}`, string(job.Payload))
	h.complete(job)
	jobs, schedules = h.countAfter(30 * 24 * time.Hour)
	assert.Equal(t, []int64{2, 0}, []int64{jobs, schedules}, "only the other user's")
}

func TestSystemScheduleOfARunningJobRunsItOnceMore(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.scheduleAt(h.users[0], "work", `{}`, 0)
	h.countAfter(0)
	job := h.claim("w")
	h.scheduleAt(h.users[0], "work", `{}`, 0) // by its handler, which has looked for work already
	jobs, schedules := h.countAfter(0)
	assert.Equal(t, []int64{1, 0}, []int64{jobs, schedules})
	h.complete(job)
	job = h.claim("w")
	require.NotNil(t, job)
	h.complete(job)
	assert.Nil(t, h.claim("w"))
}

func TestSystemSchedulesDoNotCountAsTheOwners(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 20 {
		h.scheduleAt(h.users[0], "work", fmt.Sprintf(`{"n":"%d"}`, i), time.Hour)
	}
	for i := range 10 {
		_, err := h.schedule(h.users[0], "work", fmt.Sprintf(`{"n":"%d"}`, i), time.Hour)
		require.NoError(t, err)
	}
	user, err := h.pb.FindRecordById("users", h.users[0])
	require.NoError(t, err)
	require.NoError(t, h.pb.Delete(user))
	_, schedules := h.countAfter(0)
	assert.Zero(t, schedules, "they are deleted with their user")
}
