package queue_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestPause(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	require.ErrorContains(t, b.Pause(t.Context(), "nothing", ""), "no kind")
	running := b.add(b.users[0], "1")
	require.NotNil(t, b.claim("w"))
	b.add(b.users[0], "2")
	b.addKind("other", b.users[0], "3")
	require.NoError(t, b.Pause(t.Context(), "work", "Loom is down"))
	require.NoError(t, b.Pause(t.Context(), "work", "twice is harmless"))
	assert.Equal(t, "other", b.claim("w").Kind)
	assert.Nil(t, b.claim("w"))
	assert.Equal(t, queue.StatusProcessing, b.status(running), "what runs goes on")

	again := b.another(queue.Config{Concurrency: 4})
	require.NoError(t, again.Start(t.Context()))
	defer func() { require.NoError(t, again.Stop(context.Background())) }()
	assert.Equal(t, queue.Pauses{"work"}, again.Paused(), "a restart ends no pause")

	require.NoError(t, b.Pause(t.Context(), queue.AllKinds, ""))
	require.NoError(t, b.Resume(t.Context(), "work"))
	assert.Nil(t, b.claim("w"), "all are still paused")
	require.NoError(t, b.Resume(t.Context(), queue.AllKinds))
	assert.Equal(t, "work", b.claim("w").Kind)
}

func TestRetention(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	b.Queue = b.another(queue.Config{Concurrency: 4, Retention: queue.Retention{Finished: 24 * time.Hour, Dead: 48 * time.Hour}})
	dead := b.dead(b.users[0], "dead")
	done := b.add(b.users[0], "done")
	b.claimAndComplete()
	cancelled := b.add(b.users[0], "cancelled")
	require.NoError(t, b.Cancel(b.pb, cancelled))
	b.add(b.users[0], "running")
	require.NotNil(t, b.claim("w"))
	b.add(b.users[0], "waiting")
	left := func() int {
		require.NoError(t, b.ApplyRetention(t.Context()))
		count, err := b.pb.CountRecords("global_queue")
		require.NoError(t, err)
		return int(count)
	}
	b.clock.Advance(23 * time.Hour)
	assert.Equal(t, 5, left())
	b.clock.Advance(2 * time.Hour)
	assert.Equal(t, 3, left())
	for _, id := range []string{done, cancelled} {
		_, err := b.Find(id)
		assert.Error(t, err)
	}
	assert.Equal(t, queue.StatusDead, b.status(dead))
	b.clock.Advance(24 * time.Hour)
	assert.Equal(t, 2, left(), "what waits or runs stays for ever")
	_, err := b.Purge(t.Context(), queue.StatusPending, 0)
	require.Error(t, err)

	b.Queue = b.another(queue.Config{Concurrency: 4})
	_, err = b.Fail(t.Context(), *b.claim("w"), queue.Permanent("No.", nil))
	require.NoError(t, err)
	b.clock.Advance(10_000 * time.Hour)
	assert.Equal(t, 2, left(), "0 keeps them")
}

