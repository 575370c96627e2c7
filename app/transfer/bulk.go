package transfer

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// TransferPlan says which of several recordings need a transfer. Each recording is in one of the lists.
type TransferPlan struct {
	New     []int64 // not transferred, or not as far as wanted
	Active  []int64 // being transferred
	Skipped []int64 // nothing is left to do for the server
}

// PlanTransfers finds out which recordings need a transfer, to Loom if deliver is set or otherwise only to the storage.
func (s *Service) PlanTransfers(ctx context.Context, db *userdb.Database, recordingIDs []int64, deliver bool) (plan TransferPlan, err error) {
	var rows []transferState
	err = db.App.ConcurrentDB().Select("recording_id", "status", "file_name", isActive+" AS active").From(schema.Transfers).WithContext(ctx).All(&rows)
	if err != nil {
		return plan, fmt.Errorf("list transfers: %w", err)
	}
	states := make(map[int64]transferState, len(rows))
	for _, row := range rows {
		states[row.RecordingID] = row
	}
	for _, id := range recordingIDs {
		list := &plan.New
		switch state := states[id]; {
		case state.Active:
			list = &plan.Active
		case state.hasReached(deliver):
			list = &plan.Skipped
		}
		*list = append(*list, id)
	}
	return plan, nil
}

// transferState is how far a transfer is. The zero value is that of a recording without one.
type transferState struct {
	RecordingID int64  `db:"recording_id"`
	Status      Status `db:"status"`
	FileName    string `db:"file_name"`
	Active      bool   `db:"active"`
}

// hasReached reports whether the server has done what it can. Audio doesn't go beyond the storage.
func (t transferState) hasReached(deliver bool) bool {
	switch t.Status {
	case StatusAwaitingShareURL, StatusDelivered:
		return true
	case StatusStored:
		return !deliver || loom.IsAudio(t.FileName)
	}
	return false
}

// TransferRequest is what a job should do with a recording.
type TransferRequest struct {
	Deliver bool // to Loom; otherwise only store the file
	ByHand  bool // leave the upload to the owner
	Options loom.Options
}

// AddTransfers creates the jobs that transfer recordings, in one transaction, unless active jobs do that already. It
// stops when the user has the maximum number of active jobs, and returns how many recordings it has come to.
func (s *Service) AddTransfers(ctx context.Context, db *userdb.Database, recordingIDs []int64, request TransferRequest) (done int, err error) {
	err = s.global.RunInTransaction(func(tx core.App) error {
		done = 0
		for _, id := range recordingIDs {
			switch err := s.addTransfer(ctx, tx, db, id, request); {
			case queue.IsFull(err):
				return nil
			case err != nil:
				return err
			}
			done++
		}
		return nil
	})
	return done, err
}

// addTransfer creates the job that transfers a recording. app is the global database, and may be a transaction.
func (s *Service) addTransfer(ctx context.Context, app core.App, db *userdb.Database, recordingID int64, request TransferRequest) error {
	payload, err := json.Marshal(transferPayload{
		RecordingID: recordingID, Deliver: request.Deliver, ByHand: request.ByHand, Options: request.Options,
	})
	if err != nil {
		return err
	}
	if _, err = s.queue.Add(ctx, app, db.UserID, KindTransfer, string(payload)); err != nil {
		return fmt.Errorf("add transfer of recording %d: %w", recordingID, err)
	}
	return nil
}
