package worker_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

func TestJobsRunAndComplete(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.start(func(_ context.Context, job queue.Job, report queue.Report) (any, error) {
		report("working", 0.5)
		return map[string]string{"did": string(job.Payload)}, nil
	})
	id := h.add(1)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
	record := h.record(id)
	assert.JSONEq(t, `{"did":"{\"n\":1}"}`, record.GetString("result"))
	assert.False(t, record.GetDateTime("finished_at").IsZero())
	assert.Empty(t, record.GetString("worker_id"))
}

func TestWaitingJobsRunAfterStart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	for i := range 5 {
		h.add(i)
	}
	h.start(func(context.Context, queue.Job, queue.Report) (any, error) { return nil, nil })
	for range 5 {
		assert.Equal(t, queue.StatusCompleted, h.nextStatus())
	}
}

// Case C32: a panic ends only its own job.
func TestPanicFailsOnlyItsJob(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.start(func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) == `{"n":1}` {
			panic("boom")
		}
		return nil, nil
	})
	bad := h.add(1)
	assert.Equal(t, queue.StatusFailed, h.nextStatus())
	assert.NotContains(t, h.record(bad).GetString("error"), "boom")
	h.add(2)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
}

func TestJobOfAnUnknownKindBecomesDead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.start(nil)
	h.add(1)
	assert.Equal(t, queue.StatusDead, h.nextStatus())
}

func TestStopReleasesRunningJobs(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	running := make(chan struct{})
	w := h.start(func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	id := h.add(1)
	<-running
	require.NoError(t, w.Stop(t.Context()))
	record := h.record(id)
	assert.Equal(t, "pending", record.GetString("status"))
	assert.Zero(t, record.GetInt("attempts"))
	assert.Empty(t, record.GetString("claimed_at"))
	require.NoError(t, w.Stop(t.Context()), "stopping twice is harmless")
}

func TestStopReturnsAnErrorWhileAJobRuns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	running, release := make(chan struct{}), make(chan struct{})
	w := h.start(func(context.Context, queue.Job, queue.Report) (any, error) {
		close(running)
		<-release
		return nil, nil
	})
	h.add(1)
	<-running
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, w.Stop(ctx), context.Canceled)
	close(release)
}

func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	assert.NoError(t, worker.New(worker.Config{Queue: h.queue}).Stop(t.Context()))
}

func TestLostLeaseStopsTheJob(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 300*time.Millisecond)
	cause := make(chan error, 1)
	var runs atomic.Int32
	h.start(func(ctx context.Context, job queue.Job, _ queue.Report) (any, error) {
		if runs.Add(1) > 1 {
			return "second", nil
		}
		// Simulates another process that rescues the job.
		_, err := h.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET status='pending', ready=TRUE, worker_id='', claimed_at='', lease_expires_at=''").Execute()
		assert.NoError(t, err)
		h.queue.Wake()
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return "first", nil
	})
	id := h.add(1)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
	assert.ErrorIs(t, <-cause, queue.ErrLeaseLost)
	assert.Equal(t, `"second"`, h.record(id).GetString("result"), "the result of the first run is rejected")
}

func TestProgressReachesTheRecord(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	seen := make(chan string, 10)
	h.observe = func(change queue.Change) {
		record, err := h.queue.Find(change.ID)
		if assert.NoError(t, err) && record.GetString("stage") != "" {
			select {
			case seen <- record.GetString("stage"):
			default:
			}
		}
	}
	h.start(func(ctx context.Context, _ queue.Job, report queue.Report) (any, error) {
		report("halfway", 0.5)
		select {
		case stage := <-seen:
			return stage, nil
		case <-ctx.Done():
			return nil, errors.New("progress was not recorded")
		}
	})
	h.add(1)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
}

func TestJobsOfADeadProcessRunAfterRecover(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Hour)
	id := h.addOrphan(1, "dead", time.Hour)
	require.NoError(t, h.queue.Recover(t.Context()))
	h.start(noop)
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"))
	assert.Equal(t, []queue.Outcome{queue.OutcomeInterrupted, queue.Outcome(queue.StatusCompleted)}, h.outcomes(id))
}

