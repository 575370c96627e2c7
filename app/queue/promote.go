package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Promote makes the jobs ready whose run_at has passed: failed jobs, which become pending again, and
// pending jobs that were scheduled for a later time.
func (q *Queue) Promote(ctx context.Context) error {
	if err := q.releasePaused(ctx); err != nil {
		return err
	}
	for _, text := range []string{promoteScheduledSQL, promoteFailedSQL} {
		for {
			promoted, err := q.promoteBatch(ctx, text, q.timestamp(0))
			if err != nil {
				return fmt.Errorf("promote due jobs: %w", err)
			}
			if promoted == 0 {
				break
			}
		}
	}
	return nil
}

// promoteBatch runs a statement that makes jobs ready and returns their ids, users and kinds. It returns how many
// there were.
func (q *Queue) promoteBatch(ctx context.Context, text string, args ...any) (int, error) {
	statement, err := q.sql.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	rows, err := statement.QueryContext(ctx, args...)
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
	for _, change := range changes { // the UPDATE has committed, because all its rows have been read
		q.events.publish(change)
	}
	return len(changes), nil
}

// NextRun returns the earliest run_at of the jobs that Promote has not made ready yet. ok is false if
// there are none.
func (q *Queue) NextRun(ctx context.Context) (at time.Time, ok bool, err error) {
	statement, err := q.sql.prepare(ctx, nextRunSQL)
	if err != nil {
		return time.Time{}, false, err
	}
	var next string
	if err = statement.QueryRowContext(ctx).Scan(&next); err != nil {
		return time.Time{}, false, fmt.Errorf("find the next scheduled job: %w", err)
	}
	if next == "" {
		return time.Time{}, false, nil
	}
	at, err = parseTime(next)
	return at, err == nil, err
}
