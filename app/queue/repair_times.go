package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// clockTolerance is how far in the future a time of the past may be.
const clockTolerance = time.Minute

// waitSQL is the SQL expression of now plus the time between two columns.
func waitSQL(from, to string) string {
	return `strftime('%Y-%m-%d %H:%M:%fZ', {:now}, printf('+%.3f seconds', MAX(0, (julianday(` + to + `) - julianday(` + from + `)) * 86400)))`
}

var (
	repairJobsSQL = `UPDATE global_queue SET run_at = ` + waitSQL("updated", "run_at") + `, updated = {:now}
		WHERE status IN ('pending', 'failed') AND updated > {:later}`
	repairLeasesSQL = `UPDATE global_queue SET lease_expires_at = {:lease}
		WHERE status = 'processing' AND lease_expires_at > {:lease}`
	repairSystemSchedulesSQL = `UPDATE job_schedules SET next_run_at = ` + waitSQL("updated", "next_run_at") + `, updated = {:now}
		WHERE system = TRUE AND updated > {:later}`

	// lateSchedules is the condition of schedules that are due later than nextScheduled ever makes them.
	lateSchedules = `enabled = TRUE AND system = FALSE AND next_run_at != ''
		AND julianday(next_run_at) - julianday({:now}) > (every * 1.1 + 60) / 86400.0`
)

// RepairTimes makes jobs and schedules due at the right time after the clock was set back: what was written before then
// is stamped with a time that hasn't come yet, and would wait for it. Jobs and the server's own schedules keep the wait
// that they had when they were written, and schedules of users run within their interval. Times that users have chosen
// are kept, unless they were written by the wrong clock. RepairTimes changes nothing if the clock was right.
func (q *Queue) RepairTimes(ctx context.Context) error {
	err := q.app.RunInTransaction(func(tx core.App) error {
		params := dbx.Params{"now": q.timestamp(0), "later": q.timestamp(clockTolerance), "lease": q.timestamp(q.lease)}
		for _, text := range []string{repairJobsSQL, repairLeasesSQL, repairSystemSchedulesSQL} {
			if _, err := tx.NonconcurrentDB().NewQuery(text).Bind(params).WithContext(ctx).Execute(); err != nil {
				return err
			}
		}
		var late []*core.Record
		err := tx.RecordQuery(migrations.JobSchedules).
			AndWhere(dbx.NewExp(lateSchedules, dbx.Params{"now": q.timestamp(0)})).WithContext(ctx).All(&late)
		if err != nil {
			return err
		}
		for _, schedule := range late {
			schedule.Set("next_run_at", q.nextScheduled(schedule))
			if err := tx.SaveWithContext(ctx, schedule); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("repair the times of jobs and schedules: %w", err)
	}
	q.Wake()
	return nil
}
