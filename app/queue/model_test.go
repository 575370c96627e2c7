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
)

const (
	modelConcurrency = 3
	modelPerUser     = 2
	modelAttempts    = 3 // of the kind work, in the harness
	modelJobs        = 6 // few, so that much happens to each
)

// lease is what the model knows of a claim that somebody made.
type lease struct {
	job    queue.Job
	holder int // of the processes below
}

// modelJob is a job as it has to be.
type modelJob struct {
	status    string
	user      string
	attempts  int
	max       int
	completed bool // it once was
	cancel    bool
}

// model runs several processes on one database, crashes them, moves the clock to
// and fro and delivers everything late and twice.
type model struct {
	pb     *core.BaseApp
	clock  *clock
	queues []*queue.Queue // a process each
	names  []string       // their workers'
	starts int
	ids    []string // in the order they were created
	jobs   map[string]*modelJob
	held   []lease // by whom the model takes to be alive
	old    []lease // everything that was ever held and is no more
	added  int
}

// TestTheStateMachineHolds tries what nobody plans: invariants are that no job is
// lost, none has two holders, attempts are bounded, what is finished stays so, and
// nobody but the holder writes.
func TestTheStateMachineHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "queue-model-")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		pb, closed, err := queuetest.OpenIn(dir)
		require.NoError(t, err)
		defer func() { require.NoError(t, closed()) }()
		m := &model{pb: pb, clock: &clock{now: time.Now().Truncate(time.Millisecond)}, jobs: map[string]*modelJob{}}
		for range 3 {
			m.queues, m.names = append(m.queues, m.process()), append(m.names, m.name())
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": m.add, "claim": m.claim, "claim more": m.claim, "claim again": m.claim, "complete": m.complete, "complete and claim": m.completeAndClaim, "fail": m.fail, "snooze": m.snooze, "release": m.release,
			"beat": m.beat, "late": m.late, "crash": m.crash, "sweep": m.sweep, "cancel": m.cancel, "retry": m.retry, "reschedule": m.reschedule, "advance": m.advance,
			"": m.check,
		})
		for _, q := range m.queues {
			require.NoError(t, q.Stop(context.Background()))
		}
	})
}

func (m *model) process() *queue.Queue {
	return newQueue(queue.Config{App: m.pb, Concurrency: modelConcurrency, PerUser: modelPerUser, Now: m.clock.Now})
}

func (m *model) name() string {
	m.starts++
	return fmt.Sprint("worker-", m.starts)
}

func (m *model) pick(t *rapid.T, of []lease) (lease, int, bool) {
	if len(of) == 0 {
		return lease{}, 0, false
	}
	i := rapid.IntRange(0, len(of)-1).Draw(t, "which")
	return of[i], i, true
}

func (m *model) add(t *rapid.T) {
	if len(m.jobs) >= modelJobs {
		return
	}
	kind, user := rapid.SampledFrom([]string{"work", "work", "other"}).Draw(t, "kind"), rapid.SampledFrom(queuetest.Users).Draw(t, "user")
	m.added++
	id, err := m.queues[0].Add(context.Background(), m.pb, user, kind, fmt.Sprintf(`{"n":%d}`, m.added))
	require.NoError(t, err)
	m.ids = append(m.ids, id)
	m.jobs[id] = &modelJob{status: queue.StatusPending, user: user, max: modelAttempts}
}

// claim must find a job where there is one that may run.
func (m *model) claim(t *rapid.T) {
	p := rapid.IntRange(0, len(m.queues)-1).Draw(t, "process")
	job, err := m.queues[p].Claim(context.Background(), m.names[p])
	require.NoError(t, err)
	if job == nil {
		m.nothingMayRun(t)
		return
	}
	m.claimed(t, job, p)
}

func (m *model) claimed(t *rapid.T, job *queue.Job, p int) {
	known := m.jobs[job.ID]
	require.NotNil(t, known)
	require.Equal(t, queue.StatusPending, known.status, "only what waits is claimed")
	known.status = queue.StatusProcessing
	known.attempts++
	m.held = append(m.held, lease{*job, p})
}

// nothingMayRun: a claim is refused only for want of a job or of a place for it.
func (m *model) nothingMayRun(t *rapid.T) {
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
		require.False(t, record.GetBool("ready") && free, "job %s could have been claimed", record.Id)
	}
}

