package queue_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

const (
	modelConcurrency = 3
	modelPerUser     = 2
	modelAttempts    = 3 // of both kinds in newQueue
	modelJobs        = 6 // few, so that each goes through many changes
)

// lease is a claim that a process made.
type lease struct {
	job     queue.Job
	process int // index in model.queues
}

// modelJob is the expected state of a job.
type modelJob struct {
	status    queue.Status
	user      string
	attempts  int
	max       int
	completed bool // at any time
	cancel    bool // somebody asked for it to stop
	again     bool // somebody asked for another run since
	kind      string
	payload   string
}

// model runs several processes on one database, crashes them, moves the clock in both directions, and
// repeats and delays calls.
type model struct {
	pb      *core.BaseApp
	clock   *clocktest.Clock
	queues  []*queue.Queue // one for each process
	workers []string       // their names
	starts  int
	ids     []string // in the order of creation
	jobs    map[string]*modelJob
	held    []lease
	lost    []lease         // held before, and no longer
	paused  map[string]bool // users
	added   int
	stages  int // reported so far
}

// TestStateMachineInvariants checks that under random calls no job is lost or held by two workers,
// attempts are limited, completed jobs stay completed, and only the holder of a lease can write.
func TestStateMachineInvariants(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "queue-model-")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		pb, closeApp, err := queuetest.OpenIn(dir)
		require.NoError(t, err)
		defer func() { require.NoError(t, closeApp()) }()
		m := &model{pb: pb, clock: clocktest.New(time.Now().Truncate(time.Millisecond)), jobs: map[string]*modelJob{}, paused: map[string]bool{}}
		for range 3 {
			m.queues, m.workers = append(m.queues, m.newProcess()), append(m.workers, m.newWorker())
		}
		t.Repeat(map[string]func(*rapid.T){
			"join": m.join, "pause": m.pause, "hold": m.hold,
			// Three names make a claim three times as likely.
			"add": m.add, "claim": m.claim, "claim more": m.claim, "claim again": m.claim, "complete": m.complete,
			"complete and claim": m.completeAndClaim, "fail": m.fail, "snooze": m.snooze, "release": m.release,
			"heartbeat": m.heartbeat, "progress": m.progress, "late write": m.writeLate, "crash": m.crash, "maintain": m.maintain, "cancel": m.cancel,
			"retry": m.retry, "reschedule": m.reschedule, "advance": m.advance,
			"": m.check,
		})
		for _, q := range m.queues {
			require.NoError(t, q.Stop(context.Background()))
		}
	})
}

func (m *model) newProcess() *queue.Queue {
	return newQueue(queue.Config{App: m.pb, Concurrency: modelConcurrency, PerUser: modelPerUser, Now: m.clock.Now})
}

func (m *model) newWorker() string {
	m.starts++
	return fmt.Sprint("worker-", m.starts)
}

func (m *model) pick(t *rapid.T, of []lease) (lease, int, bool) {
	if len(of) == 0 {
		return lease{}, 0, false
	}
	i := rapid.IntRange(0, len(of)-1).Draw(t, "lease")
	return of[i], i, true
}

func (m *model) add(t *rapid.T) {
	if len(m.jobs) >= modelJobs {
		return
	}
	kind, user := rapid.SampledFrom([]string{"work", "work", "other"}).Draw(t, "kind"), rapid.SampledFrom(queuetest.Users).Draw(t, "user")
	m.added++
	payload := fmt.Sprintf(`{"n":%d}`, m.added)
	id, err := m.queues[0].Add(context.Background(), m.pb, user, kind, payload)
	require.NoError(t, err)
	m.ids = append(m.ids, id)
	m.jobs[id] = &modelJob{status: queue.StatusPending, user: user, max: modelAttempts, kind: kind, payload: payload}
}

