package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// SetAutomaticInterval changes the interval of a user's schedule of a kind if the server has chosen it.
func (q *Queue) SetAutomaticInterval(ctx context.Context, userID, kind string, every time.Duration) error {
	seconds := int(every / time.Second)
	err := q.app.RunInTransaction(func(tx core.App) error {
		schedules, err := tx.FindAllRecords(migrations.JobSchedules,
			dbx.HashExp{"user": userID, "kind": kind, "system": false, "automatic": true}, dbx.NewExp("every != {:every}", dbx.Params{"every": seconds}))
		if err != nil {
			return err
		}
		for _, schedule := range schedules {
			schedule.Set("every", seconds)
			schedule.Set("next_run_at", q.nextScheduled(schedule))
			if err := tx.SaveWithContext(ctx, schedule); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("change the interval of %s for user %s: %w", kind, userID, err)
	}
	return nil
}

// AddAutomaticSchedule creates a schedule that its owner can change and delete, with the interval that the server
// chose (from 15 minutes to 30 days). It has no effect if the owner has a schedule for the same work, enabled or not,
// or the maximum number of schedules.
func (q *Queue) AddAutomaticSchedule(ctx context.Context, userID, kind, payload string, every time.Duration) error {
	err := q.app.RunInTransaction(func(tx core.App) error {
		collection, err := tx.FindCachedCollectionByNameOrId(migrations.JobSchedules)
		if err != nil {
			return err
		}
		schedule := core.NewRecord(collection)
		schedule.Set("kind", kind)
		schedule.Set("payload", payload)
		schedule.Set("every", int(every/time.Second))
		if err := q.PrepareSchedule(tx, schedule, userID); err != nil {
			if _, refused := errors.AsType[*InvalidJob](err); refused {
				return nil
			}
			return err
		}
		schedule.Set("automatic", true)
		return tx.SaveWithContext(ctx, schedule)
	})
	if err != nil {
		return fmt.Errorf("create schedule of %s for user %s: %w", kind, userID, err)
	}
	return nil
}
