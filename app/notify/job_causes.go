package notify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// kindSync is the kind of the jobs that sync meetings.
const kindSync = "fathom.sync"

// JobDied creates the job that reports a sync that has failed. Other kinds are reported by the state that they leave in
// the user database, or not at all.
func (s *Service) JobDied(ctx context.Context, job queue.Job) error {
	if job.Kind != kindSync {
		return nil
	}
	_, err := s.queue.AddWith(ctx, s.app, job.UserID, KindSend, payload{Died: job.ID}.encode(), queue.AddOptions{})
	return err
}

// reportSync records the notice of a sync that failed, unless its owner knows the cause: no key is saved, a notice has
// reported that Fathom refuses it, or the sync before has failed as well.
func (s *Service) reportSync(db *userdb.Database, work payload) error {
	job, err := s.app.FindFirstRecordByFilter(migrations.GlobalQueue, "id = {:id} && user = {:user} && status = 'dead'",
		map[string]any{"id": work.Died, "user": db.UserID})
	if err != nil {
		return sqlite.IgnoreNoRows(err)
	}
	connection, err := findConnection(db.App, ProviderFathom)
	if err != nil || connection == nil || connection.GetString("status") == "invalid" {
		return err
	}
	if known, err := s.hasFailedBefore(job); err != nil || known {
		return err
	}
	return notice.Add(db.App, notice.Notice{
		Cause: "sync:" + job.Id, Kind: notice.SyncFailed, Text: "Your meetings could not be synced. " + job.GetString("error"),
	})
}

// hasFailedBefore reports whether the user's last sync that ended before a sync is dead.
func (s *Service) hasFailedBefore(sync *core.Record) (bool, error) {
	var status string
	err := s.app.ConcurrentDB().Select("status").From(migrations.GlobalQueue).
		Where(dbx.HashExp{"user": sync.GetString("user"), "kind": kindSync, "status": []any{string(queue.StatusCompleted), string(queue.StatusDead)}}).
		AndWhere(dbx.NewExp("id != {:id} AND finished_at <= {:ended}", dbx.Params{"id": sync.Id, "ended": sync.GetString("finished_at")})).
		OrderBy("finished_at DESC").Limit(1).Row(&status)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("find the last sync: %w", err)
	}
	return status == string(queue.StatusDead), nil
}

// ScheduleStopped creates the job that reports a schedule that was stopped because its runs failed. app is the
// transaction that stops it.
func (s *Service) ScheduleStopped(ctx context.Context, app core.App, schedule *core.Record) error {
	work := payload{Schedule: schedule.Id, Run: schedule.GetString("last_job")}
	_, err := s.queue.AddWith(ctx, app, schedule.GetString("user"), KindSend, work.encode(), queue.AddOptions{})
	return err
}

// reportSchedule records the notice of a stopped schedule, unless it runs again.
func (s *Service) reportSchedule(db *userdb.Database, work payload) error {
	schedule, err := s.app.FindFirstRecordByFilter(migrations.JobSchedules, "id = {:id} && user = {:user}",
		map[string]any{"id": work.Schedule, "user": db.UserID})
	if err != nil || schedule.GetString("stopped") == "" {
		return sqlite.IgnoreNoRows(err)
	}
	name := "The automatic " + schedule.GetString("kind")
	if schedule.GetString("kind") == "fathom.sync" {
		name = "The automatic sync"
	}
	return notice.Add(db.App, notice.Notice{
		Cause: "schedule:" + work.Schedule + ":" + work.Run, Kind: notice.ScheduleStopped,
		Text: name + " has stopped. " + schedule.GetString("stopped"),
	})
}
