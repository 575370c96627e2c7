package queue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// newServiceHarness has the kinds "fetch" and "read", which need a service.
func newServiceHarness(t *testing.T, concurrency int) *harness {
	h := newHarness(t, concurrency)
	defineServiceKinds(h.Queue)
	h.clock.Advance(time.Hour) // PocketBase sets created from the real clock
	return h
}

func defineServiceKinds(q *queue.Queue) {
	for _, name := range []string{"fetch", "read"} {
		q.Define(queue.Kind{Name: name, Needs: "archive", MaxWait: time.Hour, Check: func(payload json.RawMessage) (string, error) {
			return string(payload), nil
		}})
	}
}

func (h *harness) pause(kind, user string, source queue.Source, reason string) {
	h.t.Helper()
	require.NoError(h.t, h.AddPause(h.t.Context(), queue.Pause{Kind: kind, UserID: user, Source: source, Reason: reason}))
}

func (h *harness) resume(kind, user string, source queue.Source) int {
	h.t.Helper()
	removed, err := h.RemovePauses(h.t.Context(), kind, user, source)
	require.NoError(h.t, err)
	return removed
}

func TestPauseOfANeedConcernsItsKinds(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 4)
	require.ErrorContains(t, h.Pause(t.Context(), "needs:nothing", ""), "needs:archive")
	h.addKind("fetch", h.users[0], "1")
	h.addKind("read", h.users[1], "2")
	other := h.add(h.users[0], "3")
	h.pause(queue.Needing("archive"), "", queue.SourceProvider, "The archive can't be reached.")
	assert.Equal(t, queue.Pauses{"fetch", "read"}, h.Paused())
	assert.Equal(t, other, h.claim("w").ID)
	assert.Nil(t, h.claim("w"))
	require.NoError(t, h.Pause(t.Context(), "fetch", "maintenance"))
	assert.Equal(t, 1, h.resume("needs:archive", "", queue.SourceProvider))
	assert.Equal(t, "read", h.claim("w").Kind)
	assert.Nil(t, h.claim("w"), "the operator's pause remains")
	require.NoError(t, h.Resume(t.Context(), "fetch", ""))
	assert.Equal(t, "fetch", h.claim("w").Kind)
	assert.Zero(t, h.resume("fetch", "", ""))
}

func TestPauseOfOneUserHoldsNobodyElse(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	u := h.users
	mine := []string{h.addKind("fetch", u[0], "1"), h.addKind("fetch", u[0], "2"), h.addKind("read", u[0], "3")}
	h.pause("needs:archive", u[0], queue.SourceKey, "The archive refused your key.")
	other := h.addKind("fetch", u[1], "4")
	later := h.addKind("fetch", u[0], "created during the pause")
	work := h.add(u[0], "5")
	job := h.claim("w")
	require.NotNil(t, job)
	assert.Equal(t, work, job.ID, "a kind that doesn't need the service")
	h.complete(job)
	job = h.claim("w")
	require.NotNil(t, job)
	assert.Equal(t, other, job.ID)
	h.complete(job)
	assert.Nil(t, h.claim("w"))
	assert.Equal(t, queue.Pauses{"fetch", "read"}, h.PausedFor(u[0]))
	assert.Empty(t, h.PausedFor(u[1]))

	for _, id := range append(mine, later) {
		assert.Equal(t, queue.StatusPending, h.status(id))
		assert.Zero(t, h.Position(t.Context(), h.record(id)), "it has no place in the queue")
	}
	overview, err := h.Overview(t.Context(), u[0])
	require.NoError(t, err)
	assert.Zero(t, overview.Waiting, "jobs that can't start don't wait for their turn")
	assert.Equal(t, queue.Pauses{"fetch", "read"}, overview.Paused)
	require.Len(t, overview.Pauses, 1)
	assert.Equal(t, "The archive refused your key.", overview.Pauses[0].Reason)
	_, ok, err := h.NextRun(t.Context())
	require.NoError(t, err)
	assert.False(t, ok, "the worker doesn't wake up for them")

	restarted := h.newQueue(queue.Config{Concurrency: 1})
	defineServiceKinds(restarted)
	require.NoError(t, restarted.Start(t.Context()))
	assert.Equal(t, queue.Pauses{"fetch", "read"}, restarted.PausedFor(u[0]))
	require.NoError(t, restarted.Stop(context.Background()))

	require.NoError(t, h.Cancel(h.pb, mine[1]))
	assert.Equal(t, 1, h.resume("needs:archive", u[0], queue.SourceKey))
	assert.Equal(t, []string{u[0], u[0], u[0]}, h.completeAll())
	require.NoError(t, h.Retry(h.pb, mine[1]))
	assert.Equal(t, mine[1], h.claim("w").ID)
}

