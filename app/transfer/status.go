package transfer

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Status is the status of a transfer.
type Status string

// The statuses of a transfer.
const (
	StatusQueued           Status = "queued"
	StatusFetching         Status = "fetching"    // the details, then waiting for Fathom to prepare the file
	StatusDownloading      Status = "downloading" // bytes_done of bytes_total
	StatusStored           Status = "stored"      // for good, if the transfer isn't to be delivered
	StatusUploading        Status = "uploading"
	StatusAwaitingShareURL Status = "awaiting_share_url" // the user uploads the file and pastes the link
	StatusDelivered        Status = "delivered"
	StatusFailed           Status = "failed"
	StatusCancelled        Status = "cancelled"
)

// isActive is the SQL condition of the transfers that have an active job.
const isActive = "([[status]] IN ('queued', 'fetching', 'downloading', 'uploading') OR [[status]] = 'stored' AND [[deliver]] = TRUE)"

// endsStored reports whether a transfer has ended with its file stored here, because it isn't to be delivered.
func endsStored(transfer *core.Record) bool {
	return statusOf(transfer) == StatusStored && !transfer.GetBool("deliver")
}

// wasDelivered reports whether the recording is on Loom. While its file is fetched again, the transfer has another
// status than StatusDelivered, which it gets back at the end, whether or not that succeeds.
func wasDelivered(transfer *core.Record) bool {
	return !transfer.GetDateTime("delivered_at").IsZero()
}

func statusOf(transfer *core.Record) Status { return Status(transfer.GetString("status")) }

func setStatus(transfer *core.Record, status Status) { transfer.Set("status", string(status)) }

func setDelivered(transfer *core.Record, shareURL string, at time.Time) {
	transfer.Set("share_url", shareURL)
	setStatus(transfer, StatusDelivered)
	transfer.Set("delivered_at", at)
	transfer.Set("delivery", nil)
}

// HasActiveTransfer reports whether a recording is being transferred.
func HasActiveTransfer(db core.App, recordingID int) (bool, error) {
	count, err := db.CountRecords(schema.Transfers, dbx.HashExp{"recording_id": recordingID}, dbx.NewExp(isActive))
	if err != nil {
		return false, fmt.Errorf("find active transfers of recording %d: %w", recordingID, err)
	}
	return count > 0, nil
}

// updateTransfer is changeTransfer for all changes but those of delivered transfers, which remain unchanged.
func updateTransfer(app core.App, meeting *core.Record, change func(transfer *core.Record)) (*core.Record, error) {
	return changeTransfer(app, meeting, func(transfer *core.Record) {
		if statusOf(transfer) != StatusDelivered {
			change(transfer)
		}
	})
}

// changeTransfer changes the transfer of a meeting, which it creates first if there is none. It reads
// and writes in one transaction, so that concurrent writers never overwrite each other's changes.
func changeTransfer(app core.App, meeting *core.Record, change func(transfer *core.Record)) (*core.Record, error) {
	var transfer *core.Record
	err := app.RunInTransaction(func(tx core.App) (err error) {
		transfer, err = tx.FindFirstRecordByData(schema.Transfers, "recording_id", meeting.GetInt("recording_id"))
		if errors.Is(err, sql.ErrNoRows) {
			collection, err := tx.FindCachedCollectionByNameOrId(schema.Transfers)
			if err != nil {
				return err
			}
			transfer = core.NewRecord(collection)
			transfer.Set("meeting", meeting.Id)
			transfer.Set("recording_id", meeting.GetInt("recording_id"))
			setStatus(transfer, StatusQueued)
		} else if err != nil {
			return err
		}
		before := transfer.FieldsData()
		change(transfer)
		if !transfer.IsNew() && reflect.DeepEqual(before, transfer.FieldsData()) {
			return nil
		}
		return tx.Save(transfer)
	})
	if err != nil {
		return nil, fmt.Errorf("update the transfer of recording %d: %w", meeting.GetInt("recording_id"), err)
	}
	return transfer, nil
}
