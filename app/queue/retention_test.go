package queue_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestRetention(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.Queue = h.newQueue(queue.Config{Concurrency: 4, Retention: queue.Retention{Finished: 24 * time.Hour, Dead: 48 * time.Hour}})
	dead := h.addDead(h.users[0], "dead")
	done := h.add(h.users[0], "done")
	h.claimAndComplete()
	cancelled := h.add(h.users[0], "cancelled")
	require.NoError(t, h.Cancel(h.pb, cancelled))
	h.add(h.users[0], "running")
	require.NotNil(t, h.claim("w"))
	h.add(h.users[0], "waiting")
	left := func() int {
		require.NoError(t, h.ApplyRetention(t.Context()))
		count, err := h.pb.CountRecords("global_queue")
		require.NoError(t, err)
		return int(count)
	}
	h.clock.Advance(23 * time.Hour)
	assert.Equal(t, 5, left())
	h.clock.Advance(2 * time.Hour)
	assert.Equal(t, 3, left())
	for _, id := range []string{done, cancelled} {
		_, err := h.Find(id)
		assert.Error(t, err)
	}
	assert.Equal(t, queue.StatusDead, h.status(dead))
	h.clock.Advance(24 * time.Hour)
	assert.Equal(t, 2, left(), "waiting and running jobs are never deleted")
	_, err := h.Purge(t.Context(), queue.StatusPending, 0)
	require.Error(t, err)

	h.Queue = h.newQueue(queue.Config{Concurrency: 4})
	_, err = h.Fail(t.Context(), *h.claim("w"), queue.Permanent("No.", nil))
	require.NoError(t, err)
	h.clock.Advance(10_000 * time.Hour)
	assert.Equal(t, 2, left(), "0 keeps finished jobs forever")
}

func TestPurgeDeletesThousandsAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	stamp := func(ago time.Duration) string { return h.clock.Now().Add(-ago).UTC().Format(types.DefaultDateLayout) }
	_, err := h.pb.NonconcurrentDB().NewQuery(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)
		INSERT INTO global_queue (id, user, kind, status, finished_at, created, updated, dedupe_key)
		SELECT printf('old%012d', i), {:user}, 'work', CASE WHEN i % 10 = 0 THEN 'dead' ELSE 'completed' END, {:old}, {:old}, {:old}, i FROM n`).
		Bind(dbx.Params{"user": h.users[0], "old": stamp(48 * time.Hour)}).Execute()
	require.NoError(t, err)
	recent := h.add(h.users[0], "recent")
	h.claimAndComplete()
	deleted, err := h.Purge(t.Context(), queue.StatusCompleted, 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, 3150, deleted)
	stats, err := h.Stats(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 350, stats.Statuses["dead"])
	assert.Equal(t, 1, stats.Statuses["completed"])
	assert.Equal(t, queue.StatusCompleted, h.status(recent))
	deleted, err = h.Purge(t.Context(), queue.StatusDead, 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, 350, deleted)
}

// A job may be held for months, until its owner saves a new key.
func TestRetentionKeepsHeldJobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.Queue = h.newQueue(queue.Config{Concurrency: 4, Retention: queue.Retention{Finished: 24 * time.Hour, Dead: 48 * time.Hour}})
	dead := h.addDead(h.users[1], "dead")
	first, second := h.add(h.users[0], "first"), h.add(h.users[0], "second")
	require.NoError(t, h.AddPause(t.Context(), queue.Pause{Kind: "work", UserID: h.users[0], Source: queue.SourceKey, Reason: "Save a new key."}))
	for range 3 { // sets the jobs aside
		assert.Nil(t, h.claim("w"))
	}
	h.clock.Advance(100 * 24 * time.Hour)
	require.NoError(t, h.ApplyRetention(t.Context()))
	require.NoError(t, h.Rescue(t.Context(), func(string) bool { return false }))
	_, err := h.Find(dead)
	require.Error(t, err, "it has ended")
	for _, id := range []string{first, second} {
		assert.Equal(t, queue.StatusPending, h.status(id))
	}
	_, err = h.RemovePauses(t.Context(), "work", h.users[0], queue.SourceKey)
	require.NoError(t, err)
	for range 2 {
		job := h.claim("w")
		require.NotNil(t, job, "they run once the pause has ended")
		require.NoError(t, h.Complete(t.Context(), *job, nil))
	}
}
