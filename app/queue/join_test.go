package queue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

const (
	shallow = `{"deep":false}`
	deep    = `{"deep":true}`
)

// newListHarness has a kind "list", of which a user has one active job at most. A deep list includes a shallow one.
func newListHarness(t *testing.T) *harness {
	h := newHarness(t, 1)
	h.Define(queue.Kind{
		Name: "list", MaxAttempts: 3,
		Check: func(json.RawMessage) (string, error) { return "", nil },
		Merge: func(active, requested json.RawMessage) (json.RawMessage, bool) {
			if string(active) == deep || string(requested) != deep {
				return active, false
			}
			return requested, true
		},
	})
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	return h
}

func (h *harness) list(payload string, opts queue.AddOptions) string {
	h.t.Helper()
	id, err := h.AddWith(h.t.Context(), h.pb, h.users[0], "list", payload, opts)
	require.NoError(h.t, err)
	return id
}

func (h *harness) complete(job *queue.Job) {
	h.t.Helper()
	require.NoError(h.t, h.Complete(h.t.Context(), *job, map[string]int{"attempt": job.Attempt}))
}

func TestEqualJobIsTheActiveOne(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2)
	first := h.add(h.users[0], "x")
	assert.Equal(t, first, h.add(h.users[0], "x"))
	assert.NotEqual(t, first, h.add(h.users[1], "x"), "another user's job")
	job := h.claim("w")
	require.Equal(t, first, job.ID)
	assert.Equal(t, first, h.add(h.users[0], "x"), "also while it runs")
	h.complete(job)
	assert.Equal(t, queue.StatusCompleted, h.status(first), "nothing has asked for another run")
	assert.NotEqual(t, first, h.add(h.users[0], "x"), "an ended job is over")
}

func TestConcurrentEqualJobsAreOne(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	ids := make([]string, 16)
	var callers sync.WaitGroup
	for i := range ids {
		callers.Go(func() {
			var err error
			ids[i], err = h.Add(t.Context(), h.pb, h.users[0], "work", `{"n":"same"}`)
			assert.NoError(t, err)
		})
	}
	callers.Wait()
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	require.NotNil(t, h.claim("w"))
	assert.Nil(t, h.claim("w"))
}

func TestRequestChangesAWaitingJob(t *testing.T) {
	t.Parallel()
	h := newListHarness(t)
	id := h.list(shallow, queue.AddOptions{})
	assert.Equal(t, id, h.list(deep, queue.AddOptions{Again: true}))
	assert.Equal(t, id, h.list(shallow, queue.AddOptions{}), "a smaller request changes nothing")
	job := h.claim("w")
	assert.JSONEq(t, deep, string(job.Payload))
	h.complete(job)
	assert.Equal(t, queue.StatusCompleted, h.status(id), "its only run did everything")
}

func TestRequestWhileTheJobRunsLeadsToAnotherRun(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(*harness, *queue.Job) *queue.Job{
		"complete": func(h *harness, job *queue.Job) *queue.Job {
			h.complete(job)
			return h.claim("w")
		},
		"complete and claim": func(h *harness, job *queue.Job) *queue.Job {
			next, err := h.CompleteAndClaim(h.t.Context(), *job, nil)
			require.NoError(h.t, err)
			return next
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newListHarness(t)
			id := h.list(shallow, queue.AddOptions{})
			_, err := h.Fail(t.Context(), *h.claim("w"), queue.Temporary("No.", nil, 0))
			require.NoError(t, err)
			first := h.claimDue(time.Hour)
			require.Equal(t, 2, first.Attempt)
			require.NoError(t, h.Progress(*first, "half way", 0.5))
			for range 3 {
				assert.Equal(t, id, h.list(deep, queue.AddOptions{}))
			}
			assert.JSONEq(t, shallow, string(first.Payload))

			second := finish(h, first)
			require.NotNil(t, second)
			assert.Equal(t, id, second.ID)
			assert.JSONEq(t, deep, string(second.Payload))
			assert.Equal(t, []int{1, 3}, []int{second.Attempt, second.MaxAttempts}, "it has the attempts of a new job")
			assert.Zero(t, second.Progress)
			require.ErrorIs(t, h.Complete(t.Context(), *first, nil), queue.ErrLeaseLost)
			h.complete(second)
			assert.Equal(t, queue.StatusCompleted, h.status(id), "three requests need one further run")
			var outcomes []queue.Outcome
			for _, run := range queue.ParseHistory(h.record(id).GetString("history")) {
				outcomes = append(outcomes, run.Outcome)
			}
			assert.Equal(t, []queue.Outcome{"failed", "completed", "completed"}, outcomes)
		})
	}
}

func TestHintRepeatsAJobThatHasBegun(t *testing.T) {
	t.Parallel()
	h := newListHarness(t)
	hint := func() { h.list(shallow, queue.AddOptions{Again: true}) }
	id := h.list(shallow, queue.AddOptions{})
	hint() // it will see everything
	h.snooze(h.claim("w"), queue.Snooze("", time.Minute))
	hint() // it may be past the place
	job := h.claimDue(time.Minute)
	hint()
	h.complete(job)
	require.Equal(t, queue.StatusPending, h.status(id))
	h.complete(h.claim("w"))
	assert.Equal(t, queue.StatusCompleted, h.status(id))
}

