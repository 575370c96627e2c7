package queue

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Estimate is when a job is expected to start and end. Unknown times are empty.
type Estimate struct {
	Position       int    `json:"position"`        // approximate place in the queue, from 1; 0 unless the job is ready
	EstimatedStart string `json:"estimated_start"` // RFC 3339
	EstimatedEnd   string `json:"estimated_end"`
}

// Estimate estimates when a job starts and ends. If the queue cannot be read, it logs the error and
// returns an empty Estimate.
func (r *reader) Estimate(ctx context.Context, job *core.Record) Estimate {
	switch Status(job.GetString("status")) {
	case StatusPending, StatusProcessing:
	default:
		return Estimate{}
	}
	s, err := r.snapshot(ctx)
	if err != nil {
		r.logger.WarnContext(ctx, "failed to estimate when a job starts", "job", job.Id, "error", err)
		return Estimate{}
	}
	return r.estimate(ctx, s, job)
}

func (r *reader) estimate(ctx context.Context, s *snapshot, job *core.Record) Estimate {
	now := r.now()
	switch Status(job.GetString("status")) {
	case StatusProcessing:
		return r.estimateRunning(job, now)
	case StatusPending:
		if !job.GetDateTime("run_at").Time().After(now) {
			return r.estimateReady(ctx, s, job, now)
		}
	}
	return Estimate{}
}

func (r *reader) estimateRunning(job *core.Record, now time.Time) Estimate {
	progress := job.GetFloat("progress")
	if latest, ok := r.reports.latestOf(job); ok {
		progress = latest.progress
	}
	left, known := r.timeLeft(runningJob{
		kind: job.GetString("kind"), started: job.GetDateTime("started_at").Time(), progress: progress,
	}, now)
	if !known {
		return Estimate{}
	}
	return Estimate{EstimatedEnd: rfc3339(now.Add(left))}
}

func (r *reader) estimateReady(ctx context.Context, s *snapshot, job *core.Record, now time.Time) Estimate {
	kind, userID := job.GetString("kind"), job.GetString("user")
	if r.pauses.isPausedFor(userKind{userID, kind}) {
		return Estimate{}
	}
	ranks, err := r.ranksOf(ctx, s, userID)
	if err != nil {
		r.logger.WarnContext(ctx, "failed to estimate when a job starts", "job", job.Id, "error", err)
		return Estimate{}
	}
	own, ok := ranks[job.Id]
	if !ok { // created since the snapshot
		key := turn{r.kinds.lane(kind), job.GetInt("priority")}
		own = rank{key, s.counts[key][userID]}
	}
	e := Estimate{Position: s.position(userID, own)}
	duration := r.durations.average(kind)
	if duration == 0 || r.pauses.Paused().Has(kind) {
		return e
	}
	wait, known := r.timeUntilStart(s, e.Position, own.turn, kind, duration, now)
	if known {
		e.EstimatedStart, e.EstimatedEnd = rfc3339(now.Add(wait)), rfc3339(now.Add(wait+duration))
	}
	return e
}

// timeUntilStart returns how long a job at a position waits, which is until the running jobs and the jobs
// ahead of it in its lane have ended. It assumes that they are spread over all slots of the lane, and that
// the jobs ahead take as long as jobs of its own kind.
func (r *reader) timeUntilStart(
	s *snapshot, position int, own turn, kind string, duration time.Duration, now time.Time,
) (wait time.Duration, known bool) {
	var work time.Duration
	running := 0
	for _, job := range s.running {
		if r.kinds.lane(job.kind) != own.lane {
			continue
		}
		running++
		left, ok := r.timeLeft(job, now)
		if !ok {
			return 0, false
		}
		work += left
	}
	slots := min(r.limits.lanes[own.lane], r.kinds.limit(kind))
	if len(s.counts[own]) == 1 { // only this user has ready jobs in the round
		slots = min(slots, r.limits.perUser)
	}
	if position <= slots-running {
		return 0, true
	}
	return (work + time.Duration(position-1)*duration) / time.Duration(slots), true
}

// timeLeft returns how much longer a running job is expected to take. It uses the progress of the job
// once that is significant, and otherwise the average duration of its kind.
func (r *reader) timeLeft(job runningJob, now time.Time) (left time.Duration, known bool) {
	elapsed := now.Sub(job.started)
	if job.progress >= 0.1 && job.progress < 1 {
		return time.Duration(float64(elapsed) * (1 - job.progress) / job.progress), true
	}
	duration := r.durations.average(job.kind)
	return max(duration-elapsed, 0), duration > 0
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// durations keeps a moving average of how long the jobs of each kind take.
type durations struct {
	mu     sync.Mutex
	byKind map[string]time.Duration
}

func newDurations() durations { return durations{byKind: map[string]time.Duration{}} }

// latestWeight is the share of the latest job in the average.
const latestWeight = 0.2

func (d *durations) record(kind string, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if average, ok := d.byKind[kind]; ok {
		took = time.Duration(latestWeight*float64(took) + (1-latestWeight)*float64(average))
	}
	d.byKind[kind] = max(took, time.Millisecond)
}

// average returns the average duration of a kind, or 0 if no job of the kind has completed yet.
func (d *durations) average(kind string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byKind[kind]
}

// load records the durations of jobs that completed before this process started.
func (d *durations) load(ctx context.Context, app core.App) error {
	var latest []struct {
		Kind     string `db:"kind"`
		Started  string `db:"started_at"`
		Finished string `db:"finished_at"`
	}
	if err := app.ConcurrentDB().NewQuery(recentDurationsSQL).WithContext(ctx).All(&latest); err != nil {
		return fmt.Errorf("read durations of completed jobs: %w", err)
	}
	for _, job := range slices.Backward(latest) { // the latest job last, because it counts most
		started, err := parseTime(job.Started)
		if err != nil {
			return err
		}
		finished, err := parseTime(job.Finished)
		if err != nil {
			return err
		}
		d.record(job.Kind, finished.Sub(started))
	}
	return nil
}
