package queue_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// drain claims and completes everything and returns whose jobs came in which order.
func (b *bench) drain() (users []string) {
	b.t.Helper()
	for {
		job := b.claim("w")
		if job == nil {
			return users
		}
		users = append(users, job.UserID)
		require.NoError(b.t, b.Complete(b.t.Context(), *job, nil))
	}
}

func TestOneOfAnotherUserWaitsForAtMostOneRunningJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	for i := range 500 {
		b.add(b.users[0], fmt.Sprint(i))
	}
	running := b.claim("w")
	require.NotNil(t, running)
	single := b.add(b.users[1], "only one")
	require.NoError(t, b.Complete(t.Context(), *running, nil))
	assert.Equal(t, single, b.claim("w").ID)
}

func TestEverybodyTakesTurnsWhateverTheirIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	for i := range 3 {
		for _, user := range []int{2, 0, 1} {
			b.add(b.users[user], fmt.Sprint(i, user))
		}
	}
	u := b.users
	assert.Equal(t, []string{u[0], u[1], u[2], u[0], u[1], u[2], u[0], u[1], u[2]}, b.drain())
}

func TestAPriorityHasTurnsOfItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	u := b.users
	for i := range 2 {
		for _, user := range u {
			b.add(user, fmt.Sprint("low", i))
		}
	}
	b.claimAndComplete() // of the first user
	for range 2 {
		urgent := b.add(u[2], fmt.Sprint("urgent", b.clock.Now().UnixNano()))
		require.NoError(t, b.Reschedule(b.pb, urgent, 1, b.record(urgent).GetString("run_at")))
	}
	assert.Equal(t, []string{u[2], u[2], u[1], u[2], u[0], u[1], u[2]}, b.drain(), "who comes next doesn't depend on what was urgent")
}

func (b *bench) claimAndComplete() {
	b.t.Helper()
	require.NoError(b.t, b.Complete(b.t.Context(), *b.claim("w"), nil))
}

func TestAKindHasALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	for i := range 3 {
		b.addKind("other", b.users[i], fmt.Sprint(i))
	}
	work := b.add(b.users[2], "work")
	first := b.claim("w")
	assert.Equal(t, "other", first.Kind)
	assert.Equal(t, work, b.claim("w").ID, "only kinds that have a free place")
	assert.Nil(t, b.claim("w"))
	require.NoError(t, b.Complete(t.Context(), *first, nil))
	assert.Equal(t, "other", b.claim("w").Kind)
}

func TestALimitOfTheSettingsReplacesThatOfTheKind(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	b.Queue = b.another(queue.Config{Concurrency: 4, KindLimits: map[string]int{"other": 2}})
	for i := range 3 {
		b.addKind("other", b.users[i], fmt.Sprint(i))
	}
	require.NotNil(t, b.claim("w"))
	require.NotNil(t, b.claim("w"))
	assert.Nil(t, b.claim("w"))
}

func TestAUserHasALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, 4)
	b.Queue = b.another(queue.Config{Concurrency: 4, PerUser: 1})
	u := b.users
	for i := range 3 {
		urgent := b.add(u[1], fmt.Sprint(i))
		require.NoError(t, b.Reschedule(b.pb, urgent, 2, b.record(urgent).GetString("run_at")))
	}
	b.add(u[0], "first")
	b.add(u[0], "second")
	b.add(u[2], "third")
	assert.Equal(t, u[1], b.claim("w").UserID)
	assert.Equal(t, u[0], b.claim("w").UserID, "those at their limit are passed over, also down the priorities")
	assert.Equal(t, u[2], b.claim("w").UserID)
	assert.Nil(t, b.claim("w"))
}

// Every process has a Queue of its own; they share nothing but the database.
func TestLimitsHoldOverProcesses(t *testing.T) {
	t.Parallel()
	const processes, jobs, limit = 6, 120, 3
	b := newBench(t, 1)
	for i := range jobs {
		b.add(b.users[i%3], fmt.Sprint(i))
	}
	for i := range 10 {
		b.addKind("other", b.users[i%3], fmt.Sprint(i))
	}
	var most, done atomic.Int32
	var wg sync.WaitGroup
	for p := range processes {
		q := b.another(queue.Config{Concurrency: limit, PerUser: 2})
		t.Cleanup(func() { assert.NoError(t, q.Stop(t.Context())) })
		wg.Go(func() {
			for done.Load() < jobs+10 {
				job, err := q.Claim(t.Context(), fmt.Sprint("process-", p))
				if !assert.NoError(t, err) {
					return
				}
				if job == nil {
					continue
				}
				var now, others int32
				err = b.pb.NonconcurrentDB().NewQuery(`SELECT COUNT(*), COUNT(CASE WHEN kind = 'other' THEN 1 END)
					FROM global_queue WHERE status = 'processing'`).Row(&now, &others)
				if !assert.NoError(t, err) {
					return
				}
				assert.LessOrEqual(t, others, int32(1), "the limit of the kind")
				for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
				}
				if !assert.NoError(t, q.Complete(t.Context(), *job, nil)) {
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	assert.LessOrEqual(t, most.Load(), int32(limit))
	assert.Greater(t, most.Load(), int32(1), "several did run at once")
}

func TestPositionsAndEstimates(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	first := b.add(b.users[0], "1")
	assert.Empty(t, b.Outlook(t.Context(), b.record(first)).EstimatedStart, "nothing is known yet")
	job := b.claim("w")
	b.clock.Advance(time.Minute)
	require.NoError(t, b.Complete(t.Context(), *job, nil))

	for i := range 3 {
		b.add(b.users[0], fmt.Sprint("x", i))
	}
	last := b.add(b.users[1], "y")
	seconds := func(at string) float64 {
		parsed, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		return parsed.Sub(b.clock.Now()).Seconds()
	}
	outlook := b.Outlook(t.Context(), b.record(last))
	assert.Equal(t, 1, outlook.Position, "the first user has just had a turn")
	assert.InDelta(t, 0, seconds(outlook.EstimatedStart), 2)
	assert.InDelta(t, 60, seconds(outlook.EstimatedEnd), 2)

	running := b.claim("w")
	require.Equal(t, last, running.ID)
	require.NoError(t, b.Progress(t.Context(), *running, "half", 0.5))
	b.clock.Advance(10 * time.Second)
	assert.InDelta(t, 10, seconds(b.Outlook(t.Context(), b.record(last)).EstimatedEnd), 2, "its own progress says more than the average")
	overview, err := b.Overview(t.Context(), b.users[0])
	require.NoError(t, err)
	assert.Equal(t, 1, overview.Running)
	assert.Equal(t, 3, overview.Waiting)
	require.Len(t, overview.Jobs, 3)
	for i, job := range overview.Jobs {
		assert.Equal(t, i+1, job.Position)
		assert.InDelta(t, 10+60*float64(i), seconds(job.EstimatedStart), 3)
	}
	require.NoError(t, b.Pause(t.Context(), queue.AllKinds, ""))
	assert.Empty(t, b.Outlook(t.Context(), b.record(overview.Jobs[0].ID)).EstimatedStart, "a pause has no known end")
}
