package worker_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

func TestSnoozedJobRunsAgainWithoutAPoll(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	var runs atomic.Int32
	h.start(func(context.Context, queue.Job, queue.Report) (any, error) {
		if runs.Add(1) == 1 {
			return nil, queue.Snooze("Wait.", 50*time.Millisecond)
		}
		return nil, nil
	})
	id := h.add(1)
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"), "the worker wakes when the job becomes due, long before the next poll")
	assert.Equal(t, []queue.Outcome{queue.OutcomeSnoozed, queue.Outcome(queue.StatusCompleted)}, h.outcomes(id))
}

func TestPollFindsJobsThatNothingAnnounced(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, noop)
	id, err := h.queue.Add(t.Context(), h.pb, h.user, "work", "{}") // without waking the worker
	require.NoError(t, err)
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"))
}

func TestPollCanBeAskedFor(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	w := h.startWith(worker.Config{PollInterval: time.Hour}, noop)
	id, err := h.queue.Add(t.Context(), h.pb, h.user, "work", "{}") // without waking the worker
	require.NoError(t, err)
	w.Poll()
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"))
}

func TestFrequentJobsDoNotPutOffTheRescueOfOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.startWith(worker.Config{PollInterval: 300 * time.Millisecond}, noop)
	h.waitUntilFinished(h.add(1))
	var waking sync.WaitGroup
	busy, stop := context.WithCancel(t.Context())
	defer waking.Wait()
	defer stop()
	waking.Go(func() {
		for busy.Err() == nil {
			h.queue.Wake()
			runtime.Gosched()
		}
	})
	orphan := h.addOrphan(2, "another process", -time.Second)
	assert.Equal(t, "completed", h.waitUntilFinished(orphan).GetString("status"))
}
