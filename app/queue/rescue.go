package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// Rescue returns jobs to the queue whose lease has expired because their worker crashed or hangs. It
// skips jobs for which isRunning reports that they run in this process: their lease only seems to have
// expired, for example because the clock jumped.
func (q *Queue) Rescue(ctx context.Context, isRunning func(jobID string) bool) error {
	return q.rescue(ctx, expiredSQL, dbx.Params{"now": q.timestamp(0)}, isRunning)
}

// Recover returns every running job to the queue without waiting for its lease to expire. It may only be
// called before this process claims a job, and while no other process works on the database.
func (q *Queue) Recover(ctx context.Context) error {
	return q.rescue(ctx, orphansSQL, nil, func(string) bool { return false })
}

// orphan is a running job whose worker no longer runs it.
type orphan struct {
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

func (q *Queue) rescue(ctx context.Context, text string, params dbx.Params, isRunning func(jobID string) bool) error {
	var orphans []orphan
	if err := q.app.NonconcurrentDB().NewQuery(text).Bind(params).WithContext(ctx).All(&orphans); err != nil {
		return fmt.Errorf("find interrupted jobs: %w", err)
	}
	for _, o := range orphans {
		if isRunning(o.ID) {
			continue
		}
		if err := q.rescueJob(ctx, o); err != nil && !errors.Is(err, ErrLeaseLost) {
			return err
		}
	}
	return nil
}

// rescueJob ends a run on behalf of its worker. The fence does not include the lease, so a worker that
// renews the lease at this moment still loses the job, and its next heartbeat returns ErrLeaseLost.
func (q *Queue) rescueJob(ctx context.Context, o orphan) error {
	started, err := parseTime(o.Started)
	if err != nil {
		return err
	}
	job := Job{
		ID: o.ID, UserID: o.User, Kind: o.Kind, Attempt: o.Attempts, MaxAttempts: o.MaxAttempts,
		WorkerID: o.WorkerID, Started: started, rowid: o.RowID, claim: o.Claims, history: o.History,
	}
	const interrupted = "The job was interrupted."
	status := StatusPending
	switch {
	case o.CancelRequested:
		status = StatusCancelled
		err = q.finish(ctx, job, status, Outcome(status), interrupted)
	case o.Attempts >= o.MaxAttempts:
		status = StatusDead
		err = q.finish(ctx, job, status, OutcomeInterrupted, interrupted,
			fmt.Sprintf("The job was interrupted in attempt %d of %d and won't be retried automatically.", o.Attempts, o.MaxAttempts))
	default:
		err = q.finish(ctx, job, status, OutcomeInterrupted, interrupted,
			interrupted+" It will resume where it stopped.", q.timestamp(0), o.Attempts, nil)
	}
	if err == nil {
		q.logger.WarnContext(ctx, "rescued an interrupted job",
			"job", o.ID, "kind", o.Kind, "user", o.User, "worker", o.WorkerID, "attempt", o.Attempts, "status", status)
	}
	return err
}
