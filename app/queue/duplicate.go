package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/router"
)

// IsDuplicate reports whether the unique index of active jobs caused an error: ErrDuplicate, the error of SQLite,
// the one into which PocketBase turns that when it saves a record, or the response of its API.
func IsDuplicate(err error) bool {
	if err == nil {
		return false
	}
	if apiError, ok := errors.AsType[*router.ApiError](err); ok {
		raw, err := json.Marshal(apiError.Data)
		return err == nil && bytes.Contains(raw, []byte(`"validation_not_unique"`))
	}
	if invalid, ok := errors.AsType[validation.Errors](err); ok {
		field, ok := errors.AsType[validation.Error](invalid["dedupe_key"])
		return ok && field.Code() == "validation_not_unique"
	}
	return errors.Is(err, ErrDuplicate) || strings.Contains(err.Error(), "UNIQUE constraint failed: global_queue")
}
