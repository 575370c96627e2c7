package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Progress is written to a database once it is at least ProgressStep, from 0 to 1, and at least ProgressInterval
// away from what was written last. Clients receive it as often as it is reported.
const (
	ProgressStep     = 0.01
	ProgressInterval = 5 * time.Second
)

// writeInterval is the minimum time between two transactions that write the progress of running jobs.
const writeInterval = time.Second

// report is what a run has reported.
type report struct {
	stage    string
	progress float64 // from 0 to 1
	at       time.Time
}

// runReports holds the latest report of one run.
type runReports struct {
	job       Job
	latest    report
	written   report    // the last one in the database
	writtenAt time.Time // or the start of the run
	cancelled bool      // whether the last write found that the job is to be cancelled
}

// isDue reports whether the latest report must be written.
func (r *runReports) isDue(now time.Time) bool {
	const tolerance = 1e-9 // 0.06 - 0.05 is less than 0.01
	return r.latest.stage != r.written.stage ||
		math.Abs(r.latest.progress-r.written.progress) >= ProgressStep-tolerance && now.Sub(r.writtenAt) >= ProgressInterval
}

// reports holds the latest report of each run that this process has claimed. It must be created with newReports.
type reports struct {
	mu      sync.RWMutex
	byClaim map[claimID]*runReports

	unwritten background.Wake // signalled when there are reports that have not been written
	group     background.Group
}

func newReports() *reports {
	return &reports{byClaim: map[claimID]*runReports{}, unwritten: background.NewWake()}
}

func (r *reports) begin(job *Job, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	start := report{stage: job.Stage, progress: job.Progress, at: now}
	r.byClaim[job.claimID()] = &runReports{job: *job, latest: start, written: start, writtenAt: now}
}

// end has no effect if the run has already ended.
func (r *reports) end(job Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byClaim, job.claimID())
}

// latest returns the latest report of a run. ok is false unless the run is in progress in this process.
func (r *reports) latest(id claimID) (latest report, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	run, ok := r.byClaim[id]
	if !ok {
		return report{}, false
	}
	return run.latest, true
}

// latestOf returns the latest report of the current run of a job.
func (r *reports) latestOf(job *core.Record) (latest report, ok bool) {
	if Status(job.GetString("status")) != StatusProcessing {
		return report{}, false
	}
	return r.latest(claimID{job.Id, job.GetInt("claims")})
}

// Progress reports the stage of a job, of which the first 100 characters are kept, and its progress, from 0 to 1.
// Observers are notified; Start writes it to the database in its own time, and the end of the run always does.
// If Progress returns ErrLeaseLost or ErrCancelled, the worker must stop the job. It never waits.
func (q *Queue) Progress(job Job, stage string, progress float64) error {
	q.reports.mu.Lock()
	run, ok := q.reports.byClaim[job.claimID()]
	if ok {
		run.latest = report{stage: fmt.Sprintf("%.100s", stage), progress: min(max(progress, 0), 1), at: q.now()}
	}
	cancelled := ok && run.cancelled
	q.reports.mu.Unlock()
	switch {
	case !ok:
		return fmt.Errorf("report the progress of job %s: %w", job.ID, ErrLeaseLost)
	case cancelled:
		return ErrCancelled
	}
	q.reports.unwritten.Signal()
	q.events.publish(job.change(StatusProcessing))
	return nil
}

// ShowProgress changes the record of a running job to what it would be if every report were written at once. It
// doesn't read the database.
func (r *reader) ShowProgress(job *core.Record) {
	latest, ok := r.reports.latestOf(job)
	if !ok {
		return
	}
	job.Set("stage", latest.stage)
	job.Set("progress", latest.progress)
	if latest.at.After(job.GetDateTime("updated").Time()) {
		if at, err := types.ParseDateTime(formatTime(latest.at)); err == nil {
			job.SetRaw("updated", at) // Set ignores a date that PocketBase sets automatically
		}
	}
}

// writeReports writes reports until ctx ends.
func (q *Queue) writeReports(ctx context.Context) {
	interval := time.NewTimer(writeInterval)
	defer interval.Stop()
	for {
		select {
		case <-q.reports.unwritten.C():
		case <-ctx.Done():
			return
		}
		interval.Reset(writeInterval)
		select {
		case <-interval.C:
		case <-ctx.Done():
			return
		}
		waiting, err := q.WriteProgress(ctx)
		if err != nil && ctx.Err() == nil {
			q.logger.WarnContext(ctx, "failed to write the progress of running jobs", "error", err)
		}
		if waiting || err != nil {
			q.reports.unwritten.Signal()
		}
	}
}

// WriteProgress writes the reports that are due in one transaction, which also renews the leases of their jobs. It
// reports whether others are waiting until they are due. Start calls it once a second.
func (q *Queue) WriteProgress(ctx context.Context) (waiting bool, err error) {
	due, waiting := q.reports.due(q.now())
	if len(due) == 0 {
		return waiting, nil
	}
	tx, err := q.sql.begin(ctx, progressSQL)
	if err != nil {
		return waiting, fmt.Errorf("write the progress of jobs: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // has no effect after a commit
	statement, err := tx.prepare(ctx, progressSQL)
	if err != nil {
		return waiting, fmt.Errorf("write the progress of jobs: %w", err)
	}
	var written, lost []runReports
	for _, run := range due {
		err := statement.QueryRowContext(ctx, append(run.job.fence(), q.progressArgs(run.latest)...)...).Scan(&run.cancelled)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			lost = append(lost, run)
		case err != nil:
			return waiting, fmt.Errorf("write the progress of job %s: %w", run.job.ID, err)
		default:
			written = append(written, run)
		}
	}
	if err := tx.Commit(); err != nil {
		return waiting, fmt.Errorf("write the progress of jobs: %w", err)
	}
	q.reports.recordWritten(written, q.now())
	return waiting, q.writeLost(ctx, lost)
}

// writeLost writes the reports of runs that were not found. Their jobs belong to other workers by now, unless their
// rowids have changed.
func (q *Queue) writeLost(ctx context.Context, lost []runReports) error {
	for _, run := range lost {
		err := q.renewLease(ctx, run.job, progressSQL, q.progressArgs(run.latest)...)
		switch run.cancelled = errors.Is(err, ErrCancelled); {
		case errors.Is(err, ErrLeaseLost): // which has ended the run here
		case err != nil && !run.cancelled:
			return err
		default:
			q.reports.recordWritten([]runReports{run}, q.now())
		}
	}
	return nil
}

// progressArgs returns the parameters of progressSQL that follow those of the fence.
func (q *Queue) progressArgs(r report) []any {
	return []any{q.timestamp(q.lease), formatTime(r.at), r.stage, r.progress}
}

// due returns copies of the runs whose latest report must be written, and whether other reports must be later.
func (r *reports) due(now time.Time) (due []runReports, waiting bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, run := range r.byClaim {
		switch {
		case run.isDue(now):
			due = append(due, *run)
		case run.latest.progress != run.written.progress:
			waiting = true
		}
	}
	return due, waiting
}

// recordWritten records that the latest reports of runs, which due returned, have been written.
func (r *reports) recordWritten(runs []runReports, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, written := range runs {
		if run, ok := r.byClaim[written.job.claimID()]; ok {
			run.written, run.writtenAt, run.cancelled = written.latest, now, written.cancelled
		}
	}
}
