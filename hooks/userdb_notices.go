package hooks

import (
	"github.com/pocketbase/pocketbase/core"

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
}

// transferChanged records a notice in the transaction that saves the transfer.
func (d databaseHandlers) transferChanged(e *core.RecordEvent) error {
	before := e.Record.Original()
	if e.Record.GetString("status") == before.GetString("status") && e.Record.GetString("unchecked") == before.GetString("unchecked") {
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
		if err := e.Next(); err != nil {
			return err
		}
		return d.Notify.ConnectionChanged(e.App, e.Record)
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
