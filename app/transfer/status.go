package transfer

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

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

// underWay are the statuses of a transfer that a job should be working on.
var underWay = []string{StatusQueued, StatusFetching, StatusDownloading, StatusStored, StatusUploading}

func isUnderWay() dbx.Expression { return dbx.In("status", list.ToInterfaceSlice(underWay)...) }

// UnderWay reports whether a recording is being transferred.
func UnderWay(db core.App, recordingID int) (bool, error) {
	of := dbx.HashExp{"recording_id": recordingID}
	count, err := db.CountRecords(schema.Transfers, of, isUnderWay())
	if err != nil {
		return false, fmt.Errorf("look for a transfer of recording %d: %w", recordingID, err)
	}
	return count > 0, nil
}

// modify changes the transfer of a meeting, which it makes first where there is
// none. It reads and writes in one transaction, so that two writers never undo
// each other's change. A delivered transfer stays as it is.
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
		if transfer.GetString("status") == StatusDelivered {
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
		return nil, fmt.Errorf("record the transfer of recording %d: %w", meeting.GetInt("recording_id"), err)
	}
	return transfer, nil
}
