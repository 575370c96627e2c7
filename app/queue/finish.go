package queue

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxResult  = 16 << 10 // bytes of JSON
	maxMessage = 1000     // characters, the limit of the error field

	// holdRetry is the wait of a job that is held although nothing is paused: the pause has ended already, or its
	// handler created none.
	holdRetry = 5 * time.Second

	maxSnooze = time.Hour // so that a wait beyond Kind.MaxWait is noticed
)

// retryBackoff determines how long a failed job waits before its next attempt.
var retryBackoff = backoff.Policy{Base: 5 * time.Second, Max: 30 * time.Minute, Jitter: 0.25}

// retryDelay returns how long to wait after a failed attempt, which is never less than atLeast.
func retryDelay(attempt int, atLeast time.Duration) time.Duration {
	return max(retryBackoff.Delay(attempt), atLeast)
}

// Complete records that a job is completed, with its result. It returns ErrLeaseLost if the caller no
// longer holds the job, and a *Failure if the result cannot be encoded as JSON or is too large.
func (q *Queue) Complete(ctx context.Context, job Job, result any) error {
	raw, err := encodeResult(job, result)
	if err != nil {
		return err
	}
	return q.finish(ctx, job, StatusCompleted, Outcome(StatusCompleted), "", raw)
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
		err := fmt.Errorf("result of job %s has %d bytes, more than %d", job.ID, len(raw), maxResult)
		return "", Permanent(unexpected, err)
	}
	return string(raw), nil
}

// Fail records the error of an attempt and returns the job's new status:
//   - pending after a *SnoozeError or a *HoldError, which do not count as attempts;
//   - dead after a permanent *Failure, the last attempt, or snoozing for longer than Kind.MaxWait;
//   - otherwise failed, to be retried after a backoff.
//
// Instead of pending or failed, the status is cancelled if the job was cancelled in the meantime. Fail
// returns ErrLeaseLost if the caller no longer holds the job.
func (q *Queue) Fail(ctx context.Context, job Job, cause error) (Status, error) {
	failure := &Failure{Message: unexpected, Err: cause}
	if decision, ok := errors.AsType[handlerError](cause); ok {
		switch e := decision.(type) {
		case *SnoozeError:
			if job.Waited(q.now()) <= q.maxWait(job.Kind) {
				return q.snooze(ctx, job, e)
			}
			const format = "%s Gave up after waiting for %.0f hours. Retry once the problem is fixed."
			failure = Permanent(strings.TrimSpace(fmt.Sprintf(format, e.Message, q.maxWait(job.Kind).Hours())), cause)
		case *HoldError:
			return q.holdBack(ctx, job, e)
		case *Failure:
			failure = e
		}
	}
	message := failure.Message
	switch {
	case failure.Permanent:
		return StatusDead, q.finish(ctx, job, StatusDead, Outcome(StatusDead), message, shorten(message))
	case job.Attempt >= job.MaxAttempts:
		const format = "%s Gave up after attempt %d of %d. Retry once the problem is fixed."
		shown := fmt.Sprintf(format, message, job.Attempt, job.MaxAttempts)
		return StatusDead, q.finish(ctx, job, StatusDead, Outcome(StatusDead), message, shorten(shown))
	}
	return q.finishUnlessCancelled(ctx, job, StatusFailed, Outcome(StatusFailed), message,
		shorten(message+" It will be retried automatically."), q.timestamp(retryDelay(job.Attempt, failure.RetryAfter)))
}

// snooze ends a run that could not continue. Other jobs are held before the slot becomes free.
func (q *Queue) snooze(ctx context.Context, job Job, e *SnoozeError) (Status, error) {
	if e.HoldOthers > 0 {
		q.holds.add(job, q.now(), e.HoldOthers, cmp.Or(e.HoldReason, e.Message))
	}
	return q.finishUnlessCancelled(ctx, job, StatusPending, OutcomeSnoozed, e.Message,
		shorten(e.Message), q.timestamp(min(e.After, maxSnooze)), job.Attempt-1)
}

// holdBack ends a run that met the cause of a pause.
func (q *Queue) holdBack(ctx context.Context, job Job, e *HoldError) (Status, error) {
	wait := holdRetry
	if q.Paused().Has(job.Kind) || q.isPausedFor(userKind{job.UserID, job.Kind}) {
		wait = 0 // the pause lasts as long as it lasts
	}
	return q.finishUnlessCancelled(ctx, job, StatusPending, OutcomeHeld, e.Message, shorten(e.Message), q.timestamp(wait), job.Attempt-1)
}

