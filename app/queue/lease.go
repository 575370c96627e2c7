package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Heartbeat renews the lease of a job. If it returns ErrLeaseLost or ErrCancelled, the worker must stop
// the job.
func (q *Queue) Heartbeat(ctx context.Context, job Job) error {
	return q.renewLease(ctx, job, heartbeatSQL, q.timestamp(q.lease))
}

func (q *Queue) renewLease(ctx context.Context, job Job, text string, args ...any) error {
	statement, err := q.sql.prepare(ctx, text)
	if err != nil {
		return err
	}
	var cancelRequested bool
	err = statement.QueryRowContext(ctx, append(job.fence(), args...)...).Scan(&cancelRequested)
	if errors.Is(err, sql.ErrNoRows) && q.updateRowID(ctx, &job) {
		err = statement.QueryRowContext(ctx, append(job.fence(), args...)...).Scan(&cancelRequested)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		q.endLocalClaim(job)
		return fmt.Errorf("renew the lease of job %s: %w", job.ID, ErrLeaseLost)
	case err != nil:
		return fmt.Errorf("renew the lease of job %s: %w", job.ID, err)
	case cancelRequested:
		return ErrCancelled
	}
	return nil
}