// ended takes a lease that its holder has given up.
func (m *model) ended(i int) {
	m.old = append(m.old, m.held[i])
	m.held = slices.Delete(m.held, i, i+1)
}

func (m *model) complete(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		require.NoError(t, m.queues[l.holder].Complete(context.Background(), l.job, map[string]int{"n": 1}))
		m.completed(l, i)
	}
}

func (m *model) completed(l lease, i int) {
	m.jobs[l.job.ID].status, m.jobs[l.job.ID].completed, m.jobs[l.job.ID].cancel = queue.StatusCompleted, true, false
	m.ended(i)
}

func (m *model) completeAndClaim(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		next, err := m.queues[l.holder].CompleteAndClaim(context.Background(), l.job, nil)
		require.NoError(t, err)
		m.completed(l, i)
		if next != nil {
			m.claimed(t, next, l.holder)
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
	status, err := m.queues[l.holder].Fail(context.Background(), l.job, cause)
	require.NoError(t, err)
	switch {
	case permanent, l.job.Attempt >= l.job.MaxAttempts:
		require.Equal(t, queue.StatusDead, status)
	case known.cancel:
		require.Equal(t, queue.StatusCancelled, status)
	default:
		require.Equal(t, queue.StatusFailed, status)
	}
	known.status, known.cancel = status, false
	m.ended(i)
}

func (m *model) snooze(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		status, err := m.queues[l.holder].Fail(context.Background(), l.job, queue.Snooze("Not yet.", time.Second))
		require.NoError(t, err)
		m.returned(t, l, i, status)
	}
}

func (m *model) release(t *rapid.T) {
	if l, i, ok := m.pick(t, m.held); ok {
		status, err := m.queues[l.holder].Release(context.Background(), l.job)
		require.NoError(t, err)
		m.returned(t, l, i, status)
	}
}

// returned is a job that went back without having spent an attempt.
func (m *model) returned(t *rapid.T, l lease, i int, status string) {
	known := m.jobs[l.job.ID]
	if known.cancel {
		require.Equal(t, queue.StatusCancelled, status)
	} else {
		require.Equal(t, queue.StatusPending, status)
		known.attempts--
	}
	known.status, known.cancel = status, false
	m.ended(i)
}

func (m *model) beat(t *rapid.T) {
	if l, _, ok := m.pick(t, m.held); ok {
		err := m.queues[l.holder].Progress(context.Background(), l.job, "half", 0.5)
		if m.jobs[l.job.ID].cancel {
			require.ErrorIs(t, err, queue.ErrCancelled)
		} else {
			require.NoError(t, err)
		}
	}
}

// late is whoever has lost a job and doesn't know it, or says everything twice.
func (m *model) late(t *rapid.T) {
	for _, l := range m.old[max(0, len(m.old)-10):] {
		m.writesNothing(t, l)
	}
}

func (m *model) writesNothing(t *rapid.T, l lease) {
	q := m.queues[l.holder]
	before, err := m.pb.FindRecordById("global_queue", l.job.ID)
	require.NoError(t, err)
	writes := []func() error{
		func() error { return q.Heartbeat(context.Background(), l.job) },
		func() error { return q.Progress(context.Background(), l.job, "late", 0.9) },
		func() error { return q.Complete(context.Background(), l.job, "late") },
		func() error { return q.Cancelled(context.Background(), l.job) },
		func() error { _, err := q.Release(context.Background(), l.job); return err },
		func() error { _, err := q.Fail(context.Background(), l.job, errors.New("late")); return err },
	}
	require.ErrorIs(t, rapid.SampledFrom(writes).Draw(t, "write")(), queue.ErrLeaseLost)
	after, err := m.pb.FindRecordById("global_queue", l.job.ID)
	require.NoError(t, err)
	require.Equal(t, before.FieldsData(), after.FieldsData(), "a late worker writes nothing")
}

// crash is the end of a process and the start of the next, which is alone: the
// lock on the data directory is how that is kept. The others are crashed with it.
func (m *model) crash(t *rapid.T) {
	m.old = append(m.old, m.held...)
	m.held = nil
	for i := range m.queues {
		require.NoError(t, m.queues[i].Stop(context.Background()))
		m.queues[i], m.names[i] = m.process(), m.name()
	}
	require.NoError(t, m.queues[0].Recover(context.Background()))
	for _, id := range m.ids {
		known := m.jobs[id]
		if known.status == queue.StatusProcessing {
			m.interrupted(t, id)
		}
	}
}

