package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Status of a transfer.
const (
	StatusQueued           = "queued"
	StatusFetching         = "fetching"    // details, then the wait for Fathom to make the file
	StatusDownloading      = "downloading" // bytes_done of bytes_total
	StatusStored           = "stored"
	StatusUploading        = "uploading"
	StatusAwaitingShareURL = "awaiting_share_url" // the owner uploads the file and pastes the link
	StatusDelivered        = "delivered"
	StatusFailed           = "failed"
	StatusCancelled        = "cancelled"
)

// modify changes the transfer of a meeting, which it makes first where there is
// none. It reads and writes in one transaction, so that two writers never undo
// each other's change.
func (s *Service) modify(db *userdb.Database, meeting *core.Record, change func(transfer *core.Record)) (*core.Record, error) {
	var transfer *core.Record
	err := db.App.RunInTransaction(func(tx core.App) (err error) {
		transfer, err = tx.FindFirstRecordByData(schema.Transfers, "recording_id", meeting.GetInt("recording_id"))
		if errors.Is(err, sql.ErrNoRows) {
			collection, err := tx.FindCachedCollectionByNameOrId(schema.Transfers)
			if err != nil {
				return err
			}
			transfer = core.NewRecord(collection)
			transfer.Set("meeting", meeting.Id)
			transfer.Set("recording_id", meeting.GetInt("recording_id"))
			transfer.Set("status", StatusQueued)
		} else if err != nil {
			return err
		}
		change(transfer)
		return tx.Save(transfer)
	})
	if err != nil {
		return nil, fmt.Errorf("record the transfer of recording %d: %w", meeting.GetInt("recording_id"), err)
	}
	return transfer, nil
}

// JobChanged brings a transfer's record in line with its job where no handler
// is at work: queued, waiting for another attempt, given up or withdrawn.
func (s *Service) JobChanged(ctx context.Context, job *core.Record, deleted bool) error {
	if job.GetString("kind") != KindTransfer {
		return nil
	}
	var status string
	switch {
	case deleted, job.GetString("status") == queue.StatusCancelled:
		status = StatusCancelled
	case job.GetString("status") == queue.StatusPending, job.GetString("status") == queue.StatusFailed:
		status = StatusQueued
	case job.GetString("status") == queue.StatusDead:
		status = StatusFailed
	default:
		return nil // a handler is at work or has recorded the end itself
	}

	payload, err := decodeTransfer([]byte(job.GetString("payload")))
	if err != nil {
		return err
	}
	db, err := s.databases.AcquireOf(ctx, job.GetString("user"))
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
	_, err = s.modify(db.Database, meeting, func(transfer *core.Record) {
		switch transfer.GetString("status") {
		case StatusDelivered, StatusAwaitingShareURL:
			return
		}
		transfer.Set("job", job.Id)
		transfer.Set("status", status)
		transfer.Set("error", job.GetString("error"))
	})
	return err
}