// join creates a job whose work an active one does already.
func (m *model) join(t *rapid.T) {
	id, known, ok := m.anyJob(t)
	if !ok || known.status.IsFinished() {
		return
	}
	opts := queue.AddOptions{Again: rapid.Bool().Draw(t, "again")}
	joined, err := m.queues[0].AddWith(context.Background(), m.pb, known.user, known.kind, known.payload, opts)
	require.NoError(t, err)
	require.Equal(t, id, joined)
	if known.cancel || opts.Again && m.read(t, id).GetInt("claims") > 0 {
		known.again = true
	}
}

// pause pauses a user, or ends the pause.
func (m *model) pause(t *rapid.T) {
	user, ctx := rapid.SampledFrom(queuetest.Users).Draw(t, "user"), context.Background()
	if m.paused[user] {
		require.NoError(t, m.queues[0].Resume(ctx, queue.AllKinds, user))
	} else {
		require.NoError(t, m.queues[0].AddPause(ctx, queue.Pause{Kind: queue.AllKinds, UserID: user}))
	}
	m.paused[user] = !m.paused[user]
	for _, q := range m.queues[1:] {
		require.NoError(t, q.LoadPauses(ctx))
	}
}

// hold returns a job as if its handler had met the cause of a pause.
func (m *model) hold(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		status, err := m.queues[l.process].Fail(context.Background(), l.job, queue.Hold("Not now."))
		require.NoError(t, err)
		m.returned(t, l, i, status)
	}
}

// runAgain records that a run was completed or cancelled, and reports whether another one must follow it.
func (j *modelJob) runAgain() bool {
	if !j.again {
		return false
	}
	j.status, j.attempts, j.max, j.again, j.cancel = queue.StatusPending, 0, modelAttempts, false, false
	return true
}

// end records the status that a run led to.
func (j *modelJob) end(status queue.Status) {
	if status == queue.StatusCancelled && j.runAgain() {
		return
	}
	j.status, j.cancel = status, false
	if status.IsFinished() {
		j.again = false
	}
}

// claim checks that Claim finds a job if one may run.
func (m *model) claim(t *rapid.T) {
	p := rapid.IntRange(0, len(m.queues)-1).Draw(t, "process")
	job, err := m.queues[p].Claim(context.Background(), m.workers[p])
	require.NoError(t, err)
	if job == nil {
		hasLost := slices.ContainsFunc(m.lost, func(l lease) bool { return l.process == p })
		if !hasLost || !m.queues[p].IsBusy() { // a process learns only by its heartbeats that a job was taken from it
			m.checkNothingMayRun(t)
		}
		return
	}
	m.claimed(t, job, p)
}

func (m *model) claimed(t *rapid.T, job *queue.Job, p int) {
	known := m.jobs[job.ID]
	require.NotNil(t, known)
	require.Equal(t, queue.StatusPending, known.status, "only pending jobs are claimed")
	require.False(t, m.paused[known.user], "the user is paused")
	known.status = queue.StatusProcessing
	known.attempts++
	m.held = append(m.held, lease{*job, p})
}

// checkNothingMayRun checks that no job is ready or that the limits keep all of them from running.
func (m *model) checkNothingMayRun(t *rapid.T) {
	byUser, others := map[string]int{}, 0
	for _, l := range m.held {
		byUser[l.job.UserID]++
		if l.job.Kind == "other" {
			others++
		}
	}
	records, err := m.pb.FindAllRecords("global_queue")
	require.NoError(t, err)
	for _, record := range records {
		free := len(m.held) < modelConcurrency && byUser[record.GetString("user")] < modelPerUser &&
			(record.GetString("kind") != "other" || others == 0)
		require.False(t, record.GetBool("ready") && free && !m.paused[record.GetString("user")], "job %s could have been claimed", record.Id)
	}
}

// dropLease records that a process no longer holds a lease.
func (m *model) dropLease(i int) {
	m.lost = append(m.lost, m.held[i])
	m.held = slices.Delete(m.held, i, i+1)
}

