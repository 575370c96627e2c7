package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Heartbeat extends the lease of a job. ErrLeaseLost and ErrCancelled mean that
// the work must stop.
func (q *Queue) Heartbeat(ctx context.Context, job Job) error {
	return q.touch(ctx, job, heartbeatSQL, q.stamp(q.lease))
}

// Progress records how far a job has come and extends its lease. ErrLeaseLost and
// ErrCancelled mean that the work must stop.
func (q *Queue) Progress(ctx context.Context, job Job, stage string, progress float64) error {
	err := q.touch(ctx, job, progressSQL, q.stamp(q.lease), q.stamp(0), fmt.Sprintf("%.100s", stage), min(max(progress, 0), 1))
	if err == nil {
		q.note(Change{ID: job.ID, UserID: job.UserID, Kind: job.Kind, Status: StatusProcessing, Action: ActionUpdate})
	}
	return err
}

func (q *Queue) touch(ctx context.Context, job Job, text string, args ...any) error {
	statement, err := q.sql.get(ctx, text)
	if err != nil {
		return err
	}
	var cancelRequested bool
	err = statement.QueryRowContext(ctx, append(job.fence(), args...)...).Scan(&cancelRequested)
	if errors.Is(err, sql.ErrNoRows) && q.relocate(ctx, &job) {
		err = statement.QueryRowContext(ctx, append(job.fence(), args...)...).Scan(&cancelRequested)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		q.ended(job)
		return fmt.Errorf("extend the lease of job %s: %w", job.ID, ErrLeaseLost)
	case err != nil:
		return fmt.Errorf("extend the lease of job %s: %w", job.ID, err)
	case cancelRequested:
		return ErrCancelled
	}
	return nil
}
