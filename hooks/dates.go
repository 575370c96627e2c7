package hooks

import (
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// requireDates refuses a request with a value that isn't a date in a date field. PocketBase would take such a
// value for a blank one, and a blank run_at means now.
func requireDates(e *core.RecordRequestEvent) error {
	submitted := map[string]any{} // PocketBase has already converted the values of e.Record and e.RequestInfo
	if err := e.BindBody(&submitted); err != nil {
		return e.BadRequestError("The body could not be read.", err)
	}
	invalid := validation.Errors{}
	for _, field := range e.Record.Collection().Fields {
		if field.Type() == core.FieldTypeDate && !isDateOrBlank(submitted[field.GetName()]) {
			invalid[field.GetName()] = validation.NewError("validation_invalid_date", "Must be a date, such as 2026-01-31 09:30:00.000Z.")
		}
	}
	if len(invalid) > 0 {
		return e.BadRequestError("A date is invalid.", invalid)
	}
	return nil
}

func isDateOrBlank(value any) bool {
	if value == nil || value == "" {
		return true
	}
	text, ok := value.(string)
	if !ok {
		return false
	}
	date, err := types.ParseDateTime(text)
	return err == nil && !date.IsZero()
}
