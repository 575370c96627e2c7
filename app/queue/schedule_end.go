package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	maxScheduleFailures = 3   // runs in a row that ended dead, after which a schedule stops
	maxStopped          = 300 // characters, the limit of the stopped field
)

// OnScheduleStopped sets the function that is called when a schedule stops because its runs failed, in the transaction
// that stops it. It must not be called once the queue is in use.
func (q *Queue) OnScheduleStopped(stopped func(ctx context.Context, tx core.App, schedule *core.Record) error) {
	q.onStopped = stopped
}

// OnDead sets the function that is called after a job has become dead. It must not be called once the queue is in use.
func (q *Queue) OnDead(died func(ctx context.Context, job Job) error) {
	q.onDead = died
}

// reportDead calls what follows from the end of a dead job. It only logs errors, because the job has ended in any case.
func (q *Queue) reportDead(ctx context.Context, job Job, message string) {
	q.recordScheduleFailure(ctx, job, message)
	if err := q.onDead(ctx, job); err != nil {
		q.logger.WarnContext(ctx, "failed to report a dead job", "job", job.ID, "user", job.UserID, "error", err)
	}
}

// recordScheduleFailure counts the failure of a dead job that a schedule created, and stops the schedule after
// maxScheduleFailures in a row. It only logs errors, because the job has ended in any case.
func (q *Queue) recordScheduleFailure(ctx context.Context, job Job, message string) {
	var ids []string
	err := q.app.ConcurrentDB().NewQuery(schedulesOfJobSQL).Bind(dbx.Params{"user": job.UserID, "job": job.ID}).WithContext(ctx).Column(&ids)
	for _, id := range ids {
		if err == nil {
			err = q.changeSchedule(ctx, id, func(schedule *core.Record) {
				failures := schedule.GetInt("failures") + 1
				schedule.Set("failures", failures)
				if failures >= maxScheduleFailures && schedule.GetString("stopped") == "" {
					schedule.Set("stopped", shortenStopped(fmt.Sprintf("The last %d runs failed: %s", failures, message)))
				}
			})
		}
	}
	if err != nil {
		q.logger.WarnContext(ctx, "failed to count the failure of a schedule", "job", job.ID, "user", job.UserID, "error", err)
	}
}

// resetFailures sets the number of failures to 0 unless the last job is dead or hasn't ended. app is a transaction.
func resetFailures(app core.App, schedule *core.Record) {
	if schedule.GetInt("failures") == 0 {
		return
	}
	last, err := app.FindRecordById(migrations.GlobalQueue, schedule.GetString("last_job"))
	if err == nil {
		if status := Status(last.GetString("status")); status == StatusDead || !status.IsFinished() {
			return
		}
	}
	schedule.Set("failures", 0)
}

// StopSchedules stops the schedules of a user whose kinds need a service, because they can only fail. The reason is
// a sentence for the owner. The schedules run again after ResumeSchedules, or when the owner changes them.
func (q *Queue) StopSchedules(ctx context.Context, userID, need, reason string) error {
	return q.changeSchedules(ctx, userID, need, func(schedule *core.Record) {
		if schedule.GetBool("enabled") && schedule.GetString("stopped") == "" {
			schedule.Set("stopped", shortenStopped(reason))
		}
	})
}

// ResumeSchedules ends the stop of a user's schedules whose kinds need a service, whatever its reason was. One job
// makes up for the runs that were missed.
func (q *Queue) ResumeSchedules(ctx context.Context, userID, need string) error {
	return q.changeSchedules(ctx, userID, need, func(schedule *core.Record) {
		schedule.Set("stopped", "")
		schedule.Set("failures", 0)
	})
}

func (q *Queue) changeSchedules(ctx context.Context, userID, need string, change func(*core.Record)) error {
	schedules, err := q.app.FindAllRecords(migrations.JobSchedules, dbx.HashExp{"user": userID, "system": false})
	if err != nil {
		return fmt.Errorf("find schedules of user %s: %w", userID, err)
	}
	kinds := q.needing(need)
	for _, schedule := range schedules {
		if !slices.Contains(kinds, schedule.GetString("kind")) {
			continue
		}
		if err := q.changeSchedule(ctx, schedule.Id, change); err != nil {
			return err
		}
	}
	return nil
}

// changeSchedule saves a schedule if change changes it. It has no effect if the schedule was deleted.
func (q *Queue) changeSchedule(ctx context.Context, id string, change func(*core.Record)) error {
	err := q.app.RunInTransaction(func(tx core.App) error {
		schedule, err := tx.FindRecordById(migrations.JobSchedules, id)
		if err != nil {
			return sqlite.IgnoreNoRows(err)
		}
		stopped, failures := schedule.GetString("stopped"), schedule.GetInt("failures")
		change(schedule)
		if schedule.GetString("stopped") == stopped && schedule.GetInt("failures") == failures {
			return nil
		}
		if err := tx.SaveWithContext(ctx, schedule); err != nil {
			return err
		}
		if stopped == "" && schedule.GetString("stopped") != "" && schedule.GetInt("failures") >= maxScheduleFailures {
			return q.onStopped(ctx, tx, schedule)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("change schedule %s: %w", id, err)
	}
	return nil
}

func shortenStopped(reason string) string { return sanitize.Truncate(reason, maxStopped) }
