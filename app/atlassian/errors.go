package atlassian

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Kind classifies an [Error]. The server specifies neither its statuses nor its texts, so that a kind is the best
// interpretation of both.
type Kind string

// The kinds of [Error].
const (
	KindUnauthorized Kind = "unauthorized" // the credential is wrong, expired or revoked: reconnect
	KindWrongToken   Kind = "wrong_token"  // a token without the necessary scopes, or of an unsupported sort
	KindBlocked      Kind = "blocked"      // an administrator doesn't allow it; Message says what
	KindNoWorkspace  Kind = "no_workspace" // the site has no Loom workspace
	KindForbidden    Kind = "forbidden"    // the account lacks a permission
	KindNotFound     Kind = "not_found"    // unknown, or invisible to this account
	KindRateLimited  Kind = "rate_limited" // too many requests; RetryAfter says how long to wait, if the server does
	KindRefused      Kind = "refused"      // the operation was refused; see Reason
	KindUnavailable  Kind = "unavailable"  // 5xx, a network error, a timeout or a lost session
	KindProtocol     Kind = "protocol"     // no usable answer of an MCP server, or one that is too large
)

// Reason is why an operation was refused.
type Reason string

// ReasonSignIn is a reason of KindWrongToken: only a sign-in is accepted, no token and no key.
const ReasonSignIn Reason = "sign_in"

// The reasons of KindRefused.
const (
	ReasonPlan    Reason = "plan"    // the plan or the role of the account doesn't include it
	ReasonQuota   Reason = "quota"   // too many videos, or too much storage
	ReasonSize    Reason = "size"    // the file is too large
	ReasonLength  Reason = "length"  // the recording is too long
	ReasonType    Reason = "type"    // the file has an unsupported format
	ReasonExpired Reason = "expired" // the upload that was begun is no longer valid: begin again
	ReasonInput   Reason = "input"   // an input is missing or invalid
	ReasonOther   Reason = "other"   // unknown; Message is all there is
)

var kindText = map[Kind]string{
	KindUnauthorized: "atlassian rejected the credential",
	KindWrongToken:   "token can't be used for this",
	KindBlocked:      "blocked by an administrator",
	KindNoWorkspace:  "site has no loom workspace",
	KindForbidden:    "atlassian denied access",
	KindNotFound:     "not found at atlassian",
	KindRateLimited:  "too many requests to atlassian",
	KindRefused:      "atlassian refused the operation",
	KindUnavailable:  "atlassian is unreachable",
	KindProtocol:     "invalid response from atlassian",
}

// Error is a failed connection or call.
type Error struct {
	Op         string        // the operation, such as "call listLoomVideos"
	Kind       Kind          // the cause
	Reason     Reason        // of KindRefused and perhaps of KindWrongToken, otherwise blank
	Status     int           // HTTP status, or the one in the answer of an operation; 0 if there is none
	RetryAfter time.Duration // time until a retry makes sense, 0 if unknown

	// Unclear reports that the operation may have been executed although it failed: the request was sent, and no
	// usable answer came. Look up what happened before repeating anything.
	Unclear bool

	// Message is the server's own explanation in one line of at most 300 characters, without credentials and signed
	// addresses. It may be shown to the person whose connection it is. Blank if there is none.
	Message string

	Err error // the cause, for instance a network error; may be nil
}

// Error returns the operation, the cause and the status, but not the server's text.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, kindText[e.Kind])
	if e.Reason != "" {
		fmt.Fprintf(&b, " (%s)", e.Reason)
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

// Temporary reports whether the same call may succeed later, in a new session.
func (e *Error) Temporary() bool { return e.Kind == KindRateLimited || e.Kind == KindUnavailable }

// LogValue adds the server's text, which Error leaves out.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("message", e.Error()), slog.String("kind", string(e.Kind))}
	if e.Message != "" {
		attrs = append(attrs, slog.String("detail", e.Message))
	}
	return slog.GroupValue(attrs...)
}
