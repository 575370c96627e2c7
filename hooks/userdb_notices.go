package hooks

import (
	"encoding/json"
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindNotices() {
	app := d.db.App
	bind(app.OnRecordCreate(schema.Transfers), "noticeTransfer", d.transferChanged)
	bind(app.OnRecordUpdate(schema.Transfers), "noticeTransfer", d.transferChanged)
	bind(app.OnRecordUpdate(schema.Connections), "noticeConnection", d.connectionChanged)
	bind(app.OnRecordCreate(schema.Notices), "addressNotice", d.addressNotice)
	bind(app.OnRecordAfterCreateSuccess(schema.Notices), "sendNotice", d.noticeCreated)
	bind(app.OnRecordAfterCreateSuccess(schema.Preferences), "scheduleDigest", d.preferenceChanged)
	bind(app.OnRecordAfterUpdateSuccess(schema.Preferences), "scheduleDigest", d.preferenceChanged)
	bind(app.OnRecordCreateRequest(schema.Connections), "checkSettings", d.checkSettings)
	bind(app.OnRecordUpdateRequest(schema.Connections), "checkSettings", d.checkSettings)
}

// transferChanged records a notice in the transaction that saves the transfer.
func (d databaseHandlers) transferChanged(e *core.RecordEvent) error {
	if e.Record.GetString("status") == e.Record.Original().GetString("status") {
		return e.Next() // as with each report of progress
	}
	return inTransaction(&e.App, func() error {
		if err := e.Next(); err != nil {
			return err
		}
		return d.Notify.TransferChanged(e.App, e.Record)
	})
}

// connectionChanged records a notice in the transaction that saves the connection.
func (d databaseHandlers) connectionChanged(e *core.RecordEvent) error {
	return inTransaction(&e.App, func() error {
		if err := d.Notify.ConnectionChanged(e.App, e.Record); err != nil {
			return err
		}
		return e.Next()
	})
}

func (d databaseHandlers) addressNotice(e *core.RecordEvent) error {
	if err := d.Notify.Address(e.App, d.db, e.Record); err != nil {
		return err
	}
	return e.Next()
}

func (d databaseHandlers) noticeCreated(e *core.RecordEvent) error {
	d.Notify.Created(d.db, e.Record)
	return e.Next()
}

func (d databaseHandlers) preferenceChanged(e *core.RecordEvent) error {
	d.Notify.PreferencesChanged(d.db)
	return e.Next()
}

// checkSettings refuses settings of mail servers and webhooks that can't work, and those that would send the saved
// password elsewhere.
func (d databaseHandlers) checkSettings(e *core.RecordRequestEvent) error {
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	provider, before := e.Record.GetString("provider"), json.RawMessage(nil)
	if !e.Record.IsNew() {
		provider, before = e.Record.Original().GetString("provider"), json.RawMessage(e.Record.Original().GetString("settings"))
	}
	err = d.Notify.CheckSettings(e.Request.Context(), provider, before, json.RawMessage(e.Record.GetString("settings")), secret)
	if invalid, ok := errors.AsType[*notify.InvalidConnection](err); ok {
		return e.BadRequestError(invalid.Message, validation.Errors{
			invalid.Field: validation.NewError("validation_connection", invalid.Message),
		})
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.Next()
}
