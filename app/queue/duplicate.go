package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/tools/router"
)

// IsDuplicate reports whether the unique index of active jobs caused an error: ErrDuplicate, the error of SQLite,
// or the response into which PocketBase's API turns that.
func IsDuplicate(err error) bool {
	if err == nil {
		return false
	}
	if apiError, ok := errors.AsType[*router.ApiError](err); ok {
		raw, err := json.Marshal(apiError.Data)
		return err == nil && bytes.Contains(raw, []byte(`"validation_not_unique"`))
	}
	return errors.Is(err, ErrDuplicate) || strings.Contains(err.Error(), "UNIQUE constraint failed: global_queue")
}
