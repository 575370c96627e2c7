package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func (h *harness) schedule(user, kind, payload string, every time.Duration) (*core.Record, error) {
	h.t.Helper()
	collection, err := h.pb.FindCachedCollectionByNameOrId("job_schedules")
	require.NoError(h.t, err)
	record := core.NewRecord(collection)
	record.Set("kind", kind)
	record.Set("payload", payload)
	record.Set("every", every.Seconds())
	if err := h.PrepareSchedule(h.pb, record, user); err != nil {
		return nil, err
	}
	return record, h.pb.Save(record)
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	schedule, err := h.schedule(h.users[0], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)
	_, err = h.schedule(h.users[0], "work", `{"n":"1"}`, 2*time.Hour)
	require.ErrorContains(t, err, "already have a schedule for this")
	_, err = h.schedule(h.users[1], "work", `{"n":"1"}`, time.Minute)
	require.Error(t, err, "the interval is below the minimum")
	for kind, payload := range map[string]string{"unknown": `{}`, "other": `{"n":"bad"}`} {
		_, err = h.schedule(h.users[0], kind, payload, time.Hour)
		var invalid *queue.InvalidJob
		require.ErrorAs(t, err, &invalid)
	}

	due := func() int {
		require.NoError(t, h.EnqueueScheduled(t.Context()))
		count, err := h.pb.CountRecords("global_queue")
		require.NoError(t, err)
		return int(count)
	}
	assert.Equal(t, 0, due())
	h.clock.Advance(67 * time.Minute) // an hour and a random part of up to a tenth
	assert.Equal(t, 1, due())
	assert.Equal(t, 1, due(), "it runs once per interval")
	h.clock.Advance(67 * time.Minute) // an hour and a random part of up to a tenth
	assert.Equal(t, 1, due(), "its previous job is still active")
	job := h.claim("w")
	assert.Equal(t, h.users[0], job.UserID)
	schedule, err = h.pb.FindRecordById("job_schedules", schedule.Id)
	require.NoError(t, err)
	assert.Equal(t, job.ID, schedule.GetString("last_job"))
	require.NoError(t, h.Complete(t.Context(), *job, nil))
	assert.Equal(t, 1, due(), "it is not due yet")
	h.clock.Advance(72 * time.Hour)
	assert.Equal(t, 2, due(), "missed runs are made up for by one job")
	assert.Equal(t, 2, due())

	schedule, err = h.pb.FindRecordById("job_schedules", schedule.Id)
	require.NoError(t, err)
	schedule.Set("enabled", false)
	require.NoError(t, h.PrepareSchedule(h.pb, schedule, h.users[0]))
	require.NoError(t, h.pb.Save(schedule))
	h.claimAndComplete()
	h.clock.Advance(72 * time.Hour)
	assert.Equal(t, 2, due())
	schedule.Set("payload", `{"n":"2"}`)
	var invalid *queue.InvalidJob
	require.ErrorAs(t, h.PrepareSchedule(h.pb, schedule, h.users[0]), &invalid)
}

func TestScheduleLimitPerUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	for i := range 10 {
		_, err := h.schedule(h.users[0], "work", fmt.Sprintf(`{"n":"%d"}`, i), time.Hour)
		require.NoError(t, err)
	}
	_, err := h.schedule(h.users[0], "work", `{"n":"10"}`, time.Hour)
	var invalid *queue.InvalidJob
	require.ErrorAs(t, err, &invalid)
}
