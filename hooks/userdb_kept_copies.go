package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// inDeletion is a priority behind PocketBase's own handler, which begins the transaction.
const inDeletion = 100

// bindKeptCopies makes meetings whose only copy is deleted ready to be copied again, in the transaction of the deletion.
func (d databaseHandlers) bindKeptCopies() {
	bindWithPriority(d.db.App.OnRecordDeleteExecute(schema.Recordings), "restartKept", inDeletion, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return transfer.RestartKept(e.App, int64(e.Record.GetInt("recording_id")))
	})
}
