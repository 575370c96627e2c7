package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const maxSchedulesPerUser = 10

// PrepareSchedule checks a schedule that a user creates or changes, and sets what
// isn't theirs to set. It returns an *InvalidJob where it is refused.
func (q *Queue) PrepareSchedule(app core.App, record *core.Record, userID string) error {
	_, payload, key, err := q.check(record.GetString("kind"), record.GetString("payload"), userID)
	if err != nil {
		return err
	}
	before := record.Original()
	record.IgnoreUnchangedFields(!record.IsNew()) // it may be running at this moment
	if record.IsNew() {
		var all, same int
		err := app.DB().Select("COUNT(*)", "COUNT(CASE WHEN dedupe_key = {:key} THEN 1 END)").From(migrations.JobSchedules).
			Where(dbx.HashExp{"user": userID}).Bind(dbx.Params{"key": key}).Row(&all, &same)
		switch {
		case err != nil:
			return fmt.Errorf("count the schedules of user %s: %w", userID, err)
		case same > 0:
			return &InvalidJob{Field: "kind", Message: "You have a schedule for this already. Change that one."}
		case all >= maxSchedulesPerUser:
			return &InvalidJob{Field: "kind", Message: fmt.Sprintf("You have %d schedules, which is as many as fit. Delete one first.", all)}
		}
		record.Set("enabled", true)
	} else if key != before.GetString("dedupe_key") || string(payload) != before.GetString("payload") {
		return &InvalidJob{Field: "payload", Message: "Delete this schedule and create another for other work."}
	}
	record.Set("user", userID)
	record.Set("payload", types.JSONRaw(payload))
	record.Set("dedupe_key", key)
	record.Set("last_job", before.GetString("last_job"))
	record.Set("error", before.GetString("error"))
	record.Set("next_run_at", before.GetString("next_run_at"))
	if record.IsNew() || record.GetInt("every") != before.GetInt("every") || record.GetBool("enabled") != before.GetBool("enabled") {
		record.Set("next_run_at", q.stamp(time.Duration(record.GetInt("every"))*time.Second))
		record.Set("error", "")
	}
	return nil
}

// EnqueueScheduled creates the jobs of the schedules that are due. One whose last
// job is still active is left out this time; what was missed is made up for once.
func (q *Queue) EnqueueScheduled(ctx context.Context) error {
	var due []string
	err := q.app.ConcurrentDB().Select("id").From(migrations.JobSchedules).
		Where(dbx.NewExp("enabled = TRUE AND next_run_at <= {:now}", dbx.Params{"now": q.stamp(0)})).
		OrderBy("next_run_at").Limit(500).WithContext(ctx).Column(&due)
	if err != nil {
		return fmt.Errorf("look for schedules that are due: %w", err)
	}
	for _, id := range due { // one that fails is no reason to keep the others waiting
		if failed := q.enqueueScheduled(ctx, id); failed != nil && !errors.Is(failed, sql.ErrNoRows) {
			err = errors.Join(err, fmt.Errorf("run schedule %s: %w", id, failed))
		}
	}
	return err
}

// enqueueScheduled creates the job and moves the schedule on in one transaction.
func (q *Queue) enqueueScheduled(ctx context.Context, id string) error {
	return q.app.RunInTransaction(func(tx core.App) error {
		schedule, err := tx.FindRecordById(migrations.JobSchedules, id)
		if err != nil {
			return err
		}
		if !schedule.GetBool("enabled") || schedule.GetDateTime("next_run_at").Time().After(q.now()) {
			return nil // changed meanwhile
		}
		job, err := q.Add(ctx, tx, schedule.GetString("user"), schedule.GetString("kind"), schedule.GetString("payload"))
		var invalid *InvalidJob
		switch {
		case err == nil:
			schedule.Set("last_job", job)
			schedule.Set("error", "")
		case errors.As(err, &invalid):
			schedule.Set("error", invalid.Message)
		case !errors.Is(err, ErrDuplicate):
			return err
		}
		schedule.Set("next_run_at", q.stamp(time.Duration(schedule.GetInt("every"))*time.Second))
		return tx.SaveWithContext(ctx, schedule)
	})
}