func TestJobWithAnExpiredLeaseIsRescued(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, noop)
	id := h.addOrphan(1, "another process", -time.Second)
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"))
	assert.Equal(t, []queue.Outcome{queue.OutcomeInterrupted, queue.Outcome(queue.StatusCompleted)}, h.outcomes(id))
}

func TestResultThatIsTooLargeMakesTheJobDead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.start(func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) == `{"n":1}` {
			return strings.Repeat("x", 20<<10), nil
		}
		return nil, nil
	})
	h.add(1)
	assert.Equal(t, queue.StatusDead, h.nextStatus())
	h.add(2)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
}

func TestOutcomeIsRecordedOnceTheDatabaseAcceptsIt(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 200*time.Millisecond)
	var runs atomic.Int32
	full := make(chan struct{})
	h.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, func(context.Context, queue.Job, queue.Report) (any, error) {
		runs.Add(1)
		_, err := h.pb.NonconcurrentDB().NewQuery(`CREATE TRIGGER full BEFORE UPDATE ON global_queue WHEN NEW.status = 'completed'
			BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`).Execute()
		close(full)
		return nil, err
	})
	id := h.add(1)
	<-full
	refused := func() bool { return strings.Contains(h.log.String(), "failed to record the outcome of a job") }
	require.Eventually(t, refused, 20*time.Second, 10*time.Millisecond)
	_, err := h.pb.NonconcurrentDB().NewQuery("DROP TRIGGER full").Execute()
	require.NoError(t, err)
	assert.Equal(t, "completed", h.waitUntilFinished(id).GetString("status"))
	assert.EqualValues(t, 1, runs.Load(), "completed work is not repeated, although the lease expired")
}

func TestCancelledJobStops(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Hour) // so that no heartbeat notices the cancellation
	running := make(chan struct{})
	h.start(untilCancelled(running))
	id := h.add(1)
	<-running
	require.NoError(t, h.queue.Cancel(h.pb, id))
	record := h.waitUntilFinished(id)
	assert.Equal(t, "cancelled", record.GetString("status"))
	assert.Empty(t, record.GetString("error"))
	assert.Equal(t, []queue.Outcome{queue.Outcome(queue.StatusCancelled)}, h.outcomes(id))
}

func TestJobCancelledInAnotherProcessStopsAtItsNextHeartbeat(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 300*time.Millisecond)
	running := make(chan struct{})
	h.start(untilCancelled(running))
	id := h.add(1)
	<-running
	_, err := h.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET cancel_requested = TRUE").Execute()
	require.NoError(t, err)
	assert.Equal(t, "cancelled", h.waitUntilFinished(id).GetString("status"))
}

func TestShortJobsCompleteWhileTheServerStops(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	running, release := make(chan struct{}, 2), make(chan struct{})
	w := h.startWith(worker.Config{PollInterval: time.Hour, Drain: 20 * time.Second}, func(ctx context.Context, job queue.Job, _ queue.Report) (any, error) {
		running <- struct{}{}
		select {
		case <-release:
			return nil, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	})
	first, second := h.add(1), h.add(2)
	<-running
	<-running // in the second slot
	waiting := h.add(3)
	stopped := make(chan error, 1)
	go func() { stopped <- w.Stop(context.Background()) }()
	close(release)
	require.NoError(t, <-stopped)
	for _, id := range []string{first, second} {
		assert.Equal(t, "completed", h.record(id).GetString("status"))
	}
	if status := h.record(waiting).GetString("status"); status != "completed" { // it may have started before the stop
		assert.Equal(t, "pending", status)
		assert.Zero(t, h.record(waiting).GetInt("attempts"))
	}
}

func TestLongJobsAreReleasedAfterTheDrainTimeout(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	running := make(chan struct{})
	w := h.startWith(worker.Config{PollInterval: time.Hour, Drain: 50 * time.Millisecond}, func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		assert.ErrorIs(t, context.Cause(ctx), queue.ErrDraining)
		return nil, ctx.Err()
	})
	id := h.add(1)
	<-running
	require.NoError(t, w.Stop(t.Context()))
	assert.Equal(t, "pending", h.record(id).GetString("status"))
	assert.Zero(t, h.record(id).GetInt("attempts"), "the attempt is not counted")
	assert.Equal(t, []queue.Outcome{queue.OutcomeReleased}, h.outcomes(id))
}

