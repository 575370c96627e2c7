package queue_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJobIsClaimedOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 64)
	const jobs, workers = 40, 8
	for i := range jobs {
		h.add(h.users[i%3], fmt.Sprint(i))
	}
	var mu sync.Mutex
	claimed := map[string]int{}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				job, err := h.Claim(t.Context(), fmt.Sprint("worker-", w))
				if !assert.NoError(t, err) || job == nil {
					return
				}
				mu.Lock()
				claimed[job.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	assert.Len(t, claimed, jobs)
	for id, times := range claimed {
		assert.Equal(t, 1, times, id)
	}
}

func TestConcurrencyLimitHoldsAcrossWorkers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2)
	for i := range 5 {
		h.add(h.users[0], fmt.Sprint(i))
	}
	first, second := h.claim("one"), h.claim("two")
	require.NotNil(t, first)
	require.NotNil(t, second)
	assert.Nil(t, h.claim("three"), "two are running")
	require.NoError(t, h.Complete(t.Context(), *first, nil))
	assert.NotNil(t, h.claim("three"))
}

func TestHigherPriorityGoesFirst(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	h.add(h.users[0], "low")
	urgent := h.add(h.users[0], "urgent")
	require.NoError(t, h.Reschedule(h.pb, urgent, 5, h.record(urgent).GetString("run_at")))
	assert.Equal(t, urgent, h.claim("w").ID)
}

func TestScheduledJobWaitsForItsRunAt(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "later")
	require.NoError(t, h.Reschedule(h.pb, id, 0, h.clock.Now().Add(time.Hour).UTC().Format(types.DefaultDateLayout)))
	assert.Nil(t, h.claim("w"))
	at, ok, err := h.NextRun(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	assert.WithinDuration(t, h.clock.Now().Add(time.Hour), at, time.Second)
	h.clock.Advance(time.Hour + time.Second)
	require.NoError(t, h.Promote(t.Context()))
	assert.Equal(t, id, h.claim("w").ID)
}
