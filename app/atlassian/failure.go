package atlassian

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxMessage = 300     // characters
	maxText    = 4 << 10 // bytes of an explanation that are read

	maxRetryAfter = 24 * time.Hour // like that of the header
)

// failure is what an answer reports instead of a result.
type failure struct {
	text       string
	status     int
	retryAfter time.Duration
}

func (f *failure) toError(op string, secrets []string) *Error {
	failed := &Error{Op: op, Status: f.status, RetryAfter: f.retryAfter, Message: cleanMessage(f.text, secrets)}
	failed.Kind, failed.Reason = classify(f.text, f.status, "")
	if failed.Kind == "" {
		failed.Kind, failed.Reason = KindRefused, ReasonOther
	}
	failed.Unclear = failed.Kind == KindUnavailable
	return failed
}

// cleanMessage makes the server's text safe to store and to show.
func cleanMessage(text string, secrets []string) string {
	text = strings.Join(strings.Fields(sanitize.SingleLine(redact.Message(text, secrets...))), " ")
	return sanitize.Truncate(strings.ToValidUTF8(text, ""), maxMessage)
}

// failedTexts begin answers that are failures although nothing marks them as such.
var failedTexts = regexp.MustCompile(`(?i)^(?:mcp )?(?:authentication failed|unauthorized|access denied|error\b|failed to |insufficient scope|you don't have permission|you do not have permission|too many requests|rate limit)`)

// findFailure returns the failure that an answer reports, or nil if it is a result.
func findFailure(answer json.RawMessage, marked bool) *failure {
	var value any
	if json.Unmarshal(answer, &value) != nil {
		return nil
	}
	if object, ok := onlyItem(value).(map[string]any); ok {
		value = object
	}
	switch value := value.(type) {
	case string:
		if marked || failedTexts.MatchString(strings.TrimSpace(value)) {
			return newFailure(value, nil)
		}
	case map[string]any:
		if isFailure(value) {
			return newFailure(failureText(value), value)
		}
		if marked {
			text := failureText(value)
			if text == "" {
				text = string(answer)
			}
			return newFailure(text, value)
		}
	default:
		if marked {
			return newFailure(string(answer), nil)
		}
	}
	return nil
}

// isFailure reports whether an object is one of the known forms of failures.
func isFailure(object map[string]any) bool {
	switch failed := object["error"].(type) {
	case bool:
		return failed
	case string:
		return strings.TrimSpace(failed) != ""
	case map[string]any:
		return len(failed) > 0
	}
	if success, ok := object["success"].(bool); ok && !success {
		return true
	}
	list, _ := object["errors"].([]any)
	return len(list) > 0 && object["data"] == nil
}

// failureText returns the explanation in a failure, or a blank text.
func failureText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		for _, item := range value {
			if text := failureText(item); text != "" {
				return text
			}
		}
	case map[string]any:
		if text := textOf(value, "message", "errorMessage", "error_description", "detail", "description", "title"); text != "" {
			return text
		}
		for _, key := range []string{"error", "errors", "errorMessages", "cause", "reason", "code"} {
			if text := failureText(value[key]); text != "" {
				return text
			}
		}
	}
	return ""
}

var (
	statusInText = regexp.MustCompile(`(?i)\b(?:code|status|status ?code|http)"?\s*[:= ]\s*"?([45]\d\d)\b`)
	waitInText   = regexp.MustCompile(`(?i)retry[-_ ]?after(?:seconds)?"?\s*[:=]?\s*"?(\d{1,6})\b`)
)

// newFailure also looks for a status and a wait, in the fields of object and in the text.
func newFailure(text string, object map[string]any) *failure {
	text = sanitize.TruncateBytes(text, maxText)
	f := &failure{text: text}
	inner, _ := object["error"].(map[string]any)
	for _, fields := range []map[string]any{object, inner} {
		for _, key := range []string{"status", "statusCode", "status_code", "code", "httpStatus"} {
			if status, ok := numberOf(fields[key]); ok && status >= 400 && status < 600 && f.status == 0 {
				f.status = int(status)
			}
		}
		for _, key := range []string{"retryAfter", "retry_after", "retryAfterSeconds"} {
			if seconds, ok := numberOf(fields[key]); ok && seconds > 0 && seconds < 1e6 && f.retryAfter == 0 {
				f.retryAfter = time.Duration(seconds * float64(time.Second))
			}
		}
	}
	if found := statusInText.FindStringSubmatch(text); found != nil && f.status == 0 {
		f.status, _ = strconv.Atoi(found[1])
	}
	if found := waitInText.FindStringSubmatch(text); found != nil && f.retryAfter == 0 {
		seconds, _ := strconv.Atoi(found[1])
		f.retryAfter = time.Duration(seconds) * time.Second
	}
	f.retryAfter = min(f.retryAfter, maxRetryAfter)
	return f
}

func numberOf(value any) (number float64, ok bool) {
	switch value := value.(type) {
	case float64:
		return value, !math.IsNaN(value)
	case string:
		number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return number, err == nil && !math.IsNaN(number)
	}
	return 0, false
}
