package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(tortureDir); dir != "" {
		tortureProcess(dir, os.Getenv(tortureEffects))
		return
	}
	goleak.VerifyTestMain(m)
}

// bench is a worker on a queue on a database of its own.
type bench struct {
	t     *testing.T
	pb    *core.BaseApp
	queue *queue.Queue
	user  string
	ended chan string // statuses of jobs that changed and don't run, the last one in each round

	log      log
	watchers []func(queue.Change)
}

func newBench(t *testing.T, lease time.Duration) *bench {
	t.Helper()
	b := &bench{t: t, pb: queuetest.Open(t), user: queuetest.Users[0], ended: make(chan string, 100)}
	b.queue = queue.New(queue.Config{App: b.pb, Concurrency: 2, Lease: lease})
	b.queue.Define(queue.Kind{Name: "work", MaxAttempts: 2, Check: func(p json.RawMessage) (string, error) { return string(p), nil }})
	b.queue.OnChange(func(_ context.Context, changes []queue.Change) {
		for _, change := range changes {
			if change.Action == queue.ActionUpdate && change.Status != queue.StatusProcessing {
				b.ended <- change.Status
			}
			for _, watch := range b.watchers {
				watch(change)
			}
		}
	})
	t.Cleanup(func() { require.NoError(t, b.queue.Stop(context.Background())) })
	return b
}

func (b *bench) start(handler queue.Handler) *worker.Worker {
	b.t.Helper()
	return b.startWith(worker.Config{PollInterval: time.Hour}, handler) // nothing may depend on the poll
}

func (b *bench) startWith(cfg worker.Config, handler queue.Handler) *worker.Worker {
	b.t.Helper()
	cfg.Queue, cfg.Logger = b.queue, slog.New(slog.NewTextHandler(&b.log, nil))
	w := worker.New(cfg)
	if handler != nil {
		w.Handle("work", handler)
	}
	require.NoError(b.t, b.queue.Start(b.t.Context()))
	require.NoError(b.t, w.Start(b.t.Context()))
	b.t.Cleanup(func() { require.NoError(b.t, w.Stop(context.Background())) })
	return w
}

// outcomes are those of a job's attempts.
func (b *bench) outcomes(id string) (outcomes []string) {
	b.t.Helper()
	for _, attempt := range queue.ParseHistory(b.record(id).GetString("history")) {
		outcomes = append(outcomes, attempt.Outcome)
	}
	return outcomes
}

// finished waits until a job has ended.
func (b *bench) finished(id string) *core.Record {
	b.t.Helper()
	for {
		if record := b.record(id); queue.IsFinished(record.GetString("status")) {
			return record
		}
		b.next()
	}
}

// log is what a worker says.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (b *bench) add(n int) string {
	b.t.Helper()
	id, err := b.queue.Add(b.t.Context(), b.pb, b.user, "work", fmt.Sprintf(`{"n":%d}`, n))
	require.NoError(b.t, err)
	b.queue.Wake()
	return id
}

func (b *bench) next() string {
	b.t.Helper()
	select {
	case status := <-b.ended:
		return status
	case <-time.After(20 * time.Second):
		b.t.Fatal("no job ended")
		return ""
	}
}

func (b *bench) record(id string) *core.Record {
	b.t.Helper()
	record, err := b.pb.FindRecordById("global_queue", id)
	require.NoError(b.t, err)
	return record
}

func TestJobsRunAndComplete(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.start(func(_ context.Context, job queue.Job, report queue.Report) (any, error) {
		report("working", 0.5)
		return map[string]string{"did": string(job.Payload)}, nil
	})
	id := b.add(1)
	assert.Equal(t, "completed", b.next())
	record := b.record(id)
	assert.JSONEq(t, `{"did":"{\"n\":1}"}`, record.GetString("result"))
	assert.False(t, record.GetDateTime("finished_at").IsZero())
	assert.Empty(t, record.GetString("worker_id"))
}

func TestJobsThatWaitedAreTakenAtTheStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	for i := range 5 {
		b.add(i)
	}
	b.start(func(context.Context, queue.Job, queue.Report) (any, error) { return nil, nil })
	for range 5 {
		assert.Equal(t, "completed", b.next())
	}
}

func TestAPanicFailsOnlyItsJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.start(func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) == `{"n":1}` {
			panic("boom")
		}
		return nil, nil
	})
	bad := b.add(1)
	assert.Equal(t, "failed", b.next())
	assert.NotContains(t, b.record(bad).GetString("error"), "boom")
	b.add(2)
	assert.Equal(t, "completed", b.next())
}

func TestAnUnknownKindIsDead(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.start(nil)
	b.add(1)
	assert.Equal(t, "dead", b.next())
}

func TestStopHandsJobsBack(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	running := make(chan struct{})
	w := b.start(func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	id := b.add(1)
	<-running
	require.NoError(t, w.Stop(t.Context()))
	record := b.record(id)
	assert.Equal(t, "pending", record.GetString("status"))
	assert.Zero(t, record.GetInt("attempts"))
	assert.Empty(t, record.GetString("claimed_at"))
	require.NoError(t, w.Stop(t.Context()), "stopping twice is harmless")
}

func TestStopSaysWhenAJobWontEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	running, release := make(chan struct{}), make(chan struct{})
	w := b.start(func(context.Context, queue.Job, queue.Report) (any, error) {
		close(running)
		<-release
		return nil, nil
	})
	b.add(1)
	<-running
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, w.Stop(ctx), context.Canceled)
	close(release)
}

func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	assert.NoError(t, worker.New(worker.Config{Queue: b.queue}).Stop(t.Context()))
}

func TestALostLeaseEndsTheWork(t *testing.T) {
	t.Parallel()
	b := newBench(t, 300*time.Millisecond)
	cause := make(chan error, 1)
	var runs atomic.Int32
	b.start(func(ctx context.Context, job queue.Job, _ queue.Report) (any, error) {
		if runs.Add(1) > 1 {
			return "second", nil
		}
		// Another process takes the job away.
		_, err := b.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET status='pending', ready=TRUE, worker_id='', claimed_at='', lease_expires_at=''").Execute()
		assert.NoError(t, err)
		b.queue.Wake()
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return "first", nil
	})
	id := b.add(1)
	assert.Equal(t, "completed", b.next())
	assert.ErrorIs(t, <-cause, queue.ErrLeaseLost)
	assert.Equal(t, `"second"`, b.record(id).GetString("result"), "the first run's late result was refused")
}

func TestProgressReachesTheRecord(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	seen := make(chan string, 10)
	b.watchers = append(b.watchers, func(change queue.Change) {
		record, err := b.queue.Find(change.ID)
		if assert.NoError(t, err) && record.GetString("stage") != "" {
			select {
			case seen <- record.GetString("stage"):
			default:
			}
		}
	})
	b.start(func(ctx context.Context, _ queue.Job, report queue.Report) (any, error) {
		report("half way", 0.5)
		select {
		case stage := <-seen:
			return stage, nil
		case <-ctx.Done():
			return nil, errors.New("no progress was recorded")
		}
	})
	b.add(1)
	assert.Equal(t, "completed", b.next())
}

// orphan leaves a job as a process that is gone has left it.
func (b *bench) orphan(n int, worker string, lease time.Duration) string {
	b.t.Helper()
	id := b.add(n)
	_, err := b.pb.NonconcurrentDB().NewQuery(`UPDATE global_queue SET status = 'processing', worker_id = {:worker},
		claimed_at = {:now}, started_at = {:now}, lease_expires_at = {:lease}, attempts = 1, claims = 1, ready = FALSE WHERE id = {:id}`).
		Bind(dbx.Params{"id": id, "worker": worker, "now": time.Now().UTC().Format(types.DefaultDateLayout),
			"lease": time.Now().Add(lease).UTC().Format(types.DefaultDateLayout)}).Execute()
	require.NoError(b.t, err)
	return id
}

func noop(context.Context, queue.Job, queue.Report) (any, error) { return nil, nil }

func TestWhatADeadProcessLeftIsTakenUpAtTheStart(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour)
	id := b.orphan(1, "dead", time.Hour)
	require.NoError(t, b.queue.Recover(t.Context()))
	b.start(noop)
	assert.Equal(t, "completed", b.finished(id).GetString("status"))
	assert.Equal(t, []string{"interrupted", "completed"}, b.outcomes(id))
}

func TestAnExpiredLeaseIsTakenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, noop)
	id := b.orphan(1, "another process", -time.Second)
	assert.Equal(t, "completed", b.finished(id).GetString("status"))
	assert.Equal(t, []string{"interrupted", "completed"}, b.outcomes(id))
}

func TestAFailedJobComesBackByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	var runs atomic.Int32
	b.start(func(context.Context, queue.Job, queue.Report) (any, error) {
		if runs.Add(1) == 1 {
			return nil, queue.Snooze("Wait.", 50*time.Millisecond)
		}
		return nil, nil
	})
	id := b.add(1)
	assert.Equal(t, "completed", b.finished(id).GetString("status"), "the worker wakes for the next one due, long before it polls")
	assert.Equal(t, []string{"snoozed", "completed"}, b.outcomes(id))
}

func TestThePollIsASafetyNet(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, noop)
	id, err := b.queue.Add(t.Context(), b.pb, b.user, "work", "{}") // and nobody wakes the worker
	require.NoError(t, err)
	assert.Equal(t, "completed", b.finished(id).GetString("status"))
}

func TestAnOutcomeThatCantBeStoredEndsTheJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.start(func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) == `{"n":1}` {
			return strings.Repeat("x", 20<<10), nil
		}
		return nil, nil
	})
	b.add(1)
	assert.Equal(t, "dead", b.next())
	b.add(2)
	assert.Equal(t, "completed", b.next())
}

func TestAnOutcomeIsWrittenAsSoonAsItCanBe(t *testing.T) {
	t.Parallel()
	b := newBench(t, 200*time.Millisecond)
	var runs atomic.Int32
	full := make(chan struct{})
	b.startWith(worker.Config{PollInterval: 50 * time.Millisecond}, func(context.Context, queue.Job, queue.Report) (any, error) {
		runs.Add(1)
		_, err := b.pb.NonconcurrentDB().NewQuery(`CREATE TRIGGER full BEFORE UPDATE ON global_queue WHEN NEW.status = 'completed'
			BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`).Execute()
		close(full)
		return nil, err
	})
	id := b.add(1)
	<-full
	written := func() bool { return strings.Contains(b.log.String(), "write the outcome of a job") }
	require.Eventually(t, written, 20*time.Second, 10*time.Millisecond)
	_, err := b.pb.NonconcurrentDB().NewQuery("DROP TRIGGER full").Execute()
	require.NoError(t, err)
	assert.Equal(t, "completed", b.finished(id).GetString("status"))
	assert.EqualValues(t, 1, runs.Load(), "what is done is not done again, though the lease has run out")
}

// untilTold runs until it is told to stop.
func untilTold(running chan<- struct{}) queue.Handler {
	return func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
}

func TestACancelledJobStops(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Hour) // no heartbeat tells it
	running := make(chan struct{})
	b.start(untilTold(running))
	id := b.add(1)
	<-running
	require.NoError(t, b.queue.Cancel(b.pb, id))
	record := b.finished(id)
	assert.Equal(t, "cancelled", record.GetString("status"))
	assert.Empty(t, record.GetString("error"))
	assert.Equal(t, []string{"cancelled"}, b.outcomes(id))
}

func TestAJobThatAnotherProcessCancelsStopsAtItsNextBeat(t *testing.T) {
	t.Parallel()
	b := newBench(t, 300*time.Millisecond)
	running := make(chan struct{})
	b.start(untilTold(running))
	id := b.add(1)
	<-running
	_, err := b.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET cancel_requested = TRUE").Execute()
	require.NoError(t, err)
	assert.Equal(t, "cancelled", b.finished(id).GetString("status"))
}

func TestShortJobsEndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	running, release := make(chan struct{}, 2), make(chan struct{})
	w := b.startWith(worker.Config{PollInterval: time.Hour, Drain: 20 * time.Second}, func(ctx context.Context, job queue.Job, _ queue.Report) (any, error) {
		running <- struct{}{}
		select {
		case <-release:
			return nil, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	})
	first, second := b.add(1), b.add(2)
	<-running
	<-running // there are two places
	waiting := b.add(3)
	stopped := make(chan error, 1)
	go func() { stopped <- w.Stop(context.Background()) }()
	close(release)
	require.NoError(t, <-stopped)
	for _, id := range []string{first, second} {
		assert.Equal(t, "completed", b.record(id).GetString("status"))
	}
	if status := b.record(waiting).GetString("status"); status != "completed" { // unless it began before the stop
		assert.Equal(t, "pending", status)
		assert.Zero(t, b.record(waiting).GetInt("attempts"))
	}
}

func TestLongJobsAreHandedBackWhenTheTimeIsUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	running := make(chan struct{})
	w := b.startWith(worker.Config{PollInterval: time.Hour, Drain: 50 * time.Millisecond}, func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		close(running)
		<-ctx.Done()
		assert.ErrorIs(t, context.Cause(ctx), queue.ErrDraining)
		return nil, ctx.Err()
	})
	id := b.add(1)
	<-running
	require.NoError(t, w.Stop(t.Context()))
	assert.Equal(t, "pending", b.record(id).GetString("status"))
	assert.Zero(t, b.record(id).GetInt("attempts"), "it has spent none")
	assert.Equal(t, []string{"released"}, b.outcomes(id))
}

func TestAHandlerThatIgnoresItsContextLosesItsPlace(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	running, release := make(chan struct{}, 2), make(chan struct{})
	b.startWith(worker.Config{PollInterval: time.Hour, StuckAfter: 50 * time.Millisecond}, func(_ context.Context, job queue.Job, _ queue.Report) (any, error) {
		if string(job.Payload) != `{"n":3}` {
			running <- struct{}{}
			<-release
		}
		return "late", nil
	})
	t.Cleanup(func() { close(release) })
	first, second := b.add(1), b.add(2)
	<-running
	<-running // both places are taken
	for _, id := range []string{first, second} {
		require.NoError(t, b.queue.Cancel(b.pb, id))
	}
	third := b.add(3)
	assert.Equal(t, "completed", b.finished(third).GetString("status"))
	for _, id := range []string{first, second} {
		assert.Equal(t, "cancelled", b.finished(id).GetString("status"))
	}
	assert.Contains(t, b.log.String(), "a job doesn't stop")
}

func TestAJobThatTakesTooLongIsStoppedAndTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.queue.Define(queue.Kind{Name: "work", Timeout: 50 * time.Millisecond, Check: func(p json.RawMessage) (string, error) { return string(p), nil }})
	b.start(func(ctx context.Context, _ queue.Job, _ queue.Report) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	id := b.add(1)
	assert.Equal(t, "failed", b.next())
	assert.Equal(t, "It took longer than it may. It will be tried again.", b.record(id).GetString("error"))
}

func TestSchedulesCreateJobs(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	collection, err := b.pb.FindCachedCollectionByNameOrId("job_schedules")
	require.NoError(t, err)
	schedule := core.NewRecord(collection)
	schedule.Set("kind", "work")
	schedule.Set("every", 3600)
	require.NoError(t, b.queue.PrepareSchedule(b.pb, schedule, b.user))
	schedule.Set("next_run_at", "2020-01-01 00:00:00.000Z")
	require.NoError(t, b.pb.Save(schedule))
	b.start(noop)
	assert.Equal(t, "completed", b.next())
}

func TestWhatIsStuckIsNotBegunAgainBesideItself(t *testing.T) {
	t.Parallel()
	b := newBench(t, time.Minute)
	b.queue.Define(queue.Kind{Name: "work", Timeout: 50 * time.Millisecond, Check: func(p json.RawMessage) (string, error) { return string(p), nil }})
	release := make(chan struct{})
	b.startWith(worker.Config{PollInterval: time.Hour, StuckAfter: 50 * time.Millisecond}, func(context.Context, queue.Job, queue.Report) (any, error) {
		<-release
		return nil, nil
	})
	t.Cleanup(func() { close(release) })
	id := b.add(1)
	assert.Equal(t, "dead", b.finished(id).GetString("status"))
	assert.Contains(t, b.record(id).GetString("error"), "doesn't stop")
}
