package transfer

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// keptWithoutFile is the SQL condition of the transfers that have ended with a stored file which was deleted since.
const keptWithoutFile = "[[status]] = 'stored' AND [[deliver]] = FALSE AND NOT EXISTS (SELECT 1 FROM {{" + schema.Recordings + "}}" +
	" WHERE {{" + schema.Recordings + "}}.[[recording_id]] = {{" + schema.Transfers + "}}.[[recording_id]]" +
	" AND {{" + schema.Recordings + "}}.[[file]] != '')"

// RestartKept returns the transfer of a recording whose file was deleted to its beginning if the file was only kept
// here: the recording is at Fathom only, and can be copied again.
func (s *Service) RestartKept(db *userdb.Database, recordingID int64) error {
	return restartKept(db.App, dbx.HashExp{"recording_id": recordingID})
}

// restartKept does what RestartKept does for all transfers that meet a condition. A transfer keeps its record, because
// rules copy meetings without one.
func restartKept(app core.App, condition dbx.Expression) error {
	err := app.RunInTransaction(func(tx core.App) error {
		transfers, err := tx.FindAllRecords(schema.Transfers, condition, dbx.NewExp(keptWithoutFile))
		if err != nil {
			return err
		}
		for _, transfer := range transfers {
			transfer.Set("job", "") // nobody has cancelled it
			transfer.Set("bytes_done", 0)
			setStatusOfJob(transfer, StatusCancelled, nil)
			if err := tx.Save(transfer); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("restart transfers whose files were deleted: %w", err)
	}
	return nil
}

// isRestarted reports whether RestartKept has returned a transfer to its beginning, and no job has started it since.
func isRestarted(transfer *core.Record) bool {
	return statusOf(transfer) == StatusCancelled && transfer.GetString("job") == ""
}
