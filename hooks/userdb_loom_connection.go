package hooks

import (
	"encoding/json"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loomaccount"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// bindLoomConnection binds the handlers of connections to Loom.
func (d databaseHandlers) bindLoomConnection() {
	// Before the handlers that seal secrets, because a request that is refused should not count there.
	bindWithPriority(d.db.App.OnRecordCreateRequest(schema.Connections), "checkLoomSettings", -1, checkNewLoomConnection)
	bindWithPriority(d.db.App.OnRecordUpdateRequest(schema.Connections), "checkLoomSettings", -1, d.checkChangedLoomConnection)
	bind(d.db.App.OnRecordUpdate(schema.Connections), "checkLoomAgain", checkLoomAgain)
	bind(d.db.App.OnRecordUpdate(schema.Connections), "recordReplacedGrant", d.loomConnectionChanging)
	bind(d.db.App.OnRecordDelete(schema.Connections), "recordRemovedGrant", d.loomConnectionRemoving)
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Connections), "revokeReplacedGrant", d.loomConnectionChanged)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Connections), "revokeGrant", d.loomConnectionRemoved)
}

func isLoom(connection *core.Record) bool {
	return connection.GetString("provider") == loomaccount.Provider
}

func checkNewLoomConnection(e *core.RecordRequestEvent) error {
	if !isLoom(e.Record) {
		return e.Next()
	}
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if err := checkLoomSettings(e, nil, secret); err != nil {
		return err
	}
	return e.Next()
}

// checkChangedLoomConnection also limits changes after which checkLoomAgain has the connection checked.
func (d databaseHandlers) checkChangedLoomConnection(e *core.RecordRequestEvent) error {
	before := e.Record.Original()
	if !isLoom(before) {
		return e.Next()
	}
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if err := checkLoomSettings(e, json.RawMessage(before.GetString("settings")), secret); err != nil {
		return err
	}
	if secret == nil && e.Record.GetString("settings") != before.GetString("settings") {
		if err := d.limitLoomCalls(e.RequestEvent, d.db.UserID); err != nil {
			return err
		}
	}
	return e.Next()
}

func checkLoomSettings(e *core.RecordRequestEvent, before json.RawMessage, secret *string) error {
	err := loomaccount.CheckSettings(before, json.RawMessage(e.Record.GetString("settings")), secret)
	if invalid, ok := errors.AsType[*loomaccount.InvalidSettings](err); ok {
		return connectionError(e, invalid.Field, "validation_connection", invalid.Message)
	}
	return err
}

// checkLoomAgain has a connection checked whose settings change without its secret: it is then for another site. What it
// could do before is kept meanwhile.
func checkLoomAgain(e *core.RecordEvent) error {
	before := e.Record.Original()
	if isLoom(e.Record) && e.Record.GetString("settings") != before.GetString("settings") && e.Record.GetString("secret") == before.GetString("secret") {
		e.Record.Set("status", string(transfer.ConnectionChecking))
	}
	return e.Next()
}

// loomConnectionChanging records that a grant may be no longer used before nothing else knows it any more.
func (d databaseHandlers) loomConnectionChanging(e *core.RecordEvent) error {
	if isLoom(e.Record) {
		if err := d.LoomAccounts.Changing(e.Context, d.db, e.Record.Original(), e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

func (d databaseHandlers) loomConnectionRemoving(e *core.RecordEvent) error {
	if isLoom(e.Record) {
		if err := d.LoomAccounts.Removing(e.Context, d.db, e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

func (d databaseHandlers) loomConnectionChanged(e *core.RecordEvent) error {
	if isLoom(e.Record) {
		d.LoomAccounts.Changed(d.db, e.Record.Original(), e.Record)
	}
	return e.Next()
}

func (d databaseHandlers) loomConnectionRemoved(e *core.RecordEvent) error {
	if isLoom(e.Record) {
		d.LoomAccounts.Removed(d.db, e.Record)
	}
	return e.Next()
}
