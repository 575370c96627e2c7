package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

var (
	runningJob = queue.Info{
		ID: "1k2x9d7c3v5b8n0", User: "u1k2x9d7c3v5b8n", Email: "johndoe@example.com", Kind: "recording.transfer", Payload: `{"recording_id":1001}`,
		Status: "processing", Priority: 5, Stage: "downloading", Progress: 0.426, Attempts: 2, MaxAttempts: 8, Worker: "host-1",
		Created: at(0), RunAt: at(1), Started: at(2), LeaseExpires: at(3),
		History: []queue.Attempt{{
			Attempt: 1, Worker: "host-1", Started: "2024-01-15 09:31:00.000Z", Ended: "2024-01-15 09:31:30.500Z", Outcome: "failed",
			Error: "download recording:\tstatus 503\nsecond line",
		}, {
			Attempt: 2, Worker: "host-1", Started: "2024-01-15 09:32:00.000Z", Ended: "2024-01-15 09:33:00.000Z", Outcome: "snoozed",
		}, {
			Attempt: 2, Worker: "host-1", Started: "2024-01-15 09:34:00.000Z", Ended: "2024-01-15 09:35:00.000Z", Outcome: "released",
		}, {
			Attempt: 2, Started: "", Ended: "not a date", Outcome: "interrupted",
		}},
	}
	deadJob = queue.Info{
		ID: "dead", Email: "jane@example.com", Kind: "fathom.sync", Status: "dead", Attempts: 8, MaxAttempts: 8, Error: "\nFathom refuses the key.\nSave a new one.",
		Created: at(0), RunAt: at(1), Started: at(2), Finished: at(3),
	}
)

func TestOutputOfQueueList(t *testing.T) {
	s := startServer(t)
	job := func(id string, change func(*queue.Info)) queue.Info {
		j := queue.Info{ID: id, User: "u1", Email: "johndoe@example.com", Kind: "fathom.sync", Status: "pending", MaxAttempts: 8, Created: at(0), RunAt: at(10)}
		change(&j)
		return j
	}
	jobs := []any{
		runningJob,
		deadJob,
		job("cancelling", func(j *queue.Info) { j.Status, j.CancelRequested = "processing", true }),
		job("queued", func(j *queue.Info) { j.Position = 3 }),
		job("scheduled", func(*queue.Info) {}),
		job("paused", func(j *queue.Info) { j.Paused, j.Position = true, 3 }),
		job("retrying", func(j *queue.Info) { j.Status, j.Attempts, j.Error = "failed", 1, "status 503\nsecond line" }),
		job("completed", func(j *queue.Info) { j.Status, j.Attempts, j.Finished = "completed", 1, at(12) }),
		job("cancelled", func(j *queue.Info) { j.Status = "cancelled" }),
		queue.Info{ID: "without-times", Status: "pending", RunAt: new(time.Time)},
	}
	golden(t, "queue_list", s.answer(jobs...).run("queue", "list")+
		s.answer(jobs[:2]...).run("queue", "list", "--json")+
		s.run("queue", "list", "--limit", "2", "--kind", "fathom.sync", "--status", "dead", "--user", "jane@example.com")+
		s.answer().run("queue", "list", "--limit", "0")+
		s.run("queue", "list", "--json")+
		s.fail("find user \"nobody\": not found").run("queue", "list", "--user", "nobody"))
}

func TestOutputOfQueueShow(t *testing.T) {
	s := startServer(t)
	golden(t, "queue_show", s.answer(runningJob).run("queue", "show", runningJob.ID)+
		s.run("queue", "show", runningJob.ID, "--json")+
		s.answer(deadJob).run("queue", "show", "dead")+
		s.answer(queue.Info{ID: "zero"}).run("queue", "show", "zero")+
		s.answer().run("queue", "show", "missing"))
}

func TestOutputOfQueueStats(t *testing.T) {
	s := startServer(t)
	full := queue.Stats{
		Running: 2, Waiting: 7, Oldest: at(0), Paused: queue.Pauses{queue.AllKinds, "fathom.sync"},
		Pauses: []queue.Pause{
			{Kind: queue.AllKinds, Source: "operator", Reason: "upgrade\nat noon", Since: "2024-01-15 09:00:00.000Z"},
			{Kind: "fathom.sync", Source: "operator", Since: "2024-01-15 09:00:00.000Z"},
			{Kind: "needs:fathom", UserID: "u1", Email: "johndoe@example.com", Source: "key", Reason: "Fathom refused your key.", Since: "2024-01-15 09:00:00.000Z"},
		},
		Total: 5,
		Kinds: map[string]queue.KindStats{
			"recording.transfer": {Pending: 4, Processing: 2, Failed: 1, Dead: 3, Limit: 2, Seconds: 83.4567},
			"fathom.sync":        {Paused: true},
		},
	}
	full.Statuses = counts(map[string]int{"pending": 9, "processing": 2, "failed": 1, "completed": 123456, "dead": 3}, full.Statuses)
	golden(t, "queue_stats", s.answer(full).run("queue", "stats", "--json"))

	var out strings.Builder
	require.NoError(t, writeJobStats(&out, full, at(95).Add(4*time.Second)))
	out.WriteString("\n")
	require.NoError(t, writeJobStats(&out, queue.Stats{}, *at(0)))
	golden(t, "queue_stats_text", out.String())
}

func TestOutputOfOperationsOnJobs(t *testing.T) {
	s := startServer(t)
	golden(t, "queue_retry", s.answer(queue.BulkResult{Changed: 2}).run("queue", "retry", "first", "second")+
		s.answer(queue.BulkResult{Changed: 1, Skipped: 1}).run("queue", "retry", "first", "second")+
		s.run("queue", "retry", "--json", "first", "second")+
		s.run("queue", "retry", "--kind", "fathom.sync", "--status", "dead", "--user", "jane@example.com")+
		s.answer(queue.BulkResult{}).run("queue", "retry", "--all")+
		s.run("queue", "retry")+
		s.run("queue", "retry", "--all", "first"))
	golden(t, "queue_cancel", s.answer(queue.BulkResult{Changed: 3}).run("queue", "cancel", "--user", "johndoe@example.com")+
		s.answer(queue.BulkResult{Skipped: 1}).run("queue", "cancel", "first")+
		s.run("queue", "cancel"))
	golden(t, "queue_pause", s.answer(queue.Pauses{"recording.transfer"}).run("queue", "pause", "recording.transfer", "--reason", "Loom is down")+
		s.answer(queue.Pauses{queue.AllKinds, "recording.transfer"}).run("queue", "pause")+
		s.run("queue", "pause", "--json")+
		s.run("queue", "pause", "needs:fathom", "--user", "johndoe@example.com")+
		s.fail("unknown kind \"x\"").run("queue", "pause", "x"))
	golden(t, "queue_resume", s.answer(queue.Pauses{"recording.transfer"}).run("queue", "resume")+
		s.answer(queue.Pauses{}).run("queue", "resume", "recording.transfer")+
		s.run("queue", "resume", "--json")+
		s.run("queue", "resume", "needs:fathom", "--user", "johndoe@example.com"))
	golden(t, "queue_purge", s.answer(operator.Purged{Deleted: 1}).run("queue", "purge")+
		s.answer(operator.Purged{}).run("queue", "purge", "--status", "dead", "--older-than", "7d")+
		s.answer(operator.Purged{Deleted: 1234}).run("queue", "purge", "--json")+
		s.run("queue", "purge", "--older-than", "soon"))
}
