package transfer

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// firstSyncRetry is the wait before the first sync is tried again of a user who has the maximum number of active jobs.
const firstSyncRetry = 10 * time.Minute

// keyAccepted continues what a refused key has stopped, starts a sync, and creates the default schedule unless the
// connection has had it before. The caller saves the new state of the connection afterwards, so that a crash repeats
// all of it, which does no harm. connection is its state before.
func (s *Service) keyAccepted(ctx context.Context, db *userdb.Database, connection *core.Record) error {
	isNew := s.isUnscheduled(connection) // also if a crash has followed the check of a key and its saving
	if isNew {
		if err := s.queue.AddAutomaticSchedule(ctx, db.UserID, KindSync, "{}", s.syncEvery); err != nil {
			return err
		}
	}
	if connectionStatusOf(connection) == ConnectionValid {
		if !isNew {
			return nil
		}
		if meetings, err := db.App.CountRecords("meetings"); err != nil || meetings > 0 { // a user of an earlier version
			return err
		}
	}
	if err := s.resumeWork(ctx, db); err != nil {
		return err
	}
	return s.startSync(ctx, db)
}

// startSync starts a sync unless syncs don't start by themselves.
func (s *Service) startSync(ctx context.Context, db *userdb.Database) error {
	if s.syncEvery == 0 {
		return nil
	}
	_, err := s.queue.Add(ctx, s.global, db.UserID, KindSync, "{}")
	if _, refused := errors.AsType[*queue.InvalidJob](err); refused {
		return s.queue.ScheduleAt(ctx, s.global, db.UserID, KindSync, "{}", s.now().Add(firstSyncRetry))
	}
	return err
}

// isUnscheduled reports whether a connection is still to get the default schedule.
func (s *Service) isUnscheduled(connection *core.Record) bool {
	return s.syncEvery > 0 && !connection.GetBool("scheduled")
}
