package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindKeptCopies makes meetings whose only copy is deleted ready to be copied again.
func (d databaseHandlers) bindKeptCopies() {
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Recordings), "restartKept", d.restartKept)
}

// restartKept only logs errors, because the recording is gone already. The next opening of the database repeats it.
func (d databaseHandlers) restartKept(e *core.RecordEvent) error {
	if err := d.Transfers.RestartKept(d.db, int64(e.Record.GetInt("recording_id"))); err != nil {
		d.Log.ErrorContext(e.Context, "failed to restart a transfer whose file was deleted", "database", d.db.Name, "error", err)
	}
	return e.Next()
}