func (m *model) complete(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		require.NoError(t, m.queues[l.process].Complete(context.Background(), l.job, map[string]int{"n": 1}))
		m.completed(l, i)
	}
}

func (m *model) completed(l lease, i int) {
	if known := m.jobs[l.job.ID]; !known.runAgain() {
		known.end(queue.StatusCompleted)
		known.completed = true
	}
	m.dropLease(i)
}

func (m *model) completeAndClaim(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		next, err := m.queues[l.process].CompleteAndClaim(context.Background(), l.job, nil)
		require.NoError(t, err)
		m.completed(l, i)
		if next != nil {
			m.claimed(t, next, l.process)
		}
	}
}

func (m *model) fail(t *rapid.T) {
	l, i, ok := m.pick(t, m.held)
	if !ok {
		return
	}
	cause, known := error(queue.Temporary("No.", nil, 0)), m.jobs[l.job.ID]
	permanent := rapid.Bool().Draw(t, "permanent")
	if permanent {
		cause = queue.Permanent("Never.", nil)
	}
	status, err := m.queues[l.process].Fail(context.Background(), l.job, cause)
	require.NoError(t, err)
	switch {
	case permanent, l.job.Attempt >= l.job.MaxAttempts:
		require.Equal(t, queue.StatusDead, status)
	case known.cancel:
		require.Equal(t, queue.StatusCancelled, status)
	default:
		require.Equal(t, queue.StatusFailed, status)
	}
	known.end(status)
	m.dropLease(i)
}

func (m *model) snooze(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		status, err := m.queues[l.process].Fail(context.Background(), l.job, queue.Snooze("Not yet.", time.Second))
		require.NoError(t, err)
		m.returned(t, l, i, status)
	}
}

func (m *model) release(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		status, err := m.queues[l.process].Release(context.Background(), l.job)
		require.NoError(t, err)
		m.returned(t, l, i, status)
	}
}

// returned records that a run ended without counting as an attempt.
func (m *model) returned(t *rapid.T, l lease, i int, status queue.Status) {
	known := m.jobs[l.job.ID]
	if known.cancel {
		require.Equal(t, queue.StatusCancelled, status)
	} else {
		require.Equal(t, queue.StatusPending, status)
		known.attempts--
	}
	known.end(status)
	m.dropLease(i)
}

func (m *model) heartbeat(t *rapid.T) {
	if l, _, ok := m.pick(t, m.held); ok {
		m.checkCancelled(t, l, m.queues[l.process].Heartbeat(context.Background(), l.job))
	}
}

func (m *model) checkCancelled(t *rapid.T, l lease, err error) {
	if m.jobs[l.job.ID].cancel {
		require.ErrorIs(t, err, queue.ErrCancelled)
	} else {
		require.NoError(t, err)
	}
}

// progress reports a new stage and writes what all jobs of the process have reported.
func (m *model) progress(t *rapid.T) {
	if l, _, ok := m.pick(t, m.held); ok {
		m.stages++
		stage := fmt.Sprint("stage ", m.stages)
		m.checkCancelled(t, l, writeProgress(m.queues[l.process], l.job, stage, rapid.Float64Range(0, 1).Draw(t, "progress")))
		require.Equal(t, stage, m.read(t, l.job.ID).GetString("stage"))
	}
}

// writeProgress reports and writes the progress of a job, and returns what the worker learns from its next report.
func writeProgress(q *queue.Queue, job queue.Job, stage string, progress float64) error {
	if err := q.Progress(job, stage, progress); errors.Is(err, queue.ErrLeaseLost) {
		return err
	}
	if _, err := q.WriteProgress(context.Background()); err != nil {
		return err
	}
	return q.Progress(job, stage, progress)
}

// writeLate repeats calls of workers that have lost their lease or already ended their run.
func (m *model) writeLate(t *rapid.T) {
	for _, l := range m.lost[max(0, len(m.lost)-10):] {
		m.checkWritesNothing(t, l)
	}
}

