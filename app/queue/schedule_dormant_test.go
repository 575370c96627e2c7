package queue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestSchedulesOfDormantUsersCreateNoJobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2)
	dormant := map[string]bool{h.users[0]: true}
	var failure error
	h.Queue = h.newQueue(queue.Config{IsDormant: func(_ context.Context, user string) (bool, error) { return dormant[user], failure }})
	t.Cleanup(func() { require.NoError(t, h.Stop(context.Background())) })
	schedule, err := h.schedule(h.users[0], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)
	h.scheduleAt(h.users[0], "work", `{"n":"2"}`, time.Hour)
	_, err = h.schedule(h.users[1], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)

	jobs, schedules := h.countAfter(67 * time.Minute)
	assert.Equal(t, []int64{1, 3}, []int64{jobs, schedules}, "only the other user's")
	assert.Equal(t, h.users[1], h.claim("w").UserID)
	next := h.scheduleRecord(schedule.Id).GetDateTime("next_run_at").Time()
	assert.WithinRange(t, next, h.clock.Now().Add(59*time.Minute), h.clock.Now().Add(67*time.Minute))
	assert.Empty(t, h.scheduleRecord(schedule.Id).GetString("error"))

	delete(dormant, h.users[0])
	jobs, _ = h.countAfter(59 * time.Minute)
	assert.EqualValues(t, 1, jobs, "neither is due again")
	jobs, _ = h.countAfter(6 * time.Hour)
	assert.EqualValues(t, 3, jobs)

	failure = errors.New("no answer")
	h.clock.Advance(2 * time.Hour)
	require.ErrorIs(t, h.EnqueueScheduled(t.Context()), failure, "the next poll tries again")
}
