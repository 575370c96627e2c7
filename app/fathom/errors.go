package fathom

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// ErrLinkExpired means that the file host no longer accepts the signed link. Poll the download and, if
// its status is DownloadExpired, request a new one.
var ErrLinkExpired = errors.New("expired download link")

// Kind classifies an [Error], so that callers need not know HTTP statuses.
type Kind string

// The kinds of [Error]. The statuses are those of https://developers.fathom.ai/api-reference.
const (
	KindBadRequest      Kind = "bad_request"      // 400 and other 4xx: the request is wrong
	KindUnauthorized    Kind = "unauthorized"     // 401: the key is wrong or revoked
	KindForbidden       Kind = "forbidden"        // 403: for instance a limited-access share
	KindNotFound        Kind = "not_found"        // 404, 410: unknown, or invisible to this key
	KindUnprocessable   Kind = "unprocessable"    // 422: the recording has no media
	KindRateLimited     Kind = "rate_limited"     // 429, or the key's own budget is exhausted
	KindUnavailable     Kind = "unavailable"      // 5xx, 408, a network error, or a web page instead of a file
	KindInvalidResponse Kind = "invalid_response" // not JSON, wrong shape, too large, or incomplete
	KindMismatch        Kind = "mismatch"         // the file is larger than Fathom announced
	KindRefused         Kind = "refused"          // the file host is not allowed
	KindTooSlow         Kind = "too_slow"         // the file arrives with less than Config.MinRate
)

// The kinds that Config.OnCall gets for other errors.
const (
	kindExpired Kind = "link_expired"
	kindOther   Kind = "other" // for instance a full disk
)

var kindText = map[Kind]string{
	KindBadRequest:      "fathom rejected the request",
	KindUnauthorized:    "fathom rejected the API key",
	KindForbidden:       "fathom denied access",
	KindNotFound:        "not found at fathom",
	KindUnprocessable:   "recording has no media",
	KindRateLimited:     "too many requests to fathom",
	KindUnavailable:     "fathom is unreachable",
	KindInvalidResponse: "invalid response from fathom",
	KindMismatch:        "file differs from fathom's announcement",
	KindRefused:         "file host is not allowed",
	KindTooSlow:         "file host is too slow",
}

// Error is a failed call to Fathom.
type Error struct {
	Op         string        // the operation, such as "list meetings"
	Status     int           // HTTP status, 0 without a response
	Kind       Kind          // the cause
	RetryAfter time.Duration // time until a retry makes sense, 0 if unknown

	PerMinute int // calls that Fathom accepts, if this process had to wait for the limit; 0 if unknown

	Unsent bool // the request can't have reached Fathom

	// Detail is at most 200 bytes of the server's explanation, without control characters. It is for
	// the log and not for users, because the text comes from another party.
	Detail string

	cause error
}

// Error returns the operation, the cause and the status, but neither key nor URL.
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

// problemOf returns the kind of an error as Config.OnCall gets it, or a blank one for nil.
func problemOf(err error) Kind {
	if err == nil {
		return ""
	}
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure.Kind
	}
	if errors.Is(err, ErrLinkExpired) {
		return kindExpired
	}
	return kindOther
}

// Temporary reports whether the same call may succeed later.
func (e *Error) Temporary() bool {
	return e.Kind == KindRateLimited || e.Kind == KindUnavailable || e.Kind == KindInvalidResponse
}

// isOutage reports whether Fathom, or what is in front of it, could not be reached. A call that fails by itself may only
// be too much for Fathom.
func (e *Error) isOutage() bool {
	switch e.Status {
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return e.Kind == KindUnavailable
	}
	return false
}

// OfFile reports whether the error is one of a file host and not of the API.
func (e *Error) OfFile() bool { return e.Op == fetchOp }

// LogValue adds the detail that Error leaves out.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("message", e.Error()), slog.String("kind", string(e.Kind))}
	if e.Detail != "" {
		attrs = append(attrs, slog.String("detail", e.Detail))
	}
	return slog.GroupValue(attrs...)
}

func kindOfStatus(status int) Kind {
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
	default: // 1xx to 3xx, which no endpoint returns
		return KindInvalidResponse
	}
}

const maxDetail = 200 // bytes

// errorDetail turns an error body into one loggable line. Fathom does not specify the form of the body:
// "message" and "error" have been seen, and also HTML and nothing.
func errorDetail(body []byte, secret string) string {
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
		text = strings.ReplaceAll(text, secret, redact.Text)
	}
	return loggable(text)
}

// loggable returns text of another party as one line of at most maxDetail bytes, without control characters.
func loggable(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, text)
	return sanitize.TruncateBytes(strings.Join(strings.Fields(text), " "), maxDetail)
}

func linkExpired(status int) error {
	return fmt.Errorf("%s: status %d: %w", fetchOp, status, ErrLinkExpired)
}