func (m *model) checkWritesNothing(t *rapid.T, l lease) {
	q := m.queues[l.process]
	before, err := m.pb.FindRecordById("global_queue", l.job.ID)
	require.NoError(t, err)
	writes := []func() error{
		func() error { return q.Heartbeat(context.Background(), l.job) },
		func() error { return writeProgress(q, l.job, "late", 0.9) },
		func() error { return q.Complete(context.Background(), l.job, "late") },
		func() error { return q.Cancelled(context.Background(), l.job) },
		func() error { _, err := q.Release(context.Background(), l.job); return err },
		func() error { _, err := q.Fail(context.Background(), l.job, errors.New("late")); return err },
	}
	require.ErrorIs(t, rapid.SampledFrom(writes).Draw(t, "write")(), queue.ErrLeaseLost)
	after, err := m.pb.FindRecordById("global_queue", l.job.ID)
	require.NoError(t, err)
	require.Equal(t, before.FieldsData(), after.FieldsData(), "a worker without the lease writes nothing")
}

// crash restarts all processes. The first recovers the jobs before the others start, as the lock on the
// data directory ensures for the server.
func (m *model) crash(t *rapid.T) {
	m.lost = append(m.lost, m.held...)
	m.held = nil
	for i := range m.queues {
		require.NoError(t, m.queues[i].Stop(context.Background()))
		m.queues[i], m.workers[i] = m.newProcess(), m.newWorker()
		require.NoError(t, m.queues[i].LoadPauses(context.Background()))
	}
	require.NoError(t, m.queues[0].Recover(context.Background()))
	for _, id := range m.ids {
		known := m.jobs[id]
		if known.status == queue.StatusProcessing {
			m.checkInterrupted(t, id)
		}
	}
}

// maintain is what each worker does periodically: it rescues the jobs of processes that hang, and
// promotes due ones.
func (m *model) maintain(t *rapid.T) {
	p := rapid.IntRange(0, len(m.queues)-1).Draw(t, "process")
	isRunning := func(id string) bool {
		return slices.ContainsFunc(m.held, func(l lease) bool { return l.job.ID == id && l.process == p })
	}
	require.NoError(t, m.queues[p].Rescue(context.Background(), isRunning))
	for i := len(m.held) - 1; i >= 0; i-- {
		record, err := m.pb.FindRecordById("global_queue", m.held[i].job.ID)
		require.NoError(t, err)
		if record.GetString("worker_id") != m.held[i].job.WorkerID {
			require.NotEqual(t, p, m.held[i].process, "jobs running in the process itself are left alone")
			m.checkInterrupted(t, m.held[i].job.ID)
			m.dropLease(i)
		}
	}
	require.NoError(t, m.queues[p].Promote(context.Background()))
	for _, id := range m.ids {
		known := m.jobs[id]
		if known.status == queue.StatusFailed {
			known.status = statusOf(m.read(t, id))
			require.Contains(t, []queue.Status{queue.StatusFailed, queue.StatusPending}, known.status)
		}
	}
}

// checkInterrupted checks the status of a job that was rescued from its worker.
func (m *model) checkInterrupted(t *rapid.T, id string) {
	known, status := m.jobs[id], statusOf(m.read(t, id))
	switch {
	case known.cancel && known.again:
		require.Equal(t, queue.StatusPending, status)
		status = queue.StatusCancelled // the run was cancelled, and another one follows
	case known.cancel:
		require.Equal(t, queue.StatusCancelled, status)
	case known.attempts >= known.max:
		require.Equal(t, queue.StatusDead, status)
	default:
		require.Equal(t, queue.StatusPending, status)
	}
	known.end(status)
}

func statusOf(job *core.Record) queue.Status { return queue.Status(job.GetString("status")) }

