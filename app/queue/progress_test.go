package queue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// countCommits returns a function that returns how many transactions have changed the database since.
func countCommits(t *testing.T, pb core.App) func() int {
	t.Helper()
	db, ok := pb.NonconcurrentDB().(*dbx.DB) // has a single connection
	require.True(t, ok)
	conn, err := db.DB().Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	commits := &atomic.Int64{}
	require.NoError(t, conn.Raw(func(raw any) error {
		hooks, ok := raw.(sqlite.HookRegisterer)
		require.True(t, ok, "%T", raw)
		hooks.RegisterCommitHook(func() int32 { commits.Add(1); return 0 })
		return nil
	}))
	return func() int { return int(commits.Load()) }
}

// write writes the reports that are due and returns whether others wait.
func (h *harness) write() bool {
	h.t.Helper()
	waiting, err := h.WriteProgress(h.t.Context())
	require.NoError(h.t, err)
	return waiting
}

// written returns the stage and the progress of a job in the database.
func (h *harness) written(id string) string {
	h.t.Helper()
	record := h.record(id)
	return fmt.Sprint(record.GetString("stage"), " ", record.GetFloat("progress"))
}

func TestProgressIsWrittenAfterOnePercentAndFiveSeconds(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	for i, step := range []struct {
		after    time.Duration
		stage    string
		progress float64
		waits    bool // whether the report is not written yet
	}{
		{0, "copying", 0.05, false},
		{4990 * time.Millisecond, "copying", 0.5, true},
		{0, "copying", 0.51, true},
		{10 * time.Millisecond, "copying", 0.52, false},
		{time.Hour, "copying", 0.529, true},
		{0, "copying", 0.53, false},
		{5 * time.Second, "copying", 0.1, false},
		{0, "checking", 0.1, false},
		{time.Second, "checking", 0.9, true},
		{time.Second, "delivering", 0.9, false},
	} {
		before := h.written(id)
		h.clock.Advance(step.after)
		require.NoError(t, h.Progress(*job, step.stage, step.progress))
		assert.Equal(t, step.waits, h.write(), "step %d", i)
		want := fmt.Sprint(step.stage, " ", step.progress)
		if step.waits {
			want = before
		}
		assert.Equal(t, want, h.written(id), "step %d", i)
	}
}

func TestReportsOfAllJobsAreWrittenTogether(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 10)
	jobs := make([]*queue.Job, 10)
	for i := range jobs {
		h.add(h.users[i%3], fmt.Sprint(i))
		jobs[i] = h.claim("w")
	}
	commits := countCommits(t, h.pb)
	for percent := range 60 { // one a second
		for _, job := range jobs {
			require.NoError(t, h.Progress(*job, "copying", float64(percent)/100))
		}
		h.write()
		h.clock.Advance(time.Second)
	}
	assert.Equal(t, 12, commits(), "every five seconds, one transaction for all jobs")
	for _, job := range jobs {
		assert.Equal(t, "copying 0.55", h.written(job.ID))
	}
}

func TestUnwrittenProgressIsShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	commits := countCommits(t, h.pb)
	h.clock.Advance(time.Minute)
	require.NoError(t, h.Progress(*job, "copying", 0.25))
	reported := h.clock.Now().UTC().Truncate(time.Millisecond)
	h.clock.Advance(time.Minute)

	record, err := h.Find(id)
	require.NoError(t, err)
	assert.Equal(t, "copying", record.GetString("stage"))
	assert.Equal(t, 0.25, record.GetFloat("progress"))
	assert.Equal(t, reported, record.GetDateTime("updated").Time().UTC())
	listed, err := h.List(t.Context(), queue.Selection{}, 0)
	require.NoError(t, err)
	assert.Equal(t, 0.25, listed[0].Progress)
	next := h.add(h.users[1], "y")
	assert.Equal(t, 1, h.Position(t.Context(), h.record(next)))
	assert.Equal(t, 1, commits(), "only the second job was written")

	require.NoError(t, h.Cancel(h.pb, id)) // changes the record after the report
	record, err = h.Find(id)
	require.NoError(t, err)
	assert.Equal(t, 0.25, record.GetFloat("progress"))
	assert.True(t, record.GetDateTime("updated").Time().After(reported))
}

func TestTheEndOfARunWritesItsLastReport(t *testing.T) {
	t.Parallel()
	ends := map[string]func(h *harness, job queue.Job) error{
		"failed": func(h *harness, job queue.Job) error {
			_, err := h.Fail(h.t.Context(), job, queue.Temporary("No.", nil, 0))
			return err
		},
		"dead": func(h *harness, job queue.Job) error {
			_, err := h.Fail(h.t.Context(), job, queue.Permanent("Never.", nil))
			return err
		},
		"snoozed": func(h *harness, job queue.Job) error {
			_, err := h.Fail(h.t.Context(), job, queue.Snooze("", time.Minute))
			return err
		},
		"released":  func(h *harness, job queue.Job) error { _, err := h.Release(h.t.Context(), job); return err },
		"cancelled": func(h *harness, job queue.Job) error { return h.Cancelled(h.t.Context(), job) },
		"completed": func(h *harness, job queue.Job) error { return h.Complete(h.t.Context(), job, nil) },
		"completed and claimed": func(h *harness, job queue.Job) error {
			_, err := h.CompleteAndClaim(h.t.Context(), job, nil)
			return err
		},
		"cancelled while it failed": func(h *harness, job queue.Job) error {
			if err := h.Cancel(h.pb, job.ID); err != nil {
				return err
			}
			_, err := h.Fail(h.t.Context(), job, queue.Temporary("No.", nil, 0))
			return err
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, 1)
			id := h.add(h.users[0], "x")
			job := h.claim("w")
			require.NoError(t, h.Progress(*job, "copying", 0.3))
			h.write()
			require.NoError(t, h.Progress(*job, "copying", 0.75))
			require.NoError(t, end(h, *job))
			want := "copying 0.75"
			if h.status(id) == queue.StatusCompleted {
				want = "copying 1"
			}
			assert.Equal(t, want, h.written(id))
			before := h.record(id)
			require.ErrorIs(t, h.Progress(*job, "late", 0.9), queue.ErrLeaseLost)
			assert.False(t, h.write(), "nothing waits after the end of a run")
			shown, err := h.Find(id)
			require.NoError(t, err)
			assert.Equal(t, before.FieldsData(), shown.FieldsData())
		})
	}
}

