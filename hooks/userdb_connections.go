package hooks

import (
	"errors"
	"net/http"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindConnections(rate *limit.Rate) {
	secrets := connectionSecrets{d, rate}
	bind(d.db.App.OnRecordCreateRequest(schema.Connections), "sealNewSecret", secrets.createConnection)
	bind(d.db.App.OnRecordUpdateRequest(schema.Connections), "sealChangedSecret", secrets.updateConnection)
	bind(d.db.App.OnRecordEnrich(schema.Connections), "hideSecret", hideConnectionSecret)
	bind(d.db.App.OnRecordAfterCreateSuccess(schema.Connections), "checkNewConnection", d.checkConnection)
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Connections), "checkChangedConnection", d.checkConnection)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Connections), "stopSchedules", d.connectionRemoved)
}

// connectionSecrets accepts the secrets of one user. Every new secret is used at the provider, by a check or by a job, so
// that without a limit, anybody could find out which of many secrets are valid.
type connectionSecrets struct {
	databaseHandlers
	rate *limit.Rate
}

// seal encrypts a new secret into a connection.
func (s connectionSecrets) seal(e *core.RecordRequestEvent, secret string) error {
	if wait, ok := s.rate.Take(limit.Account(s.db.UserID)); !ok {
		return tooManyRequests(e.RequestEvent, wait, "You have changed your keys too often. Wait a moment and try again.")
	}
	if err := transfer.SealSecret(s.db, e.Record, secret); err != nil {
		return secretError(e, err)
	}
	return nil
}

func (s connectionSecrets) createConnection(e *core.RecordRequestEvent) error {
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	if secret == nil {
		return secretError(e, transfer.ErrInvalidSecret)
	}
	if e.Record.Id == "" {
		e.Record.Set("id", core.GenerateDefaultRandomId())
	}
	checkFirst, err := s.isCheckedFirst(e, false)
	if err != nil {
		return err
	}
	if err := s.seal(e, *secret); err != nil {
		return err
	}
	if !checkFirst {
		return e.Next()
	}
	if err := s.checkSecret(e, *secret, ""); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	s.Transfers.CheckedSecretSaved(s.db, e.Record)
	return nil
}

// updateConnection accepts a new secret and new settings. It restores all other fields, which only the server
// writes.
func (s connectionSecrets) updateConnection(e *core.RecordRequestEvent) error {
	secret, err := submittedSecret(e)
	if err != nil {
		return err
	}
	before := e.Record.Original()
	for _, field := range []string{"provider", "secret", "last_four", "status", "reason", "checked_at", "abilities", "details"} {
		e.Record.Set(field, before.Get(field))
	}
	if secret == nil {
		e.Record.IgnoreUnchangedFields(true) // the server may have renewed the stored secret
		return e.Next()
	}
	replacesWorking := e.Record.GetString("status") == string(transfer.ConnectionValid)
	checkFirst, err := s.isCheckedFirst(e, replacesWorking)
	if err != nil {
		return err
	}
	if err := s.seal(e, *secret); err != nil {
		return err
	}
	if !checkFirst {
		return s.replace(e, before)
	}
	advice := ""
	if replacesWorking {
		advice = keepsEarlier
	}
	if err := s.checkSecret(e, *secret, advice); err != nil {
		return err
	}
	if err := s.replace(e, before); err != nil {
		return err
	}
	s.Transfers.CheckedSecretSaved(s.db, e.Record)
	return nil
}

// isCheckedFirst reports whether a new secret is to be checked at its provider before it is saved: as the client asks, and
// otherwise if it replaces one that works, so that a typing error stops nothing. The other secrets are checked afterwards.
func (s connectionSecrets) isCheckedFirst(e *core.RecordRequestEvent, replacesWorking bool) (bool, error) {
	checkFirst := replacesWorking
	switch e.Request.URL.Query().Get("check") {
	case "":
	case "before":
		checkFirst = true
	case "after":
		checkFirst = false
	default:
		return false, e.BadRequestError(`The parameter "check" must be "before" or "after".`, nil)
	}
	if !checkFirst || !s.Transfers.IsChecked(e.Record.GetString("provider")) {
		return false, nil
	}
	if e.App.IsTransactional() { // the database must not stay locked during a request to the provider
		if replacesWorking {
			return false, e.BadRequestError("A working connection can't be replaced in a batch.", nil)
		}
		return false, e.BadRequestError("A connection can't be checked in a batch before it is saved.", nil)
	}
	return true, nil
}

// replace saves a connection with a new secret, unless its settings have been changed since it was read as before.
func (s connectionSecrets) replace(e *core.RecordRequestEvent, before *core.Record) error {
	return inTransaction(&e.App, func() error {
		stored, err := e.App.FindRecordById(schema.Connections, e.Record.Id)
		if err != nil {
			return e.NotFoundError("", err)
		}
		if stored.GetString("settings") != before.GetString("settings") {
			return e.Error(http.StatusConflict, "This connection has just changed. Reload the page and try again.", nil)
		}
		return e.Next()
	})
}

// checkSecret checks a new secret before it is saved. advice is added to the reason why it can't be.
func (s connectionSecrets) checkSecret(e *core.RecordRequestEvent, secret, advice string) error {
	err := s.Transfers.CheckSecret(e.Request.Context(), s.db, e.Record, strings.TrimSpace(secret))
	failure, failed := errors.AsType[*transfer.CheckError](err)
	switch {
	case !failed:
		return err
	case failure.Temporary:
		return e.Error(http.StatusServiceUnavailable, failure.Message+advice, err)
	}
	return e.BadRequestError("The secret was not accepted.", validation.Errors{
		"secret": validation.NewError("validation_secret_refused", failure.Message+advice),
	})
}

const keepsEarlier = " The earlier one stays in use."

// submittedSecret reads the secret from the request's body, because PocketBase ignores hidden fields that
// users submit. It returns nil if the body contains no secret.
func submittedSecret(e *core.RecordRequestEvent) (*string, error) {
	fields := map[string]any{}
	if err := e.BindBody(&fields); err != nil {
		return nil, e.BadRequestError("", err)
	}
	if _, submitted := fields["secret"]; !submitted { // in a batch, the pointer below is always set
		return nil, nil
	}
	var body struct {
		Secret *string `json:"secret" form:"secret"`
	}
	if err := e.BindBody(&body); err != nil {
		return nil, e.BadRequestError("", err)
	}
	return body.Secret, nil
}

func secretError(e *core.RecordRequestEvent, err error) error {
	if !errors.Is(err, transfer.ErrInvalidSecret) {
		return e.InternalServerError("", err)
	}
	return e.BadRequestError("The secret was not accepted.", validation.Errors{
		"secret": validation.NewError("validation_invalid_secret", transfer.InvalidSecretMessage),
	})
}

func hideConnectionSecret(e *core.RecordEnrichEvent) error {
	err := e.Next() // PocketBase unhides fields for superusers, so hide them afterwards
	e.Record.Hide("secret")
	return err
}

func (d databaseHandlers) checkConnection(e *core.RecordEvent) error {
	if transfer.ConnectionStatus(e.Record.GetString("status")) == transfer.ConnectionChecking {
		d.Transfers.CheckConnection(d.db.Name, e.Record)
	}
	return e.Next()
}

func (d databaseHandlers) connectionRemoved(e *core.RecordEvent) error {
	if e.Record.GetString("provider") == transfer.ProviderFathom {
		d.Transfers.ConnectionRemoved(d.db)
	}
	return e.Next()
}
