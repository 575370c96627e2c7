package backup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// StatusName is the name of the file in DATA_DIR that holds the Status.
const StatusName = ".backup-status.json"

const (
	// OldAfter is the age from which the newest backup is too old. It lets a daily one fail once.
	OldAfter = 49 * time.Hour

	// Advice is what an operator should do after a backup has failed, without a full stop.
	Advice = "Do what the error says, and run fathom-to-loom backup create"
)

// Status is how the last backups went. Unset times are zero.
type Status struct {
	LastSuccess time.Time `json:"last_success,omitzero"`  // when the newest complete backup began
	LastBackup  string    `json:"last_backup,omitempty"`  // its name
	LastSeconds float64   `json:"last_seconds,omitempty"` // how long it took
	LastStored  int64     `json:"last_stored,omitempty"`  // bytes of all its objects
	LastFailure time.Time `json:"last_failure,omitzero"`  // when the last failed attempt ended
	LastError   string    `json:"last_error,omitempty"`   // why; blank once a later backup has succeeded
}

// ReadStatus returns the status in a data directory. It is zero if there has been no backup.
func ReadStatus(dataDir string) (Status, error) {
	var status Status
	if _, err := durable.ReadJSON(filepath.Join(dataDir, StatusName), &status); err != nil {
		return Status{}, fmt.Errorf("read the status of backups: %w", err)
	}
	return status, nil
}

// recordOutcome stores how a backup went. A backup that lacks something counts as failed, although it can be restored.
func (s *Service) recordOutcome(result Result, err error) error {
	status, readErr := ReadStatus(s.DataDir)
	if readErr != nil {
		s.Logger.Warn("failed to read the status of backups; it starts again", "error", readErr)
	}
	if result.Set.Name != "" && len(result.Problems) == 0 {
		status.LastSuccess, status.LastBackup, status.LastError = result.Set.Created, result.Set.Name, ""
		status.LastSeconds, status.LastStored = result.Set.Seconds, result.Set.Stored
	}
	if err == nil {
		err = result.Err()
	}
	if err != nil {
		status.LastFailure, status.LastError = s.Now().UTC(), err.Error()
		if errors.Is(err, context.Canceled) {
			status.LastError = "it was interrupted; the next backup continues"
		}
	}
	return durable.WriteJSON(filepath.Join(s.DataDir, StatusName), status)
}
