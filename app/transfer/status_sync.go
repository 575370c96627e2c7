package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// syncJobStatus sets the status of a job's transfer when no handler sets it, because the job is waiting,
// dead, cancelled or deleted. job may be a copy of a deleted record.
func (s *Service) syncJobStatus(ctx context.Context, job *core.Record) error {
	payload, err := decodeTransfer([]byte(job.GetString("payload")))
	if err != nil {
		return err
	}
	db, err := s.databases.AcquireForUser(ctx, job.GetString("user"))
	if registry.IsNotHere(err) {
		return nil // the user has been or is being deleted
	}
	if err != nil {
		return err
	}
	defer db.Release()
	meeting, err := db.App.FindFirstRecordByData(schema.Meetings, "recording_id", payload.RecordingID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the job itself reports the missing meeting
	}
	if err != nil {
		return fmt.Errorf("find meeting %d: %w", payload.RecordingID, err)
	}
	return s.syncStatus(db.Database, meeting, job.Id)
}

// Unfinished returns the work that the previous process may have left in a database: deletions, checks of links and of
// connections, and transfers whose status doesn't match their job. None of it waits for S3.
func (s *Service) Unfinished() []userdb.Unfinished {
	return []userdb.Unfinished{
		{
			Where:  "EXISTS (SELECT 1 " + interruptedDeletionsFrom + ")",
			Resume: func(db *userdb.Database) error { s.completeDeletionsLater(db.Name, 0); return nil },
		},
		{
			Where:  "EXISTS (SELECT 1 " + linksToCheckFrom + ")",
			Params: func() dbx.Params { return dueParams(s.now()) },
			Resume: func(db *userdb.Database) error { s.checkLinksLater(db.Name); return nil },
		},
		{ // the database may have been imported
			Where:  "EXISTS (SELECT 1 FROM {{" + schema.Recordings + "}} WHERE [[retained_until]] != '')",
			Resume: func(db *userdb.Database) error { return s.scheduleExpiry(context.Background(), db, time.Time{}) },
		},
		{
			Where: "EXISTS (SELECT 1 FROM {{" + schema.Connections + "}} WHERE " + s.connectionsToResume() + ")" +
				" OR EXISTS (SELECT 1 FROM {{" + schema.Transfers + "}} WHERE " + isActive + ")",
			Resume: s.resumeChecksAndTransfers,
		},
	}
}

// resumeChecksAndTransfers checks connections again and updates the statuses of transfers.
func (s *Service) resumeChecksAndTransfers(db *userdb.Database) error {
	if err := s.resumeConnections(db); err != nil {
		return err
	}
	active, err := db.App.FindAllRecords(schema.Transfers, dbx.NewExp(isActive))
	if err != nil {
		return fmt.Errorf("find active transfers: %w", err)
	}
	for _, transfer := range active {
		meeting, err := db.App.FindRecordById(schema.Meetings, transfer.GetString("meeting"))
		if err != nil {
			return fmt.Errorf("find the meeting of transfer %s: %w", transfer.Id, err)
		}
		if err := s.syncStatus(db, meeting, transfer.GetString("job")); err != nil {
			return err
		}
	}
	return nil
}

// syncStatus sets a transfer's status from its job. It reads the job inside the transaction, because the
// caller may act on an outdated event.
func (s *Service) syncStatus(db *userdb.Database, meeting *core.Record, jobID string) error {
	var discarded *savedUpload
	var findErr error
	_, err := updateTransfer(db.App, meeting, func(transfer *core.Record) {
		job, err := s.queue.Find(jobID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			findErr = err
			return
		}
		status := statusForJob(job)
		isOwnJob := transfer.GetString("job") == jobID || transfer.GetString("job") == ""
		switch {
		case status == "", statusOf(transfer) == StatusAwaitingShareURL:
			return
		case status != StatusQueued && !isOwnJob: // a newer job has started the transfer again
			return
		case status != StatusQueued && endsStored(transfer): // the job has ended, and its record was deleted
			return
		case status == StatusCancelled && isRestarted(transfer): // the same after the file was deleted
			return
		}
		transfer.Set("job", jobID)
		setStatusOfJob(transfer, status, job)
		if mustDiscardUpload(transfer, status) {
			discarded = detachUpload(transfer)
		}
	})
	if err := errors.Join(err, findErr); err != nil {
		return fmt.Errorf("sync the status of a transfer with job %s: %w", jobID, err)
	}
	s.abortUpload(db, discarded)
	return nil
}

// setStatusOfJob sets the status that a job implies for its transfer, and the job's error. A nil job means that the job
// was deleted.
func setStatusOfJob(transfer *core.Record, status Status, job *core.Record) {
	if wasDelivered(transfer) { // its error is about the link
		if status != StatusQueued {
			status = StatusDelivered
		}
		setStatus(transfer, status)
		return
	}
	setStatus(transfer, status)
	transfer.Set("error", "")
	if job != nil {
		transfer.Set("error", job.GetString("error"))
	}
}

// statusForJob returns the status that a job implies for its transfer, or a blank status if the handler
// determines it. A nil job means that the job was deleted.
func statusForJob(job *core.Record) Status {
	if job == nil {
		return StatusCancelled
	}
	status := queue.Status(job.GetString("status"))
	if status == queue.StatusPending && job.GetString("error") == "" && queue.IsSnoozed(job.GetString("history")) {
		return "" // the job waits between two steps, as its handler has recorded
	}
	return statusForJobStatus(status)
}

func statusForJobStatus(jobStatus queue.Status) Status {
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
