package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const maxResult = 16 << 10

// Complete records that a job is done, with its result. It returns
// ErrLeaseLost when the job is no longer the caller's, and a *Failure for a
// result that can't be stored.
func (q *Queue) Complete(ctx context.Context, job Job, result any) error {
	raw, err := json.Marshal(result)
	if err != nil {
		return Permanent(unexpected, fmt.Errorf("encode the result of job %s: %w", job.ID, err))
	}
	if len(raw) > maxResult {
		return Permanent(unexpected, fmt.Errorf("the result of job %s has %d bytes, more than %d", job.ID, len(raw), maxResult))
	}
	now := q.stamp(0)
	return q.finish(ctx, job, dbx.Params{
		"status": StatusCompleted, "result": string(raw), "error": "", "progress": 1, "finished_at": now,
	})
}

// Fail records what went wrong and settles what becomes of the job: dead when
// the failure is permanent or the last attempt is spent, pending again without
// a spent attempt after a snooze or a drain, else failed until its next attempt.
func (q *Queue) Fail(ctx context.Context, job Job, cause error) (status string, err error) {
	failure := failureOf(cause)
	message := failure.Message
	set := dbx.Params{}
	switch {
	case failure.Snooze:
		status = StatusPending
		set["run_at"] = q.stamp(failure.RetryAfter)
		set["attempts"] = job.Attempt - 1
	case failure.Permanent:
		status = StatusDead
		set["finished_at"] = q.stamp(0)
	case job.Attempt >= job.MaxAttempts:
		status = StatusDead
		set["finished_at"] = q.stamp(0)
		message += fmt.Sprintf(" It was tried %d times and has been given up. Queue it again when that is mended.", job.Attempt)
	default:
		status = StatusFailed
		set["run_at"] = q.stamp(backoff(job.Attempt, failure.RetryAfter))
		message += " It will be tried again."
	}
	set["status"] = status
	set["error"] = fmt.Sprintf("%.1000s", message)
	return status, q.finish(ctx, job, set)
}

// Release gives an unfinished job back as pending without having spent an
// attempt, as when the server stops.
func (q *Queue) Release(ctx context.Context, job Job) error {
	return q.finish(ctx, job, dbx.Params{"status": StatusPending, "attempts": job.Attempt - 1})
}

// Heartbeat extends the lease of a job. ErrLeaseLost means that the work must
// stop.
func (q *Queue) Heartbeat(ctx context.Context, job Job) error {
	return q.update(ctx, job, dbx.Params{"lease_expires_at": q.stamp(q.lease)})
}

// Progress records how far a job has come and extends its lease.
func (q *Queue) Progress(ctx context.Context, job Job, stage string, progress float64) error {
	err := q.update(ctx, job, dbx.Params{
		"stage": stage, "progress": min(max(progress, 0), 1),
		"lease_expires_at": q.stamp(q.lease), "updated": q.stamp(0),
	})
	if err == nil {
		q.emit(ctx, job.ID)
	}
	return err
}

// finish ends a claim: the job is nobody's afterwards.
func (q *Queue) finish(ctx context.Context, job Job, set dbx.Params) error {
	set["worker_id"], set["claimed_at"], set["lease_expires_at"] = "", "", ""
	set["updated"] = q.stamp(0)
	if err := q.update(ctx, job, set); err != nil {
		return err
	}
	q.emit(ctx, job.ID)
	return nil
}

// update writes to a job that the caller still holds, which the claim's worker,
// attempt and time together prove.
func (q *Queue) update(ctx context.Context, job Job, set dbx.Params) error {
	return q.compareAndSet(ctx, job.ID, set, dbx.HashExp{
		"status": StatusProcessing, "worker_id": job.WorkerID, "attempts": job.Attempt, "claimed_at": job.claimedAt,
	})
}

func (q *Queue) compareAndSet(ctx context.Context, id string, set dbx.Params, expected dbx.HashExp) error {
	expected["id"] = id
	result, err := q.app.NonconcurrentDB().Update(migrations.GlobalQueue, set, expected).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("update job %s: %w", id, err)
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("update job %s: %w", id, err)
	}
	if changed == 0 {
		return fmt.Errorf("update job %s: %w", id, ErrLeaseLost)
	}
	return nil
}

// Promote makes failed jobs whose time has come pending again.
func (q *Queue) Promote(ctx context.Context) error {
	return q.each(ctx, dbx.NewExp("status = 'failed' AND run_at <= {:now}", dbx.Params{"now": q.stamp(0)}), func(row leased) error {
		return q.compareAndSet(ctx, row.ID, dbx.Params{"status": StatusPending, "updated": q.stamp(0)},
			dbx.HashExp{"status": StatusFailed, "attempts": row.Attempts})
	})
}

// Rescue takes up jobs whose worker has not been heard of for the length of a
// lease. Those that the caller is running are left alone: it knows better than
// the clock, which may have jumped.
func (q *Queue) Rescue(ctx context.Context, running func(jobID string) bool) error {
	expired := dbx.NewExp("status = 'processing' AND lease_expires_at <= {:now}", dbx.Params{"now": q.stamp(0)})
	return q.each(ctx, expired, func(row leased) error {
		if running(row.ID) {
			return fmt.Errorf("job %s is running: %w", row.ID, ErrLeaseLost)
		}
		return q.reclaim(ctx, row)
	})
}

// Recover takes up every job that an earlier process left behind. It is only
// right before this process claims anything, in the one process that has the
// data directory.
func (q *Queue) Recover(ctx context.Context) error {
	return q.each(ctx, dbx.HashExp{"status": StatusProcessing}, func(row leased) error {
		return q.reclaim(ctx, row)
	})
}

type leased struct {
	ID          string `db:"id"`
	WorkerID    string `db:"worker_id"`
	Lease       string `db:"lease_expires_at"`
	Attempts    int    `db:"attempts"`
	MaxAttempts int    `db:"max_attempts"`
}

// each runs change on every job that matches and announces those it changed.
func (q *Queue) each(ctx context.Context, match dbx.Expression, change func(leased) error) error {
	var rows []leased
	err := q.app.ConcurrentDB().Select("id", "worker_id", "lease_expires_at", "attempts", "max_attempts").
		From(migrations.GlobalQueue).Where(match).WithContext(ctx).All(&rows)
	if err != nil {
		return fmt.Errorf("look for jobs to take up: %w", err)
	}
	for _, row := range rows {
		switch err := change(row); {
		case err == nil:
			q.emit(ctx, row.ID)
		case !errors.Is(err, ErrLeaseLost):
			return err
		}
	}
	return nil
}

func (q *Queue) reclaim(ctx context.Context, row leased) error {
	set := dbx.Params{
		"status": StatusPending, "worker_id": "", "claimed_at": "", "lease_expires_at": "",
		"error": "The work was interrupted. It continues where it stopped.", "updated": q.stamp(0),
	}
	if row.Attempts >= row.MaxAttempts {
		set["status"], set["finished_at"] = StatusDead, q.stamp(0)
		set["error"] = "The work was interrupted too many times and has been given up."
	}
	err := q.compareAndSet(ctx, row.ID, set, dbx.HashExp{
		"status": StatusProcessing, "worker_id": row.WorkerID, "attempts": row.Attempts, "lease_expires_at": row.Lease,
	})
	if err == nil {
		q.logger.Warn("took up an interrupted job", "job", row.ID, "worker", row.WorkerID, "attempt", row.Attempts, "status", set["status"])
	}
	return err
}
