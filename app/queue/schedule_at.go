package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// systemRetry is the wait before a system schedule tries again whose job was refused, because its user has the
// maximum number of active jobs.
const systemRetry = 10 * time.Minute

// dormantRetry is the wait before a system schedule of a dormant user is due again.
const dormantRetry = 6 * time.Hour

// ScheduleAt makes the server create a job for a user once, at the given time, or soon if that has passed. If the
// same work is scheduled already, the earlier of the two times remains, with its payload. A job of the same work
// that is running by then runs once more. Owners don't see such a schedule; it is deleted when its job is created.
// ScheduleAt has no effect if there is no such user. It returns an *InvalidJob for an unknown kind or an invalid
// payload. app may be a transaction.
func (q *Queue) ScheduleAt(ctx context.Context, app core.App, userID, kind, payload string, at time.Time) error {
	request, err := q.parseRequest(kind, payload, userID)
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(scheduleAtSQL).WithContext(ctx).Bind(dbx.Params{
		"id": core.GenerateDefaultRandomId(), "user": userID, "kind": kind, "payload": string(request.payload),
		"key": "system:" + request.key, "at": formatTime(at), "now": q.timestamp(0),
	}).Execute()
	if err != nil {
		return fmt.Errorf("schedule %s of user %s: %w", kind, userID, err)
	}
	return nil
}

// runSystemSchedule creates the job of a system schedule and deletes the schedule, or postpones it while its user is
// dormant. app is a transaction.
func (q *Queue) runSystemSchedule(ctx context.Context, app core.App, schedule *core.Record, dormant bool) error {
	if dormant {
		return q.postponeSchedule(ctx, app, schedule, dormantRetry, "")
	}
	_, err := q.AddWith(ctx, app, schedule.GetString("user"), schedule.GetString("kind"), schedule.GetString("payload"), AddOptions{Again: true})
	if invalid, ok := errors.AsType[*InvalidJob](err); ok {
		return q.postponeSchedule(ctx, app, schedule, systemRetry, invalid.Message)
	}
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(deleteScheduleSQL).Bind(dbx.Params{"id": schedule.Id}).WithContext(ctx).Execute()
	return err
}

// postponeSchedule makes a system schedule due again after a wait.
func (q *Queue) postponeSchedule(ctx context.Context, app core.App, schedule *core.Record, wait time.Duration, reason string) error {
	params := dbx.Params{"id": schedule.Id, "at": q.timestamp(wait), "now": q.timestamp(0), "error": reason}
	_, err := app.NonconcurrentDB().NewQuery(postponeScheduleSQL).Bind(params).WithContext(ctx).Execute()
	return err
}
