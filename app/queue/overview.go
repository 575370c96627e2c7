package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// maxOverviewJobs is how many of one's own jobs an overview has.
const maxOverviewJobs = 200

// Outlook is what can be said of when a job begins and ends. Blank where nothing
// can.
type Outlook struct {
	Position       int    `json:"position"`        // about how many jobs begin before this one does, counting it
	EstimatedStart string `json:"estimated_start"` // RFC 3339
	EstimatedEnd   string `json:"estimated_end"`
}

// OverviewJob is an active job in an overview.
type OverviewJob struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Status string `json:"status"`
	Outlook
}

// Overview is the queue as one user sees it.
type Overview struct {
	Running int           `json:"running"` // of everybody
	Waiting int           `json:"waiting"` // of everybody, due
	Paused  Pauses        `json:"paused"`
	Jobs    []OverviewJob `json:"jobs"` // their own active ones, at most 200
}

// Overview returns the queue as a user sees it.
func (q *Queue) Overview(ctx context.Context, userID string) (o Overview, err error) {
	standing, err := q.standing(ctx)
	if err != nil {
		return o, err
	}
	o = Overview{Running: len(standing.running), Waiting: standing.ready, Paused: q.pausedList(), Jobs: []OverviewJob{}}
	var records []*core.Record
	err = q.app.RecordQuery(migrations.GlobalQueue).
		AndWhere(activeOf(userID)).
		OrderBy("priority DESC", "run_at").Limit(maxOverviewJobs).WithContext(ctx).All(&records)
	if err != nil {
		return o, fmt.Errorf("read the active jobs of user %s: %w", userID, err)
	}
	for _, job := range records {
		o.Jobs = append(o.Jobs, OverviewJob{
			ID: job.Id, Kind: job.GetString("kind"), Status: job.GetString("status"), Outlook: q.outlook(ctx, standing, job),
		})
	}
	return o, nil
}

// pausedList is what is paused, never nil: clients read a list.
func (q *Queue) pausedList() Pauses { return append(Pauses{}, q.Paused()...) }

// Outlook says when a job may begin and end. What can't be read is not said.
func (q *Queue) Outlook(ctx context.Context, job *core.Record) Outlook {
	switch job.GetString("status") {
	case StatusPending, StatusProcessing:
	default:
		return Outlook{}
	}
	standing, err := q.standing(ctx)
	if err != nil {
		q.logger.Warn("look at the queue", "error", err)
		return Outlook{}
	}
	return q.outlook(ctx, standing, job)
}

func (q *Queue) outlook(ctx context.Context, s *standing, job *core.Record) (o Outlook) {
	kind, now := job.GetString("kind"), q.now()
	if job.GetString("status") == StatusProcessing {
		left, known := q.left(runningJob{kind: kind, started: job.GetDateTime("started_at").Time(), progress: job.GetFloat("progress")}, now)
		if known {
			o.EstimatedEnd = rfc3339(now.Add(left))
		}
		return o
	}
	if job.GetString("status") != StatusPending || job.GetDateTime("run_at").Time().After(now) {
		return o
	}
	places, err := q.placesOf(ctx, s, job.GetString("user"))
	if err != nil {
		q.logger.Warn("look at the queue", "error", err)
		return o
	}
	at, ok := places[job.Id]
	if !ok { // it has just been created
		at = place{priority: job.GetInt("priority"), ahead: s.counts[job.GetInt("priority")][job.GetString("user")]}
	}
	o.Position = s.position(job.GetString("user"), at)
	takes := q.durations.of(kind)
	if takes == 0 || q.Paused().Has(kind) {
		return o
	}
	// What runs ends first; then those before it take as long as such jobs do, as
	// many at once as there are places.
	var work time.Duration
	for _, running := range s.running {
		left, known := q.left(running, now)
		if !known {
			return o
		}
		work += left
	}
	slots := min(q.concurrency, q.limitOf(kind))
	if len(s.counts[at.priority]) == 1 { // there is nobody else to take the rest
		slots = min(slots, q.perUser)
	}
	if len(s.running) < slots && o.Position <= slots-len(s.running) {
		work = 0
	} else {
		work = (work + time.Duration(o.Position-1)*takes) / time.Duration(slots)
	}
	o.EstimatedStart, o.EstimatedEnd = rfc3339(now.Add(work)), rfc3339(now.Add(work+takes))
	return o
}

// left is how long a running job still takes: by its own progress once that says
// something, else by how long others of its kind took.
func (q *Queue) left(job runningJob, now time.Time) (left time.Duration, known bool) {
	elapsed := now.Sub(job.started)
	if job.progress >= 0.1 && job.progress < 1 {
		return time.Duration(float64(elapsed) * (1 - job.progress) / job.progress), true
	}
	takes := q.durations.of(job.kind)
	return max(takes-elapsed, 0), takes > 0
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
