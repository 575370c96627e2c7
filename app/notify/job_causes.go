package notify

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
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
// reported that Fathom refuses it, or one has reported that the syncs before have failed as well.
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
	if known, err := s.hasFailedBefore(db, job); err != nil || known {
		return err
	}
	return notice.Add(db.App, notice.Notice{
		Cause: causeOfSync(job.Id), Kind: notice.SyncFailed, Text: "Your meetings could not be synced. " + job.GetString("error"),
	})
}

// maxFailedBefore limits the syncs in which the notice of a cause is looked for. The oldest ones have it.
const maxFailedBefore = 100

// hasFailedBefore reports whether a notice has reported a sync that failed since the last one that worked. A dead sync
// alone doesn't show that: the server may have been killed before it reported the sync.
func (s *Service) hasFailedBefore(db *userdb.Database, sync *core.Record) (bool, error) {
	var failed []string
	err := s.app.ConcurrentDB().NewQuery("SELECT [[id]] FROM {{" + migrations.GlobalQueue + "}} WHERE [[user]] = {:user} AND [[kind]] = {:kind}" +
		" AND [[status]] = 'dead' AND [[id]] != {:id} AND [[finished_at]] <= {:ended} AND [[finished_at]] > COALESCE((" +
		"SELECT MAX([[finished_at]]) FROM {{" + migrations.GlobalQueue + "}} WHERE [[user]] = {:user} AND [[kind]] = {:kind}" +
		" AND [[status]] = 'completed' AND [[finished_at]] <= {:ended}), '') ORDER BY [[finished_at]] LIMIT {:limit}").
		Bind(dbx.Params{
			"user": sync.GetString("user"), "kind": kindSync, "id": sync.Id, "ended": sync.GetString("finished_at"), "limit": maxFailedBefore,
		}).Column(&failed)
	if err != nil {
		return false, fmt.Errorf("find failed syncs: %w", err)
	}
	if len(failed) == 0 {
		return false, nil
	}
	causes := make([]any, len(failed))
	for i, id := range failed {
		causes[i] = causeOfSync(id)
	}
	reported, err := db.App.CountRecords(schema.Notices, dbx.In("cause", causes...))
	if err != nil {
		return false, fmt.Errorf("find notices of failed syncs: %w", err)
	}
	return reported > 0, nil
}

func causeOfSync(jobID string) string { return "sync:" + jobID }

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
	if schedule.GetString("kind") == kindSync {
		name = "The automatic sync"
	}
	return notice.Add(db.App, notice.Notice{
		Cause: "schedule:" + work.Schedule + ":" + work.Run, Kind: notice.ScheduleStopped,
		Text: name + " has stopped. " + schedule.GetString("stopped"),
	})
}
