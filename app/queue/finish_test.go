package queue_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

func TestFailSetsTheStatusByTheError(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)

	permanent := h.add(h.users[0], "permanent")
	status, err := h.Fail(t.Context(), *h.claim("w"), queue.Permanent("No.", errors.New("cause")))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusDead, status)
	assert.Equal(t, "No.", h.record(permanent).GetString("error"))

	snoozed := h.add(h.users[0], "snoozed")
	status, err = h.Fail(t.Context(), *h.claim("w"), queue.Snooze("Not yet.", time.Minute))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusPending, status)
	assert.Zero(t, h.record(snoozed).GetInt("attempts"), "a snooze is not counted as an attempt")
	assert.Nil(t, h.claim("w"))
	h.clock.Advance(61 * time.Second)
	require.NoError(t, h.Promote(t.Context()))
	require.NoError(t, h.Complete(t.Context(), *h.claim("w"), nil))

	retried := h.add(h.users[0], "retried")
	for attempt := 1; attempt <= 3; attempt++ {
		job := h.claim("w")
		require.NotNil(t, job, attempt)
		assert.Equal(t, attempt, job.Attempt)
		status, err = h.Fail(t.Context(), *job, errors.New("some driver text"))
		require.NoError(t, err)
		if attempt < 3 {
			assert.Equal(t, queue.StatusFailed, status)
			assert.Nil(t, h.claim("w"), "not before its backoff has passed")
			h.clock.Advance(time.Hour)
			require.NoError(t, h.Promote(t.Context()))
		}
	}
	assert.Equal(t, queue.StatusDead, h.status(retried))
	assert.NotContains(t, h.record(retried).GetString("error"), "driver text", "the cause is only for the log")
}

// A handler that was stopped at its timeout may return a snooze, which the worker wraps in a failure.
func TestOutermostHandlerErrorDecides(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	snooze := queue.Snooze("Not yet.", time.Minute)
	for i, test := range []struct {
		err  error
		want queue.Status
	}{
		{fmt.Errorf("download: %w", snooze), queue.StatusPending},
		{queue.Temporary("Too slow.", snooze, 0), queue.StatusFailed},
		{queue.Permanent("Too slow.", snooze), queue.StatusDead},
		{fmt.Errorf("download: %w", queue.Permanent("No.", nil)), queue.StatusDead},
	} {
		h.add(h.users[0], fmt.Sprint(i))
		status, err := h.Fail(t.Context(), *h.claim("w"), test.err)
		require.NoError(t, err)
		assert.Equal(t, test.want, status, test.err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	_, err := h.Fail(t.Context(), *h.claim("w"), queue.Temporary("Slow down.", nil, 2*time.Hour))
	require.NoError(t, err)
	assert.False(t, h.record(id).GetDateTime("run_at").Time().Before(h.clock.Now().Add(2*time.Hour-time.Second)))
}

func TestCompleteAndClaim(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	first, second := h.add(h.users[0], "1"), h.add(h.users[1], "2")
	job := h.claim("w")
	next, err := h.CompleteAndClaim(t.Context(), *job, map[string]int{"n": 1})
	require.NoError(t, err)
	require.NotNil(t, next)
	assert.Equal(t, second, next.ID)
	assert.Equal(t, queue.StatusCompleted, h.status(first))
	assert.Equal(t, queue.StatusProcessing, h.status(second))
	_, err = h.CompleteAndClaim(t.Context(), *job, nil)
	require.ErrorIs(t, err, queue.ErrLeaseLost)
	var failure *queue.Failure
	_, err = h.CompleteAndClaim(t.Context(), *next, strings.Repeat("x", 20<<10))
	require.ErrorAs(t, err, &failure)
	last, err := h.CompleteAndClaim(t.Context(), *next, nil)
	require.NoError(t, err)
	assert.Nil(t, last)
	assert.Equal(t, queue.StatusCompleted, h.status(second))
}

func TestReleaseDoesNotCountTheAttempt(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	status, err := h.Release(t.Context(), *h.claim("w"))
	require.NoError(t, err)
	assert.Equal(t, queue.StatusPending, status)
	assert.Equal(t, queue.StatusPending, h.status(id))
	assert.Equal(t, 1, h.claim("w").Attempt)
}
