package transfer

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// RestartKept returns the transfer of a recording whose file is deleted to its beginning if the file was only kept here:
// the recording is at Fathom only, and can be copied again. The transfer keeps its record, because rules copy meetings
// without one. Where the meeting itself is being deleted, its transfer is about to follow, and stays as it is.
func RestartKept(app core.App, recordingID int64) error {
	transfers, err := app.FindAllRecords(schema.Transfers,
		dbx.HashExp{"recording_id": recordingID, "status": string(StatusStored), "deliver": false},
		dbx.NewExp("meeting IN (SELECT id FROM meetings)"))
	if err != nil {
		return fmt.Errorf("find the transfer of recording %d: %w", recordingID, err)
	}
	for _, transfer := range transfers {
		transfer.Set("job", "") // nobody has cancelled it
		transfer.Set("bytes_done", 0)
		setStatusOfJob(transfer, StatusCancelled, nil)
		if err := app.Save(transfer); err != nil {
			return fmt.Errorf("restart the transfer of recording %d: %w", recordingID, err)
		}
	}
	return nil
}

// isRestarted reports whether RestartKept has returned a transfer to its beginning, and no job has started it since.
func isRestarted(transfer *core.Record) bool {
	return statusOf(transfer) == StatusCancelled && transfer.GetString("job") == ""
}
