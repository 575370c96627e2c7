package queue_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestKindLimit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	for i := range 3 {
		h.addKind("other", h.users[i], fmt.Sprint(i))
	}
	work := h.add(h.users[2], "work")
	first := h.claim("w")
	assert.Equal(t, "other", first.Kind)
	assert.Equal(t, work, h.claim("w").ID, "a kind at its limit is passed over")
	assert.Nil(t, h.claim("w"))
	require.NoError(t, h.Complete(t.Context(), *first, nil))
	assert.Equal(t, "other", h.claim("w").Kind)
}

func TestConfiguredLimitReplacesTheKindsOwn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.Queue = h.newQueue(queue.Config{Concurrency: 4, KindLimits: map[string]int{"other": 2}})
	for i := range 3 {
		h.addKind("other", h.users[i], fmt.Sprint(i))
	}
	require.NotNil(t, h.claim("w"))
	require.NotNil(t, h.claim("w"))
	assert.Nil(t, h.claim("w"))
}

func TestUserLimit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 4)
	h.Queue = h.newQueue(queue.Config{Concurrency: 4, PerUser: 1})
	u := h.users
	for i := range 3 {
		urgent := h.add(u[1], fmt.Sprint(i))
		require.NoError(t, h.Reschedule(h.pb, urgent, 2, h.record(urgent).GetString("run_at")))
	}
	h.add(u[0], "first")
	h.add(u[0], "second")
	h.add(u[2], "third")
	assert.Equal(t, u[1], h.claim("w").UserID)
	assert.Equal(t, u[0], h.claim("w").UserID, "users at their limit are passed over, at every priority")
	assert.Equal(t, u[2], h.claim("w").UserID)
	assert.Nil(t, h.claim("w"))
}

// Each process has a Queue of its own; they share only the database.
func TestLimitsHoldAcrossProcesses(t *testing.T) {
	t.Parallel()
	const processes, jobs, limit = 6, 120, 3
	h := newHarness(t, 1)
	for i := range jobs {
		h.add(h.users[i%3], fmt.Sprint(i))
	}
	for i := range 10 {
		h.addKind("other", h.users[i%3], fmt.Sprint(i))
	}
	var most, done atomic.Int32
	var wg sync.WaitGroup
	for p := range processes {
		q := h.newQueue(queue.Config{Concurrency: limit, PerUser: 2})
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
				err = h.pb.NonconcurrentDB().NewQuery(`SELECT COUNT(*), COUNT(CASE WHEN kind = 'other' THEN 1 END)
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
	assert.Greater(t, most.Load(), int32(1), "jobs ran concurrently")
}
