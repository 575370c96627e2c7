package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// jobChanged brings a transfer's record in line with its job where no handler
// is at work: queued, waiting for another attempt, given up or withdrawn.
func (s *Service) jobChanged(ctx context.Context, job *core.Record) error {
	payload, err := decodeTransfer([]byte(job.GetString("payload")))
	if err != nil {
		return err
	}
	db, err := s.databases.AcquireOf(ctx, job.GetString("user"))
	if errors.Is(err, userdb.ErrNotFound) {
		return nil // the user is gone, or going
	}
	if err != nil {
		return err
	}
	defer db.Release()
	meeting, err := db.App.FindFirstRecordByData(schema.Meetings, "recording_id", payload.RecordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the job itself says that there is no such meeting
	}
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", payload.RecordingID, err)
	}
	return s.align(db.Database, meeting, job.Id)
}

// Opened takes up what the last process left in a database. What goes wrong with
// it is no reason to keep the owner out.
func (s *Service) Opened(db *userdb.Database) {
	if err := s.takeUp(db); err != nil {
		s.logger.Error("take up what was left in a user database", "database", db.Name, "error", err)
	}
}

// takeUp resumes the test of connections that were being tested, and aligns
// transfers that say something else than their jobs.
func (s *Service) takeUp(db *userdb.Database) error {
	var left int // mostly nothing: one question then, at every opening
	err := db.App.ConcurrentDB().NewQuery("SELECT EXISTS (SELECT 1 FROM {{" + schema.Connections + "}} WHERE [[status]] = {:checking})" +
		" OR EXISTS (SELECT 1 FROM {{" + schema.Transfers + "}} WHERE [[status]] IN ('" + strings.Join(underWay, "', '") + "'))").
		Bind(dbx.Params{"checking": ConnectionChecking}).Row(&left)
	if err != nil || left == 0 {
		return err
	}
	var checking []string
	err = db.App.ConcurrentDB().Select("id").From(schema.Connections).
		Where(dbx.HashExp{"provider": ProviderFathom, "status": ConnectionChecking}).Column(&checking)
	if err != nil {
		return fmt.Errorf("look for connections to test: %w", err)
	}
	for _, id := range checking {
		s.CheckConnection(db.Name, id)
	}

	active, err := db.App.FindAllRecords(schema.Transfers, isUnderWay())
	if err != nil {
		return fmt.Errorf("look for unfinished transfers: %w", err)
	}
	for _, transfer := range active {
		meeting, err := db.App.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
		if err != nil {
			return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
		}
		if err := s.align(db, meeting, transfer.GetString("job")); err != nil {
			return err
		}
	}
	return nil
}

// align writes to a transfer what its job says. It reads the job as it is at
// that moment: what brought us here may be an old message.
func (s *Service) align(db *userdb.Database, meeting *core.Record, jobID string) error {
	var ended bool
	var findErr error
	_, err := s.modify(db, meeting, func(transfer *core.Record) {
		job, err := s.queue.Find(jobID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			findErr = err
			return
		}
		status := impliedStatus(job)
		itsOwn := transfer.GetString("job") == jobID || transfer.GetString("job") == ""
		switch {
		case status == "", transfer.GetString("status") == StatusAwaitingShareURL:
			return
		case status != StatusQueued && !itsOwn: // another job has taken it up since
			return
		}
		transfer.Set("job", jobID)
		transfer.Set("status", status)
		transfer.Set("error", "")
		if job != nil {
			transfer.Set("error", job.GetString("error"))
		}
		ended = status != StatusQueued
	})
	if err := errors.Join(err, findErr); err != nil {
		return fmt.Errorf("align a transfer with job %s: %w", jobID, err)
	}
	if ended {
		return s.removePartials(db, int64(meeting.GetInt("recording_id")), "")
	}
	return nil
}

// impliedStatus is what a job makes of its transfer; "" while a handler is at
// work or has recorded the end itself. A nil job is one that was deleted.
func impliedStatus(job *core.Record) string {
	if job == nil {
		return StatusCancelled
	}
	return implied(queue.Status(job.GetString("status")))
}

func implied(jobStatus queue.Status) string {
	switch jobStatus {
	case queue.StatusPending, queue.StatusFailed:
		return StatusQueued
	case queue.StatusDead:
		return StatusFailed
	case queue.StatusCancelled:
		return StatusCancelled
	}
	return ""
}
