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
	raw, err := encodeResult(job, result)
	if err != nil {
		return err
	}
	return q.settle(ctx, job, StatusCompleted, StatusCompleted, "", raw)
}

func encodeResult(job Job, result any) (string, error) {
	if result == nil {
		return "null", nil
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return "", Permanent(unexpected, fmt.Errorf("encode the result of job %s: %w", job.ID, err))
	}
	if len(raw) > maxResult {
		return "", Permanent(unexpected, fmt.Errorf("the result of job %s has %d bytes, more than %d", job.ID, len(raw), maxResult))
	}
	return string(raw), nil
}

// Fail records what went wrong and settles what becomes of the job: dead when
// the failure is permanent or the last attempt is spent, pending again without
// a spent attempt after a snooze, cancelled where that was asked for meanwhile,
// else failed until its next attempt.
func (q *Queue) Fail(ctx context.Context, job Job, cause error) (status string, err error) {
	failure := failureOf(cause)
	message := failure.Message
	gaveUp := fmt.Sprintf(" It was tried %d times and has been given up. Queue it again when that is mended.", job.Attempt)
	switch {
	case failure.Snooze:
		return q.orCancelled(ctx, job, StatusPending, OutcomeSnoozed, message, q.stamp(failure.RetryAfter), job.Attempt-1)
	case failure.Permanent:
		return StatusDead, q.settle(ctx, job, StatusDead, StatusDead, message, clip(message))
	case job.Attempt >= job.MaxAttempts:
		return StatusDead, q.settle(ctx, job, StatusDead, StatusDead, message, clip(message+gaveUp))
	}
	return q.orCancelled(ctx, job, StatusFailed, StatusFailed, message, q.stamp(backoff(job.Attempt, failure.RetryAfter)))
}

// Release gives an unfinished job back as pending without having spent an
// attempt, as when the server stops, unless its owner has asked to cancel it.
func (q *Queue) Release(ctx context.Context, job Job) (status string, err error) {
	return q.orCancelled(ctx, job, StatusPending, OutcomeReleased, "", q.stamp(0), job.Attempt-1)
}

// Cancelled records that a job was stopped because that was asked for.
func (q *Queue) Cancelled(ctx context.Context, job Job) error {
	return q.settle(ctx, job, StatusCancelled, StatusCancelled, "")
}

// orCancelled settles a job as one to be run again, or as cancelled where that
// was asked for.
func (q *Queue) orCancelled(ctx context.Context, job Job, status, outcome, message string, args ...any) (string, error) {
	shown := message
	if status == StatusFailed {
		shown += " It will be tried again."
	}
	err := q.settle(ctx, job, status, outcome, message, append([]any{clip(shown)}, args...)...)
	if !errors.Is(err, ErrLeaseLost) {
		return status, err
	}
	return StatusCancelled, q.Cancelled(ctx, job)
}

// settleSQL is how a run ends in each status.
var settleSQL = map[string]string{
	StatusCompleted: completeSQL, StatusDead: deadSQL, StatusCancelled: cancelledSQL, StatusFailed: failedSQL, StatusPending: returnSQL,
}

// settle ends a claim: the job is nobody's afterwards. args are the statement's
// own, after the job's fence, the time and the history.
func (q *Queue) settle(ctx context.Context, job Job, status, outcome, message string, args ...any) error {
	defer q.ended(job)
	if err := q.writeWhereverItIs(ctx, job, status, outcome, message, args...); err != nil {
		return err
	}
	q.settled(job, status)
	return nil
}

func (q *Queue) writeWhereverItIs(ctx context.Context, job Job, status, outcome, message string, args ...any) error {
	err := q.write(ctx, &q.sql, job, status, outcome, message, args...)
	if errors.Is(err, ErrLeaseLost) && q.relocate(ctx, &job) {
		err = q.write(ctx, &q.sql, job, status, outcome, message, args...)
	}
	return err
}

// relocate finds out whether a job has another row than when it was claimed.
func (q *Queue) relocate(ctx context.Context, job *Job) (moved bool) {
	var rowid int64
	err := q.app.NonconcurrentDB().Select("rowid").From(migrations.GlobalQueue).Where(dbx.HashExp{"id": job.ID}).WithContext(ctx).Row(&rowid)
	moved = err == nil && rowid != job.rowid
	job.rowid = rowid
	return moved
}

// settled takes note of what has been written.
func (q *Queue) settled(job Job, status string) {
	if status == StatusCompleted {
		q.durations.add(job.Kind, q.now().Sub(job.Started))
	}
	q.note(Change{ID: job.ID, UserID: job.UserID, Kind: job.Kind, Status: status, Action: ActionUpdate})
}

func (q *Queue) write(ctx context.Context, in source, job Job, status, outcome, message string, args ...any) error {
	now := q.now()
	history, err := appended(job.history, job.attempt(now, outcome, clip(message)))
	if err != nil {
		return fmt.Errorf("write the history of job %s: %w", job.ID, err)
	}
	changed, err := exec(ctx, in, settleSQL[status], append(append(job.fence(), formatTime(now), history), args...)...)
	if err != nil {
		return fmt.Errorf("settle job %s as %s: %w", job.ID, status, err)
	}
	if changed == 0 {
		return fmt.Errorf("settle job %s as %s: %w", job.ID, status, ErrLeaseLost)
	}
	return nil
}

// fence is what proves that a job is still the caller's: the parameters ?1 to ?5
// of theirs.
func (j Job) fence() []any { return []any{j.rowid, j.ID, j.WorkerID, j.Attempt, j.claim} }

func clip(message string) string { return fmt.Sprintf("%.1000s", message) }
