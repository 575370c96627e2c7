package hooks

import (
	"encoding/json"
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// outgoingConnections checks the settings of mail servers and webhooks.
type outgoingConnections struct {
	databaseHandlers
	rate *limit.Rate // of changes; each one makes this server connect to an address that the user chose
}

func (d databaseHandlers) bindOutgoingConnections(rate *limit.Rate) {
	o := outgoingConnections{d, rate}
	// Before the handlers that seal secrets, because a request that is refused should not count there.
	bindWithPriority(d.db.App.OnRecordCreateRequest(schema.Connections), "checkSettings", -1, o.checkNew)
	bindWithPriority(d.db.App.OnRecordUpdateRequest(schema.Connections), "checkSettings", -1, o.checkChanged)
	bind(d.db.App.OnRecordUpdate(schema.Connections), "checkAgain", checkSettingsAgain)
}

func (o outgoingConnections) checkNew(e *core.RecordRequestEvent) error {
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if err := o.checkSettings(e, e.Record.GetString("provider"), nil, secret); err != nil {
		return err
	}
	return e.Next()
}

// checkChanged also checks new settings before they replace those of a working connection, as updateConnection checks a
// new secret.
func (o outgoingConnections) checkChanged(e *core.RecordRequestEvent) error {
	before := e.Record.Original()
	provider := before.GetString("provider")
	if provider != notify.ProviderSMTP && provider != notify.ProviderWebhook {
		return e.Next()
	}
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if err := o.checkSettings(e, provider, json.RawMessage(before.GetString("settings")), secret); err != nil {
		return err
	}
	if secret == nil && e.Record.GetString("settings") != before.GetString("settings") {
		if err := o.replaceSettings(e); err != nil {
			return err
		}
	}
	return e.Next()
}

func (o outgoingConnections) checkSettings(e *core.RecordRequestEvent, provider string, before json.RawMessage, secret *string) error {
	err := o.Notify.CheckSettings(e.Request.Context(), provider, before, json.RawMessage(e.Record.GetString("settings")), secret)
	if invalid, ok := errors.AsType[*notify.InvalidConnection](err); ok {
		return connectionError(e, invalid.Field, "validation_connection", invalid.Message)
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	return nil
}

// replaceSettings checks new settings with the saved secret if the connection works with the earlier ones.
func (o outgoingConnections) replaceSettings(e *core.RecordRequestEvent) error {
	if wait, ok := o.rate.Take(limit.Account(o.db.UserID)); !ok {
		return tooManyRequests(e.RequestEvent, wait, "You have changed your connections too often. Wait a moment and try again.")
	}
	if e.Record.Original().GetString("status") != string(transfer.ConnectionValid) {
		return nil // checkSettingsAgain has them checked
	}
	if e.App.IsTransactional() { // the database must not stay locked meanwhile
		return e.BadRequestError("A working connection can't be replaced in a batch.", nil)
	}
	secret, err := o.db.OpenSecret(e.Record.Original())
	if err != nil {
		return e.InternalServerError("", err)
	}
	return connectionSecrets(o).checkSecret(e, secret, keepsEarlier)
}

func connectionError(e *core.RecordRequestEvent, field, code, message string) error {
	return e.BadRequestError(message, validation.Errors{field: validation.NewError(code, message)})
}

// checkSettingsAgain has a connection that doesn't work checked with its new settings.
func checkSettingsAgain(e *core.RecordEvent) error {
	before := e.Record.Original()
	provider := e.Record.GetString("provider")
	isOutgoing := provider == notify.ProviderSMTP || provider == notify.ProviderWebhook
	if isOutgoing && e.Record.GetString("settings") != before.GetString("settings") && e.Record.GetString("status") != string(transfer.ConnectionValid) {
		e.Record.Set("status", string(transfer.ConnectionChecking))
	}
	return e.Next()
}
