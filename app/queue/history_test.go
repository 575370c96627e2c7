package queue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	_, err := h.Fail(t.Context(), *h.claim("first"), queue.Temporary("Not today.", errors.New("driver text"), 0))
	require.NoError(t, err)
	h.clock.Advance(time.Hour)
	require.NoError(t, h.Promote(t.Context()))
	require.NotNil(t, h.claim("second"))
	h.clock.Advance(2 * time.Minute)
	require.NoError(t, h.Rescue(t.Context(), isRunningNowhere))
	require.NoError(t, h.Complete(t.Context(), *h.claim("third"), nil))

	history := queue.ParseHistory(h.record(id).GetString("history"))
	require.Len(t, history, 3)
	for i, want := range []queue.Attempt{
		{Attempt: 1, Worker: "first", Outcome: queue.Outcome(queue.StatusFailed), Error: "Not today."},
		{Attempt: 2, Worker: "second", Outcome: queue.OutcomeInterrupted, Error: "The job was interrupted."},
		{Attempt: 3, Worker: "third", Outcome: queue.Outcome(queue.StatusCompleted)},
	} {
		want.Started, want.Ended = history[i].Started, history[i].Ended
		assert.Equal(t, want, history[i])
		assert.LessOrEqual(t, history[i].Started, history[i].Ended)
	}
}

func TestHistoryKeepsTheLatestAttempts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	for i := range 25 {
		_, err := h.Release(t.Context(), *h.claim(fmt.Sprint(i)))
		require.NoError(t, err)
	}
	history := queue.ParseHistory(h.record(id).GetString("history"))
	require.Len(t, history, 20)
	assert.Equal(t, "24", history[19].Worker, "the latest attempts are kept")
}
