package oauth

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Kind classifies an [Error].
type Kind string

// The kinds of [Error].
const (
	KindDead        Kind = "dead"        // code or refresh token are used, expired or revoked: sign in again
	KindClient      Kind = "client"      // the server no longer knows the registration: register and sign in again
	KindRefused     Kind = "refused"     // any other refusal; Code and Message say why
	KindTemporary   Kind = "temporary"   // 5xx, 429 or a network error: try again later
	KindUnsupported Kind = "unsupported" // the server lacks something that the sign-in needs
	KindProtocol    Kind = "protocol"    // no usable answer, or metadata with an address that is not allowed
)

var kindText = map[Kind]string{
	KindDead:        "sign-in is no longer valid",
	KindClient:      "registration is no longer valid",
	KindRefused:     "authorization server refused",
	KindTemporary:   "authorization server is unreachable",
	KindUnsupported: "authorization server lacks a feature",
	KindProtocol:    "invalid response from authorization server",
}

// Error is a failed step of a sign-in, refresh or revocation.
type Error struct {
	Op         string        // the step, such as "refresh atlassian token"
	Kind       Kind          // the cause
	Status     int           // HTTP status, 0 without a response
	Code       string        // the error code of OAuth, such as invalid_grant; blank if there is none
	RetryAfter time.Duration // time until a retry makes sense, 0 if unknown

	// Unclear reports that the request was sent, and no usable answer came: a code or refresh token may be used up.
	Unclear bool

	// Message is the server's own explanation in one line of at most 300 characters, without secrets. It may be shown
	// to the person who signs in. Blank if there is none.
	Message string

	Err error // the cause, for instance a network error; may be nil
}

// Error returns the step, the cause, the status and the code, but not the server's text.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, kindText[e.Kind])
	if e.Code != "" {
		fmt.Fprintf(&b, " (%s)", e.Code)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ", retry after %s", e.RetryAfter.Round(time.Second))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether the same step may succeed later.
func (e *Error) Temporary() bool { return e.Kind == KindTemporary }

// LogValue adds the server's text, which Error leaves out.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("message", e.Error()), slog.String("kind", string(e.Kind))}
	if e.Message != "" {
		attrs = append(attrs, slog.String("detail", e.Message))
	}
	return slog.GroupValue(attrs...)
}