func TestPausesFromDifferentSourcesEndSeparately(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	u := h.users[0]
	id := h.addKind("fetch", u, "1")
	h.pause("needs:archive", u, queue.SourceKey, "")
	h.pause("fetch", u, queue.SourceOperator, "")
	h.pause("fetch", u, "", "the same again")
	assert.Nil(t, h.claim("w"))
	assert.Equal(t, 1, h.resume("needs:archive", u, ""))
	assert.Nil(t, h.claim("w"))
	require.ErrorContains(t, h.Resume(t.Context(), "needs:archive", u), "current pauses: [fetch]")
	require.ErrorContains(t, h.Resume(t.Context(), "fetch", ""), "not paused", "the pause of a user isn't that of all")
	require.NoError(t, h.Resume(t.Context(), "fetch", u))
	assert.Equal(t, id, h.claim("w").ID)
}

func TestConcurrentEqualPausesAreOne(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			assert.NoError(t, h.AddPause(t.Context(), queue.Pause{Kind: "needs:archive", UserID: h.users[0], Source: queue.SourceKey}))
		})
	}
	callers.Wait()
	assert.Equal(t, 1, h.resume("needs:archive", h.users[0], queue.SourceKey))
	assert.Empty(t, h.PausedFor(h.users[0]))
}

func TestHeldJobLosesNothing(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	u := h.users[0]
	id := h.addKind("fetch", u, "1")
	h.snooze(h.claim("w"), queue.Snooze("", time.Minute))
	for day := range 10 { // far longer than the kind may wait
		job := h.claimDue(time.Minute)
		require.NotNil(t, job, "day %d", day)
		require.NoError(t, h.Progress(*job, "half way", 0.5))
		assert.Equal(t, 1, job.Attempt)
		h.pause("needs:archive", u, queue.SourceKey, "")
		status, err := h.Fail(t.Context(), *job, queue.Hold("The archive refused your key."))
		require.NoError(t, err)
		require.Equal(t, queue.StatusPending, status)
		assert.Nil(t, h.claimDue(24*time.Hour))
		assert.Equal(t, "The archive refused your key.", h.record(id).GetString("error"))
		assert.Equal(t, "half way", h.record(id).GetString("stage"))
		h.resume("needs:archive", u, queue.SourceKey)
		job = h.claim("w")
		require.NotNil(t, job, "it starts as soon as the pause ends")
		require.Equal(t, queue.StatusPending, h.snooze(job, queue.Snooze("Not yet.", time.Minute)), "the pause was no waiting time")
	}
	job := h.claimDue(time.Minute)
	h.pause("needs:archive", "", queue.SourceProvider, "")
	_, err := h.Fail(t.Context(), *job, queue.Hold("The archive is down."))
	require.NoError(t, err)
	assert.Nil(t, h.claim("w"))
	h.resume("needs:archive", "", queue.SourceProvider)
	job = h.claim("w")
	require.NotNil(t, job)
	h.complete(job)
	for _, run := range queue.ParseHistory(h.record(id).GetString("history")) {
		assert.Contains(t, []queue.Outcome{queue.OutcomeSnoozed, queue.OutcomeHeld, "completed"}, run.Outcome)
		assert.Equal(t, run.Outcome == "completed", run.Counts())
	}
}

