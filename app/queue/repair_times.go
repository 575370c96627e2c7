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
		var late []string
		if err := tx.NonconcurrentDB().NewQuery(lateSchedulesSQL).Bind(dbx.Params{"now": q.timestamp(0)}).WithContext(ctx).Column(&late); err != nil {
			return err
		}
		for _, id := range late {
			schedule, err := tx.FindRecordById(migrations.JobSchedules, id)
			if err != nil {
				return err
			}
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