func TestHandlerThatIgnoresItsContextLosesItsSlot(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	running, release := make(chan struct{}, 2), make(chan struct{})
	h.startWith(worker.Config{PollInterval: time.Hour, StuckAfter: 50 * time.Millisecond}, func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) != `{"n":3}` {
			running <- struct{}{}
			<-release
		}
		return "late", nil
	})
	t.Cleanup(func() { close(release) })
	first, second := h.add(1), h.add(2)
	<-running
	<-running // in the second slot
	for _, id := range []string{first, second} {
		require.NoError(t, h.queue.Cancel(h.pb, id))
	}
	third := h.add(3)
	assert.Equal(t, "completed", h.waitUntilFinished(third).GetString("status"))
	for _, id := range []string{first, second} {
		assert.Equal(t, "cancelled", h.waitUntilFinished(id).GetString("status"))
	}
	assert.Contains(t, h.log.String(), "job does not stop")
}

func TestJobThatTakesTooLongIsStoppedAndRetried(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.define(queue.Kind{Timeout: 50 * time.Millisecond})
	h.start(func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	id := h.add(1)
	assert.Equal(t, queue.StatusFailed, h.nextStatus())
	assert.Equal(t, "The job took too long. It will be retried automatically.", h.record(id).GetString("error"))
}

func TestDueScheduleCreatesAJob(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	collection, err := h.pb.FindCachedCollectionByNameOrId("job_schedules")
	require.NoError(t, err)
	schedule := core.NewRecord(collection)
	schedule.Set("kind", "work")
	schedule.Set("every", 3600)
	require.NoError(t, h.queue.PrepareSchedule(h.pb, schedule, h.user))
	schedule.Set("next_run_at", "2020-01-01 00:00:00.000Z")
	require.NoError(t, h.pb.Save(schedule))
	h.start(noop)
	assert.Equal(t, queue.StatusCompleted, h.nextStatus())
}

func TestStuckJobIsNotRetriedBesideItself(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	h.define(queue.Kind{Timeout: 50 * time.Millisecond})
	release := make(chan struct{})
	h.startWith(worker.Config{PollInterval: time.Hour, StuckAfter: 50 * time.Millisecond}, func(context.Context, queue.Job, queue.Report) (any, error) {
		<-release
		return nil, nil
	})
	t.Cleanup(func() { close(release) })
	id := h.add(1)
	assert.Equal(t, "dead", h.waitUntilFinished(id).GetString("status"))
	assert.Contains(t, h.record(id).GetString("error"), "could not be stopped")
}

func TestEndsOfRunsAreReported(t *testing.T) {
	t.Parallel()
	h := newHarness(t, time.Minute)
	type end struct {
		kind    string
		outcome queue.Outcome
	}
	ends := make(chan end, 10)
	cfg := worker.Config{PollInterval: time.Hour, Ended: func(kind string, outcome queue.Outcome, took time.Duration) {
		assert.GreaterOrEqual(t, took, time.Duration(0))
		ends <- end{kind, outcome}
	}}
	w := h.startWith(cfg, func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		switch string(job.Payload) {
		case `{"n":1}`:
			return nil, nil
		case `{"n":2}`:
			return nil, queue.Permanent("No.", nil)
		case `{"n":3}`:
			return nil, queue.Temporary("Not now.", nil, time.Hour)
		}
		return nil, queue.Snooze("waiting", time.Hour)
	})
	assert.NoError(t, w.Stalled())
	for n, want := range []queue.Outcome{queue.OutcomeSnoozed, "completed", "dead", "failed"} {
		h.add(n)
		select {
		case got := <-ends:
			assert.Equal(t, end{"work", want}, got)
		case <-time.After(20 * time.Second):
			t.Fatal("no run was reported")
		}
	}
	require.NoError(t, w.Stop(context.Background()))
	assert.ErrorIs(t, w.Stalled(), worker.ErrNotRunning)
}