func TestHeldJobWithoutAPauseRunsAgainAfterAWhile(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	h.addKind("fetch", h.users[0], "1")
	_, err := h.Fail(t.Context(), *h.claim("w"), queue.Hold("Not now."))
	require.NoError(t, err)
	assert.Nil(t, h.claim("w"), "it must not run in a tight loop")
	assert.NotNil(t, h.claimDue(10*time.Second))
}

// A claim goes through the users. It must not go through thousands of paused ones again and again.
func TestClaimsSeePausedUsersOnce(t *testing.T) {
	t.Parallel()
	const paused = 1000
	h := newServiceHarness(t, 4)
	for _, statement := range []string{
		`INSERT INTO users (id, email, tokenKey) SELECT 'p' || i, 'p' || i || '@example.com', 'p' || i FROM n`,
		`INSERT INTO queue_pauses (id, kind, user, source) SELECT 'p' || i, 'needs:archive', 'p' || i, 'key' FROM n`,
		`INSERT INTO global_queue (id, user, kind, payload, status, ready, max_attempts, run_at, dedupe_key, finished_at, created)
			SELECT 'p' || i || '-' || k.value, 'p' || i, k.value, '{}', 'pending', TRUE, 3, '2020', k.value || ':p' || i, '', '2020'
			FROM n, json_each('["fetch","read"]') AS k`,
	} {
		_, err := h.pb.NonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:n}) ` + statement).
			Bind(dbx.Params{"n": paused}).Execute()
		require.NoError(t, err)
	}
	require.NoError(t, h.LoadPauses(t.Context()))
	assert.Nil(t, h.claim("w"))
	var ready int
	require.NoError(t, h.pb.DB().NewQuery("SELECT COUNT(*) FROM global_queue WHERE ready = TRUE").Row(&ready))
	assert.Zero(t, ready, "no further claim reads them")
	stats, err := h.Stats(t.Context())
	require.NoError(t, err)
	assert.Equal(t, paused, stats.Total)
	assert.Len(t, stats.Pauses, 200)
	assert.Equal(t, stats.Pauses[0].UserID+"@example.com", stats.Pauses[0].Email)
	assert.Equal(t, 2*paused, stats.Statuses[queue.StatusPending])

	_, err = h.pb.NonconcurrentDB().NewQuery("DELETE FROM queue_pauses WHERE id != 'p7'").Execute()
	require.NoError(t, err)
	require.NoError(t, h.LoadPauses(t.Context()))
	assert.Len(t, h.completeAll(), 2*(paused-1))
}

// A pause may end while a claim sets its jobs aside.
func TestNoJobIsForgottenWhenPausesChangeDuringClaims(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 4)
	const jobs = 60
	for i := range jobs {
		h.addKind("fetch", h.users[i%3], fmt.Sprint(i))
	}
	stop := make(chan struct{})
	var pausing sync.WaitGroup
	pausing.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			user := h.users[i%3]
			assert.NoError(t, h.AddPause(context.Background(), queue.Pause{Kind: "fetch", UserID: user}))
			_, err := h.RemovePauses(context.Background(), "fetch", user, "")
			assert.NoError(t, err)
		}
	})
	done := 0
	for range 20 * jobs {
		if job := h.claim("w"); job != nil {
			h.complete(job)
			done++
		}
	}
	close(stop)
	pausing.Wait()
	assert.Equal(t, jobs, done+len(h.completeAll()))
}

func TestJobsOfAPauseThatEndedBeforeACrashAreReleased(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, 1)
	id := h.addKind("fetch", h.users[0], "1")
	h.pause("fetch", h.users[0], queue.SourceKey, "")
	require.Nil(t, h.claim("w"))
	_, err := h.pb.NonconcurrentDB().NewQuery("DELETE FROM queue_pauses").Execute()
	require.NoError(t, err)

	restarted := h.newQueue(queue.Config{Concurrency: 1})
	defineServiceKinds(restarted)
	require.NoError(t, restarted.Start(t.Context()))
	job, err := restarted.Claim(t.Context(), "w")
	require.NoError(t, err)
	require.NotNil(t, job)
	assert.Equal(t, id, job.ID)
	require.NoError(t, restarted.Stop(context.Background()))
}
