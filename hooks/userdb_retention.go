package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindRetention() {
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Transfers), "retainDelivered", d.retainDelivered)
	bind(d.db.App.OnRecordAfterCreateSuccess(schema.Preferences), "applyRetention", d.applyRetention)
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Preferences), "applyRetention", d.applyRetention)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Preferences), "applyRetention", d.applyRetention)
}

// retainDelivered sets how long the file of a delivered recording is kept.
func (d databaseHandlers) retainDelivered(e *core.RecordEvent) error {
	if transfer.Status(e.Record.GetString("status")) == transfer.StatusDelivered {
		d.updateRetention(e, int64(e.Record.GetInt("recording_id")))
	}
	return e.Next()
}

// applyRetention sets how long files are kept when that has been chosen.
func (d databaseHandlers) applyRetention(e *core.RecordEvent) error {
	if preferences.KeyKeepRecordings == e.Record.GetString("key") || preferences.KeyKeepRecordings == e.Record.Original().GetString("key") {
		d.updateRetention(e, 0)
	}
	return e.Next()
}

// updateRetention only logs errors, because the change itself has been saved. The next change repeats it.
func (d databaseHandlers) updateRetention(e *core.RecordEvent, recordingID int64) {
	if err := d.Transfers.UpdateRetention(e.Context, d.db, recordingID); err != nil {
		d.Log.ErrorContext(e.Context, "failed to set how long files are kept", "database", d.db.Name, "error", err)
	}
}