func TestProgressOfALostClaimIsNotWritten(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2)
	id, other := h.add(h.users[0], "x"), h.add(h.users[1], "y")
	late, running := h.claim("late"), h.claim("late")
	require.Equal(t, []string{id, other}, []string{late.ID, running.ID})
	second := h.newQueue(queue.Config{Concurrency: 2})
	t.Cleanup(func() { require.NoError(t, second.Stop(context.Background())) })
	h.clock.Advance(2 * time.Minute)
	require.NoError(t, h.Heartbeat(t.Context(), *running))
	require.NoError(t, second.Rescue(t.Context(), isRunningNowhere))
	again, err := second.Claim(t.Context(), "w2")
	require.NoError(t, err)
	require.Equal(t, id, again.ID)
	require.NoError(t, second.Progress(*again, "copying", 0.2))
	_, err = second.WriteProgress(t.Context())
	require.NoError(t, err)

	require.NoError(t, h.Progress(*late, "late", 0.9))
	require.NoError(t, h.Progress(*running, "copying", 0.4))
	record, err := h.Find(id)
	require.NoError(t, err)
	assert.Equal(t, "copying", record.GetString("stage"), "the process of the lost claim shows what the other wrote")
	assert.False(t, h.write())
	assert.Equal(t, "copying 0.2", h.written(id))
	assert.Equal(t, "copying 0.4", h.written(other), "the same transaction writes the progress of other jobs")
	require.ErrorIs(t, h.Progress(*late, "late", 0.95), queue.ErrLeaseLost)
	require.NoError(t, h.Progress(*running, "copying", 0.5))
}

func TestWritingProgressNoticesACancellation(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 2)
	id, other := h.add(h.users[0], "x"), h.add(h.users[1], "y")
	job, running := h.claim("w"), h.claim("w")
	require.NoError(t, h.newQueue(queue.Config{}).Cancel(h.pb, id), "in another process")
	require.NoError(t, h.Progress(*job, "copying", 0.1))
	require.NoError(t, h.Progress(*running, "copying", 0.1))
	h.write()
	require.ErrorIs(t, h.Progress(*job, "copying", 0.2), queue.ErrCancelled)
	require.NoError(t, h.Progress(*running, "copying", 0.2))
	assert.Equal(t, "copying 0.1", h.written(other))
}

// A VACUUM may change rowids: https://sqlite.org/lang_vacuum.html
func TestProgressIsWrittenAfterRowIDsHaveChanged(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	_, err := h.pb.NonconcurrentDB().NewQuery("UPDATE global_queue SET rowid = rowid + 1000").Execute()
	require.NoError(t, err)
	require.NoError(t, h.Progress(*job, "copying", 0.5))
	h.write()
	assert.Equal(t, "copying 0.5", h.written(id))
	assert.False(t, h.write())
}

func TestFailedWriteOfProgressIsRepeated(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	require.NoError(t, h.Progress(*job, "copying", 0.5))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.WriteProgress(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, " 0", h.written(id))
	h.write()
	assert.Equal(t, "copying 0.5", h.written(id))
}

func TestStartedQueueWritesProgress(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	require.NoError(t, h.Start(t.Context()))
	job := h.claim("w")
	require.NoError(t, h.Progress(*job, "copying", 0.5))
	polltest.Until(t, 20*time.Millisecond, func() bool { return h.written(id) == "copying 0.5" }, "the stage was not written")
	require.NoError(t, h.Progress(*job, "copying", 0.6))
	h.clock.Advance(queue.ProgressInterval)
	polltest.Until(t, 20*time.Millisecond, func() bool { return h.written(id) == "copying 0.6" }, "a report that waited was not written")
}

func TestLimitsOfProgress(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 1)
	id := h.add(h.users[0], "x")
	job := h.claim("w")
	long, err := json.Marshal(make([]int, 200))
	require.NoError(t, err)
	require.NoError(t, h.Progress(*job, string(long), 7))
	h.write()
	assert.Equal(t, string(long[:100])+" 1", h.written(id))
	require.ErrorIs(t, h.Progress(queue.Job{ID: "unknown"}, "x", 0), queue.ErrLeaseLost)
	require.NoError(t, h.Progress(*job, "x", -1))
	h.write()
	assert.Equal(t, "x 0", h.written(id))
}
