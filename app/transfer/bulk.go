package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	Waiting []int64 // handed over to the owner, but the server can upload them now
	Skipped []int64 // nothing is left to do for the server
}

// PlanTransfers finds out which recordings need what is requested.
func (s *Service) PlanTransfers(ctx context.Context, db *userdb.Database, recordingIDs []int64, request TransferRequest) (plan TransferPlan, err error) {
	canUpload := false
	if request.Deliver && !request.ByHand {
		if canUpload, err = s.canUpload(db); err != nil {
			return plan, err
		}
	}
	var rows []transferState
	err = db.App.ConcurrentDB().Select("recording_id", "status", "file_name", "handover", isActive+" AS active").From(schema.Transfers).WithContext(ctx).All(&rows)
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
		case canUpload && state.Status == StatusAwaitingShareURL && state.Handover != handoverChosen:
			list = &plan.Waiting
		case state.hasReached(request.Deliver):
			list = &plan.Skipped
		}
		*list = append(*list, id)
	}
	return plan, nil
}

// transferState is how far a transfer is. The zero value is that of a recording without one.
type transferState struct {
	RecordingID int64          `db:"recording_id"`
	Status      Status         `db:"status"`
	FileName    string         `db:"file_name"`
	Handover    handoverReason `db:"handover"`
	Active      bool           `db:"active"`
}

// canUpload reports whether the last check of the user's connection to Loom has shown that it can upload.
func (s *Service) canUpload(db *userdb.Database) (bool, error) {
	if s.handOver {
		return false, nil
	}
	connection, err := db.App.FindFirstRecordByData(schema.Connections, "provider", ProviderLoom)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the connection to loom: %w", err)
	}
	return connectionStatusOf(connection) == ConnectionValid && slices.Contains(connection.GetStringSlice("abilities"), abilityUpload), nil
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

// addTransfers creates the jobs that transfer recordings, in one transaction, unless active jobs do that already. It
// stops when the user has the maximum number of active jobs, and returns the jobs of the recordings that it has come to.
// Recordings that were handed over before are left to their owner if Loom may have them.
func (s *Service) addTransfers(ctx context.Context, db *userdb.Database, recordingIDs []int64, request TransferRequest) (jobs []TransferJob, err error) {
	handedOver, err := handedOverBefore(ctx, db, recordingIDs)
	if err != nil {
		return nil, err
	}
	err = s.global.RunInTransaction(func(tx core.App) error {
		jobs = nil
		for _, id := range recordingIDs {
			job, err := s.addTransfer(ctx, tx, db, id, request, handedOver[id])
			switch {
			case queue.IsFull(err):
				return nil
			case err != nil:
				return err
			}
			jobs = append(jobs, TransferJob{id, job})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// addTransfer creates the job that transfers a recording, and returns its id. unlessFound leaves the upload to the owner if
// Loom may have the recording already. app is the global database, and may be a transaction.
func (s *Service) addTransfer(ctx context.Context, app core.App, db *userdb.Database, recordingID int64, request TransferRequest, unlessFound bool) (job string, err error) {
	payload, err := json.Marshal(transferPayload{
		RecordingID: recordingID, Deliver: request.Deliver, ByHand: request.ByHand, UnlessFound: unlessFound, Options: request.Options,
	})
	if err != nil {
		return "", err
	}
	if job, err = s.queue.Add(ctx, app, db.UserID, KindTransfer, string(payload)); err != nil {
		return "", fmt.Errorf("add transfer of recording %d: %w", recordingID, err)
	}
	return job, nil
}