// Release returns an unfinished job to the queue because the server stops. The attempt does not count.
// The new status is pending, or cancelled if the job was cancelled in the meantime. Release returns
// ErrLeaseLost if the caller no longer holds the job.
func (q *Queue) Release(ctx context.Context, job Job) (Status, error) {
	return q.finishUnlessCancelled(ctx, job, StatusPending, OutcomeReleased, "", "", q.timestamp(0), job.Attempt-1)
}

// Cancelled records that a worker has stopped a job because it was cancelled. It returns ErrLeaseLost if
// the caller no longer holds the job.
func (q *Queue) Cancelled(ctx context.Context, job Job) error {
	return q.finish(ctx, job, StatusCancelled, Outcome(StatusCancelled), "")
}

// finishUnlessCancelled ends a run with a status that leads to another run, or with cancelled if the job
// was cancelled in the meantime.
func (q *Queue) finishUnlessCancelled(
	ctx context.Context, job Job, status Status, outcome Outcome, message string, args ...any,
) (Status, error) {
	err := q.finish(ctx, job, status, outcome, message, args...)
	if !errors.Is(err, ErrLeaseLost) {
		return status, err
	}
	return StatusCancelled, q.Cancelled(ctx, job)
}

// finish ends a run and its claim, and writes its last report. message goes into the history; args are the
// parameters that only the statement of this status has. A job that is completed or cancelled becomes pending
// instead if it must run again. finish returns ErrLeaseLost if the caller no longer holds the job, or if the
// status leads to another run and the job was cancelled.
func (q *Queue) finish(
	ctx context.Context, job Job, status Status, outcome Outcome, message string, args ...any,
) error {
	defer q.endRun(job, status)
	written, err := q.writeFinish(ctx, &q.sql, job, status, outcome, message, args...)
	if errors.Is(err, ErrLeaseLost) && q.updateRowID(ctx, &job) {
		written, err = q.writeFinish(ctx, &q.sql, job, status, outcome, message, args...)
	}
	if err == nil || errors.Is(err, ErrLeaseLost) && status.IsFinished() { // otherwise the caller tries again
		q.reports.end(job)
	}
	if err != nil {
		return err
	}
	q.recordFinished(job, status, written)
	if written == StatusDead {
		q.reportDead(ctx, job, message)
	}
	return nil
}

// writeFinish writes the end of a run and returns the status that it led to, which is pending instead of
// completed or cancelled if the job must run again.
func (q *Queue) writeFinish(
	ctx context.Context, db preparer, job Job, status Status, outcome Outcome, message string, args ...any,
) (Status, error) {
	now := q.now()
	entry := job.historyEntry(now, outcome, shorten(message))
	history, err := appendHistory(job.history, entry)
	if outcome == OutcomeSnoozed || outcome == OutcomeHeld {
		history, err = appendWait(job.history, entry)
	}
	if err != nil {
		return "", fmt.Errorf("encode the history of job %s: %w", job.ID, err)
	}
	params := append(job.fence(), formatTime(now), history)
	var stage, progress any
	if latest, ok := q.reports.latest(job.claimID()); ok {
		stage, progress = latest.stage, latest.progress
	}
	changed, err := execute(ctx, db, finishSQL[status], append(append(slices.Clone(params), stage, progress), args...)...)
	if err == nil && changed == 0 && (status == StatusCompleted || status == StatusCancelled) {
		var result any
		if status == StatusCompleted {
			result = args[0]
		}
		status = StatusPending
		changed, err = execute(ctx, db, againSQL, append(params, q.maxAttempts(job.Kind), result)...)
	}
	if err != nil {
		return "", fmt.Errorf("record job %s as %s: %w", job.ID, status, err)
	}
	if changed == 0 {
		return "", fmt.Errorf("record job %s as %s: %w", job.ID, status, ErrLeaseLost)
	}
	return status, nil
}

// recordFinished updates the state in memory after a run has ended with a status, which led to the written one.
func (q *Queue) recordFinished(job Job, status, written Status) {
	if status == StatusCompleted {
		q.durations.record(job.Kind, q.now().Sub(job.Started))
	}
	q.events.publish(job.change(written))
	if written != status { // the job must run again
		q.Wake()
	}
}

// updateRowID updates the rowid of a job, which a VACUUM may have changed since the claim, and reports
// whether it has changed.
func (q *Queue) updateRowID(ctx context.Context, job *Job) bool {
	var rowid int64
	err := q.app.NonconcurrentDB().NewQuery(rowIDSQL).Bind(dbx.Params{"id": job.ID}).WithContext(ctx).Row(&rowid)
	if err != nil || rowid == job.rowid {
		return false
	}
	job.rowid = rowid
	return true
}

// fence returns the parameters of fenceWhere, which ensure that the caller still holds the job.
func (j Job) fence() []any { return []any{j.rowid, j.ID, j.WorkerID, j.Attempt, j.claim} }

func shorten(message string) string { return sanitize.Truncate(message, maxMessage) }
