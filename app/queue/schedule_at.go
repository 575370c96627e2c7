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

// runSystemSchedule creates the job of a system schedule and deletes the schedule. app is a transaction.
func (q *Queue) runSystemSchedule(ctx context.Context, app core.App, schedule *core.Record) error {
	_, err := q.AddWith(ctx, app, schedule.GetString("user"), schedule.GetString("kind"), schedule.GetString("payload"), AddOptions{Again: true})
	text, params := deleteScheduleSQL, dbx.Params{"id": schedule.Id}
	if invalid, ok := errors.AsType[*InvalidJob](err); ok {
		text = postponeScheduleSQL
		params["at"], params["error"] = q.timestamp(systemRetry), invalid.Message
	} else if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(text).Bind(params).WithContext(ctx).Execute()
	return err
}
