package queue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// insertEnded inserts ended jobs, the first of which is the newest.
func (h *harness) insertEnded(user, kind string, n int, newest time.Duration) {
	h.t.Helper()
	for i := range n {
		stamp := h.clock.Now().Add(-newest - time.Duration(i)*time.Second).UTC().Format(types.DefaultDateLayout)
		_, err := h.pb.NonconcurrentDB().NewQuery(`INSERT INTO global_queue (id, user, kind, status, finished_at, created, updated, dedupe_key)
			VALUES ({:id}, {:user}, {:kind}, 'completed', {:at}, {:at}, {:at}, 'x')`).
			Bind(dbx.Params{"id": fmt.Sprintf("%.2s%.2s%s%05d", user[4:], kind, "xxxxxx", i), "user": user, "kind": kind, "at": stamp}).Execute()
		require.NoError(h.t, err)
	}
}

func (h *harness) countJobs(user, kind string) int {
	h.t.Helper()
	count, err := h.pb.CountRecords("global_queue", dbx.HashExp{"user": user, "kind": kind})
	require.NoError(h.t, err)
	return int(count)
}

func TestOnlyTheNewestEndedJobsOfAUserAreKept(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.useLanes(queue.Config{})
	u := h.users
	h.insertEnded(u[0], "work", 1630, time.Hour)
	h.insertEnded(u[0], "brief", 40, 10*time.Hour)
	h.insertEnded(u[1], "work", 900, time.Hour)
	waiting := h.add(u[0], "waiting")
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.Equal(t, 1000+1, h.countJobs(u[0], "work"), "1,000 ended jobs and the waiting one")
	assert.Equal(t, queue.StatusPending, h.status(waiting))
	assert.Equal(t, 1, h.countJobs(u[0], "brief"), "the last job of a kind with KeepLast remains")
	assert.Equal(t, 900, h.countJobs(u[1], "work"), "the limit counts each user's own jobs")
	newest := h.record(fmt.Sprintf("%.2s%.2s%s%05d", u[0][4:], "brief", "xxxxxx", 0))
	assert.Equal(t, "completed", newest.GetString("status"), "the last one, not any")
}

func TestLastJobOutlivesItsRetention(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.useLanes(queue.Config{Retention: queue.Retention{Finished: time.Hour}})
	h.insertEnded(h.users[0], "brief", 5, 2*time.Hour)
	h.insertEnded(h.users[0], "work", 5, 2*time.Hour)
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.Equal(t, 1, h.countJobs(h.users[0], "brief"))
	assert.Zero(t, h.countJobs(h.users[0], "work"))
	_, err := h.Purge(t.Context(), queue.StatusCompleted, 0)
	require.NoError(t, err)
	assert.Zero(t, h.countJobs(h.users[0], "brief"), "an operator can delete it")
}

func TestManyNewJobsTrimTheEndedOnes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.insertEnded(h.users[0], "work", 1200, time.Hour)
	create := func(n int) {
		for i := range n {
			id := h.add(h.users[0], fmt.Sprint(h.clock.Now(), i))
			h.RecordChanged(queue.ActionCreate, h.record(id))
			require.NoError(t, h.Cancel(h.pb, id))
		}
		require.NoError(t, h.TrimEnded(t.Context()))
	}
	create(99)
	assert.Equal(t, 1299, h.countJobs(h.users[0], "work"))
	create(1)
	assert.Equal(t, 1000, h.countJobs(h.users[0], "work"), "the hundredth job trims the ended ones, long before the hourly retention")
	create(99)
	assert.Equal(t, 1099, h.countJobs(h.users[0], "work"))
}