func (m *model) read(t *rapid.T, id string) *core.Record {
	record, err := m.pb.FindRecordById("global_queue", id)
	require.NoError(t, err, "no job is lost")
	return record
}

func (m *model) anyJob(t *rapid.T) (string, *modelJob, bool) {
	if len(m.ids) == 0 {
		return "", nil, false
	}
	id := rapid.SampledFrom(m.ids).Draw(t, "job")
	return id, m.jobs[id], true
}

func (m *model) cancel(t *rapid.T) {
	id, known, ok := m.anyJob(t)
	if !ok {
		return
	}
	err := m.queues[0].Cancel(m.pb, id)
	switch known.status {
	case queue.StatusPending, queue.StatusFailed:
		require.NoError(t, err)
		known.status, known.again = queue.StatusCancelled, false
	case queue.StatusProcessing:
		require.NoError(t, err)
		known.cancel, known.again = true, false
	default:
		require.Error(t, err)
	}
}

func (m *model) retry(t *rapid.T) {
	id, known, ok := m.anyJob(t)
	if !ok {
		return
	}
	err := m.queues[0].Retry(m.pb, id)
	switch known.status {
	case queue.StatusDead, queue.StatusCancelled, queue.StatusFailed:
		require.NoError(t, err)
		known.status, known.max = queue.StatusPending, known.attempts+modelAttempts
	default:
		require.Error(t, err)
	}
}

// reschedule changes the priority of a waiting job.
func (m *model) reschedule(t *rapid.T) {
	if id, known, ok := m.anyJob(t); ok {
		priority := rapid.IntRange(-1, 1).Draw(t, "priority")
		err := m.queues[0].Reschedule(m.pb, id, priority, m.read(t, id).GetString("run_at"))
		waits := known.status == queue.StatusPending || known.status == queue.StatusFailed
		require.Equal(t, waits, err == nil, err)
	}
}

// advance moves the clock, also backwards.
func (m *model) advance(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.IntRange(-90, 400).Draw(t, "seconds")) * time.Second)
}

// check checks the invariants after every step.
func (m *model) check(t *rapid.T) {
	records, err := m.pb.FindAllRecords("global_queue")
	require.NoError(t, err)
	require.Len(t, records, len(m.jobs), "no job is lost")
	running, byUser, others := 0, map[string]int{}, 0
	for _, record := range records {
		known := m.jobs[record.Id]
		require.Equal(t, known.status, statusOf(record), record.Id)
		require.Equal(t, known.again, record.GetBool("again"), record.Id)
		require.False(t, record.GetBool("paused") && (known.status != queue.StatusPending || record.GetBool("ready") || !m.paused[known.user]))
		require.Equal(t, []int{known.attempts, known.max}, []int{record.GetInt("attempts"), record.GetInt("max_attempts")})
		require.LessOrEqual(t, known.attempts, known.max, "attempts are limited")
		if known.completed {
			require.Equal(t, queue.StatusCompleted, statusOf(record), "completed jobs stay completed")
		}
		holders := 0
		for _, l := range m.held {
			if l.job.ID == record.Id {
				holders++
				require.Equal(t, l.job.WorkerID, record.GetString("worker_id"))
			}
		}
		isRunning := known.status == queue.StatusProcessing
		require.Equal(t, isRunning, holders == 1, "a running job has one holder, other jobs have none")
		require.Equal(t, isRunning, record.GetString("claimed_at") != "")
		require.Equal(t, known.status.IsFinished(), record.GetString("finished_at") != "")
		require.True(t, !record.GetBool("ready") || known.status == queue.StatusPending)
		if isRunning {
			running++
			byUser[known.user]++
			if record.GetString("kind") == "other" {
				others++
			}
		}
	}
	require.LessOrEqual(t, running, modelConcurrency)
	require.LessOrEqual(t, others, 1, "the limit of the kind holds")
	for _, n := range byUser {
		require.LessOrEqual(t, n, modelPerUser)
	}
}