func TestJobThatIsRequestedWhileItIsCancelledRunsOnceMore(t *testing.T) {
	t.Parallel()
	h := newListHarness(t)
	id := h.list(shallow, queue.AddOptions{})
	job := h.claim("w")
	h.list(shallow, queue.AddOptions{Again: true})
	require.NoError(t, h.Cancel(h.pb, id))
	require.NoError(t, h.Cancelled(t.Context(), *job))
	assert.Equal(t, queue.StatusCancelled, h.status(id), "the cancellation came last")

	id = h.list(shallow, queue.AddOptions{})
	job = h.claim("w")
	require.NoError(t, h.Cancel(h.pb, id))
	assert.Equal(t, id, h.list(shallow, queue.AddOptions{}))
	require.NoError(t, h.Cancelled(t.Context(), *job))
	require.Equal(t, queue.StatusPending, h.status(id), "the request came last")
	job = h.claim("w")
	require.NoError(t, h.Heartbeat(t.Context(), *job), "the new run is not being cancelled")
	h.complete(job)
	assert.Equal(t, queue.StatusCompleted, h.status(id))
}

func TestFailureEndsTheRequestsForAnotherRun(t *testing.T) {
	t.Parallel()
	h := newListHarness(t)
	id := h.list(shallow, queue.AddOptions{})
	job := h.claim("w")
	h.list(deep, queue.AddOptions{})
	_, err := h.Fail(t.Context(), *job, queue.Permanent("Never.", errors.New("cause")))
	require.NoError(t, err)
	require.NoError(t, h.Retry(h.pb, id))
	job = h.claim("w")
	assert.JSONEq(t, deep, string(job.Payload))
	h.complete(job)
	assert.Equal(t, queue.StatusCompleted, h.status(id))
}

func TestEarlierRequestBringsAJobForward(t *testing.T) {
	t.Parallel()
	h := newListHarness(t)
	in := func(d time.Duration) queue.AddOptions { return queue.AddOptions{RunAt: h.clock.Now().Add(d)} }
	id := h.list(shallow, in(2*time.Hour))
	assert.Equal(t, id, h.list(shallow, in(time.Hour)))
	assert.Equal(t, id, h.list(shallow, in(3*time.Hour)))
	assert.Nil(t, h.claim("w"))
	job := h.claimDue(time.Hour)
	require.NotNil(t, job)
	h.snooze(job, queue.Snooze("", time.Minute))
	h.list(shallow, queue.AddOptions{})
	assert.Nil(t, h.claim("w"), "a job that waits between two runs isn't disturbed")
	h.complete(h.claimDue(time.Minute))

	id = h.list(shallow, in(time.Hour))
	h.list(shallow, queue.AddOptions{})
	assert.Equal(t, id, h.claim("w").ID)
}

func TestOwnersCreateNoInternalJobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	check := func(payload json.RawMessage) (string, error) { return string(payload), nil }
	h.Define(queue.Kind{Name: "secret.chore", Internal: true, Check: check})
	h.Define(queue.Kind{Name: "texts", Check: check, OwnerCheck: func(payload json.RawMessage) error {
		if string(payload) == `{}` {
			return errors.New("Name a meeting.")
		}
		return nil
	}})
	prepare := func(kind, payload string) error {
		collection, err := h.pb.FindCachedCollectionByNameOrId("global_queue")
		require.NoError(t, err)
		record := core.NewRecord(collection)
		record.Set("kind", kind)
		record.Set("payload", payload)
		_, err = h.Prepare(h.pb, record, h.users[0])
		return err
	}
	for kind, message := range map[string]string{"secret.chore": `Unknown job kind "secret.chore". Use one of other, texts, work.`, "texts": "Name a meeting."} {
		var invalid *queue.InvalidJob
		require.ErrorAs(t, prepare(kind, `{}`), &invalid)
		assert.Equal(t, message, invalid.Message)
		_, err := h.schedule(h.users[0], kind, `{}`, time.Hour)
		require.ErrorAs(t, err, &invalid)
	}
	require.NoError(t, prepare("texts", `{"meeting":1}`))

	_, err := h.pb.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3999)
		INSERT INTO global_queue (id, user, kind, status, dedupe_key, finished_at, run_at)
		SELECT printf('job%012d', i), {:user}, kind, 'pending', kind || ':' || i, '', 'z'
		FROM (SELECT i, CASE WHEN i < 2000 THEN 'work' ELSE 'secret.chore' END AS kind FROM n)`).Bind(dbx.Params{"user": h.users[0]}).Execute()
	require.NoError(t, err)
	add := func(kind, payload string) error {
		_, err := h.Add(t.Context(), h.pb, h.users[0], kind, payload)
		return err
	}
	require.NoError(t, add("work", `{"n":"last"}`), "internal jobs don't count")
	err = add("work", `{"n":"too many"}`)
	var invalid *queue.InvalidJob
	require.ErrorAs(t, err, &invalid)
	assert.Contains(t, invalid.Message, fmt.Sprint(2000))
	require.ErrorAs(t, add("texts", `{"meeting":1}`), &invalid)
	require.NoError(t, add("work", `{"n":"last"}`), "an active job can always be joined")
	require.NoError(t, add("secret.chore", `{}`))
	require.NoError(t, add("texts", `{}`))
	assert.False(t, strings.Contains(invalid.Message, "secret"))
}