// sweep is what one process does now and then: it takes up what hangs in others,
// and promotes what is due.
func (m *model) sweep(t *rapid.T) {
	p := rapid.IntRange(0, len(m.queues)-1).Draw(t, "process")
	mine := func(id string) bool {
		return slices.ContainsFunc(m.held, func(l lease) bool { return l.job.ID == id && l.holder == p })
	}
	require.NoError(t, m.queues[p].Rescue(context.Background(), mine))
	for i := len(m.held) - 1; i >= 0; i-- {
		record, err := m.pb.FindRecordById("global_queue", m.held[i].job.ID)
		require.NoError(t, err)
		if record.GetString("worker_id") != m.held[i].job.WorkerID {
			require.NotEqual(t, p, m.held[i].holder, "what runs here is left alone")
			m.interrupted(t, m.held[i].job.ID)
			m.ended(i)
		}
	}
	require.NoError(t, m.queues[p].Promote(context.Background()))
	for _, id := range m.ids {
		known := m.jobs[id]
		if known.status == queue.StatusFailed {
			known.status = m.read(t, id).GetString("status")
			require.Contains(t, []string{queue.StatusFailed, queue.StatusPending}, known.status)
		}
	}
}

// interrupted is a job whose holder is gone.
func (m *model) interrupted(t *rapid.T, id string) {
	known, record := m.jobs[id], m.read(t, id)
	switch {
	case known.cancel:
		require.Equal(t, queue.StatusCancelled, record.GetString("status"))
	case known.attempts >= known.max:
		require.Equal(t, queue.StatusDead, record.GetString("status"))
	default:
		require.Equal(t, queue.StatusPending, record.GetString("status"))
	}
	known.status, known.cancel = record.GetString("status"), false
}

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
		known.status = queue.StatusCancelled
	case queue.StatusProcessing:
		require.NoError(t, err)
		known.cancel = true
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

// reschedule changes the priority of a job that waits.
func (m *model) reschedule(t *rapid.T) {
	if id, known, ok := m.anyJob(t); ok {
		priority := rapid.IntRange(-1, 1).Draw(t, "priority")
		err := m.queues[0].Reschedule(m.pb, id, priority, m.read(t, id).GetString("run_at"))
		waits := known.status == queue.StatusPending || known.status == queue.StatusFailed
		require.Equal(t, waits, err == nil, err)
	}
}

// advance moves the clock, which may jump back.
func (m *model) advance(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.IntRange(-90, 400).Draw(t, "seconds")) * time.Second)
}

// check holds after every step.
func (m *model) check(t *rapid.T) {
	records, err := m.pb.FindAllRecords("global_queue")
	require.NoError(t, err)
	require.Len(t, records, len(m.jobs), "no job is lost")
	running, byUser, others := 0, map[string]int{}, 0
	for _, record := range records {
		known := m.jobs[record.Id]
		require.Equal(t, known.status, record.GetString("status"), record.Id)
		require.Equal(t, []int{known.attempts, known.max}, []int{record.GetInt("attempts"), record.GetInt("max_attempts")})
		require.LessOrEqual(t, known.attempts, known.max, "attempts are bounded")
		if known.completed {
			require.Equal(t, queue.StatusCompleted, record.GetString("status"), "finished stays finished")
		}
		holders := 0
		for _, l := range m.held {
			if l.job.ID == record.Id {
				holders++
				require.Equal(t, l.job.WorkerID, record.GetString("worker_id"))
			}
		}
		isRunning := known.status == queue.StatusProcessing
		require.Equal(t, isRunning, holders == 1, "a running job has one holder and no other has any")
		require.Equal(t, isRunning, record.GetString("claimed_at") != "")
		require.Equal(t, queue.IsFinished(known.status), record.GetString("finished_at") != "")
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
	require.LessOrEqual(t, others, 1, "the limit of the kind")
	for _, n := range byUser {
		require.LessOrEqual(t, n, modelPerUser)
	}
}
