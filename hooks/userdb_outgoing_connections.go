package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// replacementTimeout limits the test of what replaces a working connection. The client waits for it.
const replacementTimeout = 10 * time.Second

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

// checkChanged also tests what would replace a working connection, so that a mistake doesn't end what worked.
func (o outgoingConnections) checkChanged(e *core.RecordRequestEvent) error {
	before := e.Record.Original()
	provider := before.GetString("provider")
	if !o.Transfers.IsOther(provider) {
		return e.Next()
	}
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if err := o.checkSettings(e, provider, json.RawMessage(before.GetString("settings")), secret); err != nil {
		return err
	}
	hasNewSettings := e.Record.GetString("settings") != before.GetString("settings")
	if !hasNewSettings && secret == nil {
		return e.Next()
	}
	if secret == nil {
		if wait, ok := o.rate.Take(limit.Account(o.db.UserID)); !ok {
			return tooManyRequests(e.RequestEvent, wait, "You have changed your connections too often. Wait a moment and try again.")
		}
	}
	if before.GetString("status") == string(transfer.ConnectionValid) {
		if err := o.testReplacement(e, secret); err != nil {
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

func (o outgoingConnections) testReplacement(e *core.RecordRequestEvent, secret *string) error {
	if e.App.IsTransactional() {
		return e.BadRequestError("A working connection can't be replaced in a batch.", nil)
	}
	password := ""
	if secret != nil {
		password = *secret
	} else {
		var err error
		if password, err = o.db.OpenSecret(e.Record.Original()); err != nil {
			return e.InternalServerError("", err)
		}
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), replacementTimeout)
	defer cancel()
	reason, refused := o.Transfers.TestConnection(ctx, o.db, e.Record, password)
	if reason == "" {
		return nil
	}
	reason += " The earlier settings stay in use."
	if refused {
		return connectionError(e, "settings", "validation_connection_refused", reason)
	}
	return router.NewApiError(http.StatusServiceUnavailable, reason, nil)
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
