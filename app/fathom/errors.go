package fathom

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrLinkExpired means that the file host no longer honours the signed link. Ask
// for the download's status again, and if that is expired, for a new download.
var ErrLinkExpired = errors.New("download link expired")

// Kind says what went wrong, so that callers need not know statuses.
type Kind string

// The kinds of [Error]. Statuses are those of
// https://developers.fathom.ai/api-reference.
const (
	KindBadRequest      Kind = "bad_request"      // 400 and other 4xx: our request is at fault
	KindUnauthorized    Kind = "unauthorized"     // 401: wrong or revoked key
	KindForbidden       Kind = "forbidden"        // 403: for instance a limited-access share
	KindNotFound        Kind = "not_found"        // 404, 410: unknown, or not visible to this key
	KindUnprocessable   Kind = "unprocessable"    // 422: the recording has no media
	KindRateLimited     Kind = "rate_limited"     // 429, or our own budget is spent
	KindUnavailable     Kind = "unavailable"      // 5xx, 408, network trouble
	KindInvalidResponse Kind = "invalid_response" // not JSON, wrong shape, too large, cut short
	KindMismatch        Kind = "mismatch"         // the file is larger than Fathom said
	KindRefused         Kind = "refused"          // we do not go to such a file host
)

var kindText = map[Kind]string{
	KindBadRequest:      "fathom rejected the request",
	KindUnauthorized:    "fathom does not accept the API key",
	KindForbidden:       "fathom does not allow this",
	KindNotFound:        "not found at fathom",
	KindUnprocessable:   "the recording has no media",
	KindRateLimited:     "too many requests to fathom",
	KindUnavailable:     "fathom cannot be reached",
	KindInvalidResponse: "fathom's answer makes no sense",
	KindMismatch:        "the file is not what fathom announced",
	KindRefused:         "the file host is refused",
}

// Error is a call to Fathom that failed.
type Error struct {
	Op         string        // what was being done, "list meetings"
	Status     int           // HTTP status, 0 when there was no answer
	Kind       Kind          // what it means
	RetryAfter time.Duration // when to try again, if known; 0 otherwise

	// Detail is at most 200 bytes of what the server said, without control
	// characters. It is for the log: other people's text is no message to users.
	Detail string

	cause error
}

// Error is a lower-case sentence with the operation and status. It holds neither
// key nor URL.
func (e *Error) Error() string {
	text := kindText[e.Kind]
	if text == "" {
		text = "failed"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, text)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ", retry after %s", e.RetryAfter.Round(time.Second))
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns the cause, for instance a network error.
func (e *Error) Unwrap() error { return e.cause }

// Temporary says whether the same call may succeed later.
func (e *Error) Temporary() bool {
	return e.Kind == KindRateLimited || e.Kind == KindUnavailable || e.Kind == KindInvalidResponse
}

// LogValue adds the detail that Error leaves out.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("message", e.Error()), slog.String("kind", string(e.Kind))}
	if e.Detail != "" {
		attrs = append(attrs, slog.String("detail", e.Detail))
	}
	return slog.GroupValue(attrs...)
}

func kindOf(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return KindUnauthorized
	case status == http.StatusForbidden:
		return KindForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return KindNotFound
	case status == http.StatusUnprocessableEntity:
		return KindUnprocessable
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500, status == http.StatusRequestTimeout:
		return KindUnavailable
	case status >= 400:
		return KindBadRequest
	default: // an answer of 1xx to 3xx where none is due
		return KindInvalidResponse
	}
}

// withoutURL unwraps the *url.Error of net/http, whose text is mostly the URL,
// and drops causes that quote one, as a bad Location header does.
func withoutURL(err error) error {
	for {
		var wrapped *url.Error
		if !errors.As(err, &wrapped) {
			break
		}
		err = wrapped.Err
	}
	if err != nil && (strings.Contains(err.Error(), "://") || strings.Contains(err.Error(), "Location")) {
		return errors.New("request failed")
	}
	return err
}

const detailLimit = 200

// detail makes a loggable line of an error body, whose form Fathom does not
// specify: "message" and "error" were seen, and so were HTML and nothing.
func detail(body []byte, secret string) string {
	text := string(body)
	var known struct {
		Message any `json:"message"`
		Error   any `json:"error"`
	}
	if json.Unmarshal(body, &known) == nil {
		if s, ok := known.Message.(string); ok {
			text = s
		} else if s, ok := known.Error.(string); ok {
			text = s
		}
	}
	if secret != "" {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	return cut(text, detailLimit)
}

// cut shortens s to at most n bytes without splitting a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