func TestThousandsArePurgedAndTheRestStays(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	stamp := func(ago time.Duration) string { return b.clock.Now().Add(-ago).UTC().Format(types.DefaultDateLayout) }
	_, err := b.pb.NonconcurrentDB().NewQuery(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)
		INSERT INTO global_queue (id, user, kind, status, finished_at, created, updated, dedupe_key)
		SELECT printf('old%012d', i), {:user}, 'work', CASE WHEN i % 10 = 0 THEN 'dead' ELSE 'completed' END, {:old}, {:old}, {:old}, i FROM n`).
		Bind(dbx.Params{"user": b.users[0], "old": stamp(48 * time.Hour)}).Execute()
	require.NoError(t, err)
	recent := b.add(b.users[0], "recent")
	b.claimAndComplete()
	deleted, err := b.Purge(t.Context(), queue.StatusCompleted, 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, 3150, deleted)
	stats, err := b.Stats(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 350, stats.Statuses["dead"])
	assert.Equal(t, 1, stats.Statuses["completed"])
	assert.Equal(t, queue.StatusCompleted, b.status(recent))
	deleted, err = b.Purge(t.Context(), queue.StatusDead, 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, 350, deleted)
}

func (b *bench) schedule(user, kind, payload string, every time.Duration) (*core.Record, error) {
	b.t.Helper()
	collection, err := b.pb.FindCachedCollectionByNameOrId("job_schedules")
	require.NoError(b.t, err)
	record := core.NewRecord(collection)
	record.Set("kind", kind)
	record.Set("payload", payload)
	record.Set("every", every.Seconds())
	if err := b.PrepareSchedule(b.pb, record, user); err != nil {
		return nil, err
	}
	return record, b.pb.Save(record)
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	schedule, err := b.schedule(b.users[0], "work", `{"n":"1"}`, time.Hour)
	require.NoError(t, err)
	_, err = b.schedule(b.users[0], "work", `{"n":"1"}`, 2*time.Hour)
	require.ErrorContains(t, err, "a schedule for this already")
	_, err = b.schedule(b.users[1], "work", `{"n":"1"}`, time.Minute)
	require.Error(t, err, "too often")
	for what, kind := range map[string]string{"unknown": `{}`, "other": `{"n":"bad"}`} {
		_, err = b.schedule(b.users[0], what, kind, time.Hour)
		var invalid *queue.InvalidJob
		require.ErrorAs(t, err, &invalid)
	}

	due := func() int {
		require.NoError(t, b.EnqueueScheduled(t.Context()))
		count, err := b.pb.CountRecords("global_queue")
		require.NoError(t, err)
		return int(count)
	}
	assert.Equal(t, 0, due())
	b.clock.Advance(time.Hour + time.Second)
	assert.Equal(t, 1, due())
	assert.Equal(t, 1, due(), "once")
	b.clock.Advance(time.Hour + time.Second)
	assert.Equal(t, 1, due(), "the last one is still active")
	job := b.claim("w")
	assert.Equal(t, b.users[0], job.UserID)
	schedule, err = b.pb.FindRecordById("job_schedules", schedule.Id)
	require.NoError(t, err)
	assert.Equal(t, job.ID, schedule.GetString("last_job"))
	require.NoError(t, b.Complete(t.Context(), *job, nil))
	assert.Equal(t, 1, due(), "its time hasn't come")
	b.clock.Advance(72 * time.Hour)
	assert.Equal(t, 2, due(), "what was missed is made up for once")
	assert.Equal(t, 2, due())

	schedule, err = b.pb.FindRecordById("job_schedules", schedule.Id)
	require.NoError(t, err)
	schedule.Set("enabled", false)
	require.NoError(t, b.PrepareSchedule(b.pb, schedule, b.users[0]))
	require.NoError(t, b.pb.Save(schedule))
	b.claimAndComplete()
	b.clock.Advance(72 * time.Hour)
	assert.Equal(t, 2, due())
	schedule.Set("payload", `{"n":"2"}`)
	var invalid *queue.InvalidJob
	require.ErrorAs(t, b.PrepareSchedule(b.pb, schedule, b.users[0]), &invalid)
}

func TestSchedulesOfAUserAreBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	for i := range 10 {
		_, err := b.schedule(b.users[0], "work", fmt.Sprintf(`{"n":"%d"}`, i), time.Hour)
		require.NoError(t, err)
	}
	_, err := b.schedule(b.users[0], "work", `{"n":"10"}`, time.Hour)
	var invalid *queue.InvalidJob
	require.ErrorAs(t, err, &invalid)
}

func TestChangesAreToldOnceInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, 10)
	var mu sync.Mutex
	var told []queue.Change
	entered, block, rounds := make(chan struct{}), make(chan struct{}), 0
	b.OnChange(func(_ context.Context, changes []queue.Change) {
		if len(changes) == 0 { // what is paused was read
			return
		}
		if rounds++; rounds == 1 {
			close(entered)
			<-block // what comes meanwhile is one round
		}
		mu.Lock()
		defer mu.Unlock()
		told = append(told, changes...)
	})
	require.NoError(t, b.Start(t.Context()))
	id := b.add(b.users[0], "first")
	b.Noted(queue.ActionCreate, b.record(id))
	<-entered
	job := b.claim("w")
	second := b.add(b.users[1], "second")
	b.Noted(queue.ActionCreate, b.record(second))
	require.NoError(t, b.Progress(t.Context(), *job, "half", 0.5))
	require.NoError(t, b.Complete(t.Context(), *job, nil))
	require.NoError(t, b.Cancel(b.pb, second))
	close(block)
	require.NoError(t, b.Stop(context.Background()))

	of := func(id string) (all []queue.Change) {
		for _, change := range told {
			if change.ID == id {
				all = append(all, change)
			}
		}
		return all
	}
	assert.Equal(t, []queue.Change{
		{ID: id, UserID: b.users[0], Kind: "work", Status: queue.StatusPending, Action: queue.ActionCreate},
		{ID: id, UserID: b.users[0], Kind: "work", Status: queue.StatusCompleted, Action: queue.ActionUpdate},
	}, of(id))
	assert.Equal(t, []queue.Change{{ID: second, UserID: b.users[1], Kind: "work", Status: queue.StatusCancelled, Action: queue.ActionCreate, Updated: true}}, of(second))
	assert.True(t, slices.IndexFunc(told, func(c queue.Change) bool { return c.ID == id }) < slices.IndexFunc(told, func(c queue.Change) bool { return c.ID == second }))
}

func TestStats(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	b.dead(b.users[0], "dead")
	b.add(b.users[0], "done")
	b.claimAndComplete()
	b.add(b.users[0], "running")
	require.NotNil(t, b.claim("w"))
	b.add(b.users[1], "waiting")
	stats, err := b.Stats(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"pending": 1, "processing": 1, "completed": 1, "failed": 0, "dead": 1, "cancelled": 0}, stats.Statuses)
	assert.Equal(t, 1, stats.Waiting)
	require.NotNil(t, stats.Oldest)
	work := stats.Kinds["work"]
	assert.Equal(t, []int{1, 1, 0, 1}, []int{work.Pending, work.Processing, work.Failed, work.Dead})
	assert.Equal(t, 1, stats.Kinds["other"].Limit)
	jobs, err := b.List(t.Context(), queue.Selection{Status: queue.StatusDead}, 10)
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	assert.Equal(t, b.users[0]+"@example.com", jobs[0].Email)
	assert.Len(t, jobs[0].History, 1)
	everything, err := b.List(t.Context(), queue.Selection{}, 0)
	require.NoError(t, err)
	assert.Len(t, everything, 4)
}
