package transfer

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Status is the status of a transfer.
type Status string

// The statuses of a transfer.
const (
	StatusQueued           Status = "queued"
	StatusFetching         Status = "fetching"    // the details, then waiting for Fathom to prepare the file
	StatusDownloading      Status = "downloading" // bytes_done of bytes_total
	StatusStored           Status = "stored"
	StatusUploading        Status = "uploading"
	StatusAwaitingShareURL Status = "awaiting_share_url" // the user uploads the file and pastes the link
	StatusDelivered        Status = "delivered"
	StatusFailed           Status = "failed"
	StatusCancelled        Status = "cancelled"
)

// activeStatuses are the statuses of a transfer that has an active job.
var activeStatuses = []string{
	string(StatusQueued), string(StatusFetching), string(StatusDownloading), string(StatusStored), string(StatusUploading),
}

func whereActive() dbx.Expression {
	return dbx.In("status", list.ToInterfaceSlice(activeStatuses)...)
}

func statusOf(transfer *core.Record) Status { return Status(transfer.GetString("status")) }

func setStatus(transfer *core.Record, status Status) { transfer.Set("status", string(status)) }

func setDelivered(transfer *core.Record, shareURL string, at time.Time) {
	transfer.Set("share_url", shareURL)
	setStatus(transfer, StatusDelivered)
	transfer.Set("delivered_at", at)
}

// HasActiveTransfer reports whether a recording is being transferred.
func HasActiveTransfer(db core.App, recordingID int) (bool, error) {
	count, err := db.CountRecords(schema.Transfers, dbx.HashExp{"recording_id": recordingID}, whereActive())
	if err != nil {
		return false, fmt.Errorf("find active transfers of recording %d: %w", recordingID, err)
	}
	return count > 0, nil
}

// updateTransfer changes the transfer of a meeting, which it creates first if there is none. It reads
// and writes in one transaction, so that concurrent writers never overwrite each other's changes. A
// delivered transfer remains unchanged.
func updateTransfer(app core.App, meeting *core.Record, change func(transfer *core.Record)) (*core.Record, error) {
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
		if statusOf(transfer) == StatusDelivered {
			return nil
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
