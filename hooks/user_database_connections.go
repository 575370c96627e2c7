package hooks

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func bindConnections(a *app.App, db *userdb.Database) {
	db.App.OnRecordCreateRequest(schema.Connections).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "sealNewSecret", Func: sealNewSecret(db)})
	db.App.OnRecordUpdateRequest(schema.Connections).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "sealChangedSecret", Func: sealChangedSecret(db)})
	db.App.OnRecordEnrich(schema.Connections).Bind(&hook.Handler[*core.RecordEnrichEvent]{
		Id: "hideSecret", Func: func(e *core.RecordEnrichEvent) error {
			err := e.Next()
			e.Record.Hide("secret") // after PocketBase has shown superusers the hidden fields
			return err
		}})
	check := func(e *core.RecordEvent) error {
		if transfer.ConnectionStatus(e.Record.GetString("status")) == transfer.ConnectionChecking {
			a.Transfers.CheckConnection(db.Name, e.Record.Id)
		}
		return e.Next()
	}
	db.App.OnRecordAfterCreateSuccess(schema.Connections).Bind(&hook.Handler[*core.RecordEvent]{Id: "checkNewConnection", Func: check})
	db.App.OnRecordAfterUpdateSuccess(schema.Connections).Bind(&hook.Handler[*core.RecordEvent]{Id: "checkChangedConnection", Func: check})
}

// submittedSecret reads the secret from the body itself: the field is hidden,
// so that PocketBase drops it from what a user submits.
func submittedSecret(e *core.RecordRequestEvent) (*string, error) {
	var body struct {
		Secret *string `json:"secret" form:"secret"`
	}
	if err := e.BindBody(&body); err != nil {
		return nil, e.BadRequestError("", err)
	}
	return body.Secret, nil
}

func badSecret(e *core.RecordRequestEvent, err error) error {
	if !errors.Is(err, transfer.ErrInvalidSecret) {
		return e.InternalServerError("", err)
	}
	return e.BadRequestError("The secret was not accepted.", validation.Errors{
		"secret": validation.NewError("validation_invalid_secret", transfer.InvalidSecretMessage)})
}

func sealNewSecret(db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		secret, err := submittedSecret(e)
		if err != nil {
			return err
		}
		if secret == nil {
			return badSecret(e, transfer.ErrInvalidSecret)
		}
		if e.Record.Id == "" {
			e.Record.Set("id", core.GenerateDefaultRandomId())
		}
		if err := transfer.SealSecret(db, e.Record, *secret); err != nil {
			return badSecret(e, err)
		}
		return e.Next()
	}
}

// sealChangedSecret takes a new secret or settings; the rest of a connection is
// the server's to write.
func sealChangedSecret(db *userdb.Database) func(*core.RecordRequestEvent) error {
	return func(e *core.RecordRequestEvent) error {
		secret, err := submittedSecret(e)
		if err != nil {
			return err
		}
		before := e.Record.Original()
		for _, field := range []string{"provider", "secret", "last_four", "status", "reason", "checked_at"} {
			e.Record.Set(field, before.Get(field))
		}
		if secret != nil {
			if err := transfer.SealSecret(db, e.Record, *secret); err != nil {
				return badSecret(e, err)
			}
		}
		return e.Next()
	}
}
