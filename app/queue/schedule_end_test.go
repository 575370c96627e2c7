package queue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func (h *harness) scheduleRecord(id string) *core.Record {
	h.t.Helper()
	record, err := h.pb.FindRecordById("job_schedules", id)
	require.NoError(h.t, err)
	return record
}

// runScheduled claims the job that a schedule has created since and ends it with an error, or completes it. It
// reports whether there was one.
func (h *harness) runScheduled(after time.Duration, failure error) bool {
	h.t.Helper()
	h.countAfter(after)
	job := h.claim("w")
	if job == nil {
		return false
	}
	if failure == nil {
		h.complete(job)
		return true
	}
	_, err := h.Fail(h.t.Context(), *job, failure)
	require.NoError(h.t, err)
	return true
}

var refused = queue.Permanent("The archive refused your key.", errors.New("401"))

func TestScheduleThatCanOnlyFailStops(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	schedule, err := h.schedule(h.users[0], "work", `{"n":"1"}`, 15*time.Minute)
	require.NoError(t, err)
	changed := 0
	h.pb.OnRecordAfterUpdateSuccess("job_schedules").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("stopped") != "" {
			changed++
		}
		return e.Next()
	})
	for range 24 * 60 {
		h.runScheduled(time.Minute, refused)
	}
	dead, err := h.pb.CountRecords("global_queue")
	require.NoError(t, err)
	assert.EqualValues(t, 3, dead)
	stopped := h.scheduleRecord(schedule.Id)
	assert.Equal(t, "The last 3 runs failed: The archive refused your key.", stopped.GetString("stopped"))
	assert.True(t, stopped.GetBool("enabled"))
	assert.Equal(t, 1, changed, "its owner and observers are notified once")

	require.NoError(t, h.PrepareSchedule(h.pb, stopped, h.users[0])) // the owner sets enabled, which is set already
	require.NoError(t, h.pb.Save(stopped))
	assert.Empty(t, h.scheduleRecord(schedule.Id).GetString("stopped"))
	assert.False(t, h.runScheduled(14*time.Minute, refused), "it starts anew")
	for range 3 {
		assert.True(t, h.runScheduled(17*time.Minute, refused))
	}
	assert.False(t, h.runScheduled(17*time.Minute, refused))
}

func TestOnlyFailuresInARowStopASchedule(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	schedule, err := h.schedule(h.users[0], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)
	for range 3 {
		for _, failure := range []error{refused, refused, nil} {
			require.True(t, h.runScheduled(67*time.Minute, failure))
		}
	}
	assert.Empty(t, h.scheduleRecord(schedule.Id).GetString("stopped"))
	require.True(t, h.runScheduled(67*time.Minute, refused))
	assert.Equal(t, 1, h.scheduleRecord(schedule.Id).GetInt("failures"))
	h.addDead(h.users[0], "another job")
	assert.Equal(t, 1, h.scheduleRecord(schedule.Id).GetInt("failures"), "only its own jobs count")
}

func TestSchedulesOfAServiceStopAndResume(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 4)
	create := func(user, kind string) string {
		schedule, err := h.schedule(user, kind, `{"n":"1"}`, time.Hour)
		require.NoError(t, err)
		return schedule.Id
	}
	fetch, read, work, others := create(h.users[0], "fetch"), create(h.users[0], "read"), create(h.users[0], "work"), create(h.users[1], "fetch")
	disabled := h.scheduleRecord(read)
	disabled.Set("enabled", false)
	require.NoError(t, h.pb.Save(disabled))
	h.scheduleAt(h.users[0], "read", `{"n":"system"}`, 0)

	const reason = "The archive refused your key."
	require.NoError(t, h.StopSchedules(t.Context(), h.users[0], "archive", reason))
	for id, stopped := range map[string]string{fetch: reason, read: "", work: "", others: ""} {
		assert.Equal(t, stopped, h.scheduleRecord(id).GetString("stopped"))
	}
	jobs, _ := h.countAfter(67 * time.Minute)
	assert.EqualValues(t, 3, jobs, "work, the other user's and the server's own")
	for range 3 {
		h.claimAndComplete()
	}
	for range 3 {
		h.countAfter(67 * time.Minute)
		h.completeAll()
	}
	require.NoError(t, h.ResumeSchedules(t.Context(), h.users[0], "archive"))
	assert.Empty(t, h.scheduleRecord(fetch).GetString("stopped"))
	h.countAfter(0)
	job := h.claim("w")
	require.NotNil(t, job, "one job makes up for the missed runs")
	assert.Equal(t, []string{"fetch", h.users[0]}, []string{job.Kind, job.UserID})
	assert.Nil(t, h.claim("w"))
}

func TestSchedulesSpreadOut(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	times := map[string]bool{}
	for i := range 10 {
		schedule, err := h.schedule(h.users[0], "work", fmt.Sprintf(`{"n":"%d"}`, i), 24*time.Hour)
		require.NoError(t, err)
		in := schedule.GetDateTime("next_run_at").Time().Sub(h.clock.Now())
		assert.GreaterOrEqual(t, in, 24*time.Hour-time.Second)
		assert.LessOrEqual(t, in, 24*time.Hour*11/10)
		times[schedule.GetString("next_run_at")] = true
	}
	assert.Greater(t, len(times), 5)
}
