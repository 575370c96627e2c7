package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const maxSchedulesPerUser = 10

// PrepareSchedule checks a schedule that a user creates or changes, and sets the fields that users
// cannot set. It returns an *InvalidJob if the schedule is refused. app may be a transaction.
func (q *Queue) PrepareSchedule(app core.App, record *core.Record, userID string) error {
	request, err := q.parseOwnerRequest(record.GetString("kind"), record.GetString("payload"), userID)
	if err != nil {
		return err
	}
	before := record.Original()
	if before.GetBool("system") {
		return &InvalidJob{Field: "kind", Message: "The server created this schedule for itself. It can't be changed."}
	}
	record.IgnoreUnchangedFields(!record.IsNew()) // enqueueScheduled may change them concurrently
	if record.IsNew() {
		if err := q.checkScheduleLimit(app, userID, request.key); err != nil {
			return err
		}
		record.Set("enabled", true)
	} else if request.key != before.GetString("dedupe_key") || string(request.payload) != before.GetString("payload") {
		return &InvalidJob{Field: "payload", Message: "The kind and payload of a schedule can't be changed. Delete it and create another."}
	}
	record.Set("user", userID)
	record.Set("system", false)
	record.Set("payload", types.JSONRaw(request.payload))
	record.Set("dedupe_key", request.key)
	record.Set("last_job", before.GetString("last_job"))
	record.Set("error", before.GetString("error"))
	record.Set("next_run_at", before.GetString("next_run_at"))
	record.Set("stopped", before.GetString("stopped"))
	record.Set("failures", before.GetInt("failures"))
	every := record.GetInt("every") != before.GetInt("every")
	record.Set("automatic", before.GetBool("automatic") && !every)
	resumed := before.GetString("stopped") != "" && record.GetBool("enabled")
	if record.IsNew() || every || resumed || record.GetBool("enabled") != before.GetBool("enabled") {
		record.Set("next_run_at", q.nextScheduled(record))
		record.Set("error", "")
		record.Set("stopped", "")
		record.Set("failures", 0)
	}
	return nil
}

// nextScheduled returns the next_run_at of a schedule that runs now. Up to a tenth of the interval is added at
// random, so that the schedules of many users spread out.
func (q *Queue) nextScheduled(schedule *core.Record) string {
	every := time.Duration(schedule.GetInt("every")) * time.Second
	if spread := every / 10; spread > 0 {
		every += rand.N(spread)
	}
	return q.timestamp(every)
}

func (q *Queue) checkScheduleLimit(app core.App, userID, key string) error {
	var schedules, duplicates int
	err := app.DB().NewQuery(countSchedulesSQL).Bind(dbx.Params{"user": userID, "key": key}).Row(&schedules, &duplicates)
	switch {
	case err != nil:
		return fmt.Errorf("count schedules of user %s: %w", userID, err)
	case duplicates > 0:
		return &InvalidJob{Field: "kind", Message: "You already have a schedule for this. Change that one instead."}
	case schedules >= maxSchedulesPerUser:
		return &InvalidJob{Field: "kind", Message: fmt.Sprintf("You already have %d schedules, the maximum. Delete one first.", schedules)}
	}
	return nil
}

// EnqueueScheduled creates the jobs of all schedules that are due. A schedule whose work is still active joins
// that job (see Kind.Merge). A schedule that missed several runs gets a single job. The schedules of dormant users
// skip their run.
func (q *Queue) EnqueueScheduled(ctx context.Context) error {
	var ids []string
	err := q.app.ConcurrentDB().NewQuery(dueSchedulesSQL).Bind(dbx.Params{"now": q.timestamp(0)}).WithContext(ctx).Column(&ids)
	if err != nil {
		return fmt.Errorf("find due schedules: %w", err)
	}
	for _, id := range ids { // a schedule that fails must not delay the others
		if failed := q.enqueueScheduled(ctx, id); failed != nil && !errors.Is(failed, sql.ErrNoRows) {
			err = errors.Join(err, fmt.Errorf("run schedule %s: %w", id, failed))
		}
	}
	return err
}

// enqueueScheduled creates the job and sets the next run in one transaction.
func (q *Queue) enqueueScheduled(ctx context.Context, id string) error {
	return q.app.RunInTransaction(func(tx core.App) error {
		schedule, err := tx.FindRecordById(migrations.JobSchedules, id)
		if err != nil {
			return err
		}
		if !schedule.GetBool("enabled") || schedule.GetString("stopped") != "" || schedule.GetDateTime("next_run_at").Time().After(q.now()) {
			return nil // changed since it was selected
		}
		dormant, err := q.isDormant(ctx, schedule.GetString("user"))
		if err != nil {
			return err
		}
		if schedule.GetBool("system") {
			return q.runSystemSchedule(ctx, tx, schedule, dormant)
		}
		if dormant {
			schedule.Set("next_run_at", q.nextScheduled(schedule))
			return tx.SaveWithContext(ctx, schedule)
		}
		resetFailures(tx, schedule)
		jobID, err := q.Add(ctx, tx, schedule.GetString("user"), schedule.GetString("kind"), schedule.GetString("payload"))
		invalid, isInvalid := errors.AsType[*InvalidJob](err)
		switch {
		case err == nil:
			schedule.Set("last_job", jobID)
			schedule.Set("error", "")
		case isInvalid:
			schedule.Set("error", invalid.Message)
		default:
			return err
		}
		schedule.Set("next_run_at", q.nextScheduled(schedule))
		return tx.SaveWithContext(ctx, schedule)
	})
}
