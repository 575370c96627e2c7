package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Promote makes jobs ready whose time has come: failed ones that wait for another
// attempt, and those that were created for later.
func (q *Queue) Promote(ctx context.Context) error {
	for _, text := range []string{promoteScheduledSQL, promoteFailedSQL} {
		for more := true; more; {
			promoted, err := q.promote(ctx, text)
			if err != nil {
				return fmt.Errorf("look for jobs that are due: %w", err)
			}
			more = promoted > 0
		}
	}
	return nil
}

func (q *Queue) promote(ctx context.Context, text string) (promoted int, err error) {
	statement, err := q.sql.get(ctx, text)
	if err != nil {
		return 0, err
	}
	rows, err := statement.QueryContext(ctx, q.stamp(0))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var changes []Change
	for rows.Next() {
		change := Change{Status: StatusPending, Action: ActionUpdate}
		if err := rows.Scan(&change.ID, &change.UserID, &change.Kind); err != nil {
			return 0, err
		}
		changes = append(changes, change)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	for _, change := range changes { // only now are they committed
		q.note(change)
	}
	return len(changes), nil
}

// NextRun says when the next job that waits for its time is due; ok is false
// where none does.
func (q *Queue) NextRun(ctx context.Context) (at time.Time, ok bool, err error) {
	statement, err := q.sql.get(ctx, nextRunSQL)
	if err != nil {
		return at, false, err
	}
	var next string
	if err := statement.QueryRowContext(ctx).Scan(&next); err != nil {
		return at, false, fmt.Errorf("find the next scheduled job: %w", err)
	}
	if next == "" {
		return at, false, nil
	}
	at, err = parseTime(next)
	return at, err == nil, err
}

// Rescue takes up jobs whose worker has not been heard of for the length of a
// lease. Those that the caller is running are left alone: it knows better than
// the clock, which may have jumped.
func (q *Queue) Rescue(ctx context.Context, running func(jobID string) bool) error {
	return q.reclaim(ctx, dbx.NewExp("lease_expires_at <= {:now}", dbx.Params{"now": q.stamp(0)}), running)
}

// Recover takes up every job that an earlier process left behind, without waiting
// for its lease. It is only right before this process claims anything, and where no
// other may be at work on the database.
func (q *Queue) Recover(ctx context.Context) error {
	return q.reclaim(ctx, nil, func(string) bool { return false })
}

// abandoned is a job whose worker is gone.
type abandoned struct {
	RowID           int64  `db:"rowid"`
	ID              string `db:"id"`
	User            string `db:"user"`
	Kind            string `db:"kind"`
	WorkerID        string `db:"worker_id"`
	Started         string `db:"started_at"`
	Attempts        int    `db:"attempts"`
	MaxAttempts     int    `db:"max_attempts"`
	Claims          int    `db:"claims"`
	History         string `db:"history"`
	CancelRequested bool   `db:"cancel_requested"`
}

func (q *Queue) reclaim(ctx context.Context, match dbx.Expression, running func(jobID string) bool) error {
	var left []abandoned
	err := q.app.NonconcurrentDB().Select("rowid", "id", "user", "kind", "worker_id", "started_at", "attempts", "max_attempts", "claims",
		"COALESCE(history, '') AS history", "cancel_requested").
		From(migrations.GlobalQueue).Where(dbx.NewExp("status = 'processing'")).AndWhere(match).WithContext(ctx).All(&left)
	if err != nil {
		return fmt.Errorf("look for interrupted jobs: %w", err)
	}
	for _, a := range left {
		if running(a.ID) {
			continue
		}
		if err := q.takeUp(ctx, a); err != nil && !errors.Is(err, ErrLeaseLost) {
			return err
		}
	}
	return nil
}

// takeUp settles a job for the worker that can't. Its lease is no part of the
// fence: a worker that beats once more at this very moment has lost it all the
// same, and is told so by its next beat.
func (q *Queue) takeUp(ctx context.Context, a abandoned) error {
	started, err := parseTime(a.Started)
	if err != nil {
		return err
	}
	job := Job{
		ID: a.ID, UserID: a.User, Kind: a.Kind, Attempt: a.Attempts, MaxAttempts: a.MaxAttempts,
		WorkerID: a.WorkerID, Started: started, rowid: a.RowID, claim: a.Claims, history: a.History,
	}
	const interrupted = "The work was interrupted."
	status := StatusPending
	switch {
	case a.CancelRequested:
		status = StatusCancelled
		err = q.settle(ctx, job, status, status, interrupted)
	case a.Attempts >= a.MaxAttempts:
		status = StatusDead
		err = q.settle(ctx, job, status, OutcomeInterrupted, interrupted, "The work was interrupted too many times and has been given up.")
	default:
		err = q.settle(ctx, job, status, OutcomeInterrupted, interrupted, interrupted+" It continues where it stopped.", q.stamp(0), a.Attempts)
	}
	if err == nil {
		q.logger.Warn("took up an interrupted job", "job", a.ID, "kind", a.Kind, "user", a.User, "worker", a.WorkerID, "attempt", a.Attempts, "status", status)
	}
	return err
}
