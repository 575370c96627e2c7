package hooks

import (
	"encoding/json"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindPreferences() {
	bind(d.db.App.OnRecordCreateRequest(schema.Preferences), "limitPreferences", limitPreferences)
	bind(d.db.App.OnRecordCreateRequest(schema.Preferences), "checkPreference", checkPreference)
	bind(d.db.App.OnRecordUpdateRequest(schema.Preferences), "checkPreference", checkPreference)
	bind(d.db.App.OnRecordAfterCreateSuccess(schema.Preferences), "updateWebhook", d.updateWebhook)
	bind(d.db.App.OnRecordAfterUpdateSuccess(schema.Preferences), "updateWebhook", d.updateWebhook)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Preferences), "updateWebhook", d.updateWebhook)
}

// updateWebhook lets a preference that concerns the webhook at Fathom act at once.
func (d databaseHandlers) updateWebhook(e *core.RecordEvent) error {
	keys := []string{preferences.KeyWebhook, preferences.KeySyncOthers}
	if slices.Contains(keys, e.Record.GetString("key")) || slices.Contains(keys, e.Record.Original().GetString("key")) {
		d.Transfers.WebhookPreferenceChanged(d.db)
	}
	return e.Next()
}

func limitPreferences(e *core.RecordRequestEvent) error {
	count, err := e.App.CountRecords(schema.Preferences)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if count >= limit.MaxPreferences {
		return e.BadRequestError("You have too many preferences. Delete some first.", nil)
	}
	return e.Next()
}

// checkPreference refuses values that the server couldn't use.
func checkPreference(e *core.RecordRequestEvent) error {
	var value json.RawMessage
	if err := e.Record.UnmarshalJSONField("value", &value); err != nil {
		return e.BadRequestError("The value is not JSON.", err)
	}
	if problem := preferences.Check(e.Record.GetString("key"), value); problem != "" {
		return e.BadRequestError(problem, validation.Errors{"value": validation.NewError("validation_preference", problem)})
	}
	return e.Next()
}
