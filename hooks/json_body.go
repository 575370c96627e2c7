package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// bindJSON reads the body of a request to a route of ours; no body leaves the value as it is. expected completes the
// message "The body must be JSON with …". Errors are API errors.
//
// PocketBase's BindBody accepts forms, too, and fields that don't exist. It ignores what it doesn't know and sets every
// pointer, so that a request for one meeting could become one for all.
func bindJSON(e *core.RequestEvent, value any, expected string) error {
	if e.Request.ContentLength == 0 {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(e.Request.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return e.Error(http.StatusUnsupportedMediaType, "Send JSON, with the header Content-Type: application/json.", nil)
	}
	message := fmt.Sprintf("The body must be JSON with %s.", expected)
	body, err := io.ReadAll(e.Request.Body)
	if err != nil {
		return e.BadRequestError(message, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(value)
	if unknown, ok := strings.CutPrefix(fmt.Sprint(err), "json: unknown field "); ok {
		return e.BadRequestError(message+" It can't have "+unknown+".", nil)
	}
	if err == nil && decoder.More() {
		return e.BadRequestError(message+" Something follows it.", nil)
	}
	if err != nil {
		return e.BadRequestError(message, err)
	}
	return nil
}
