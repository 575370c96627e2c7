package blob

import (
	"errors"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// Kind classifies an [Error], so that callers need not know the codes of S3.
type Kind string

// The kinds of [Error].
const (
	KindUnreachable   Kind = "unreachable"    // no connection, or no response
	KindSlow          Kind = "slow"           // stalled, overloaded, or slower than any useful storage
	KindCredentials   Kind = "credentials"    // wrong keys, or keys without the permission
	KindClock         Kind = "clock"          // the clocks of this server and the storage differ
	KindNoBucket      Kind = "no_bucket"      // the bucket doesn't exist
	KindRegion        Kind = "region"         // the bucket is in another region
	KindFull          Kind = "full"           // no space or quota is left
	KindNotConfigured Kind = "not_configured" // a record names S3, but there are no settings
	KindFailed        Kind = "failed"         // the storage reported another error
)

// Error is a failed call to a storage service. Neither its text nor its causes contain keys, signatures or URLs.
type Error struct {
	Op     string // the operation, such as "store part"
	Kind   Kind   // the cause
	Status int    // HTTP status, 0 without a response
	Code   string // the service's error code, such as NoSuchBucket, or blank
	Region string // KindRegion: the region to set, if the service named it

	cause error
}

var kindText = map[Kind]string{
	KindUnreachable:   "storage can't be reached",
	KindSlow:          "storage is too slow",
	KindCredentials:   "storage refused the credentials",
	KindClock:         "clocks of server and storage differ",
	KindNoBucket:      "bucket doesn't exist",
	KindRegion:        "bucket is in another region",
	KindFull:          "storage is full",
	KindNotConfigured: "storage isn't configured",
	KindFailed:        "storage failed",
}

// Error returns the operation, the cause, and the service's status and code.
func (e *Error) Error() string {
	text := e.Op + ": " + kindText[e.Kind]
	switch {
	case e.Code != "" && e.Status != 0:
		text += fmt.Sprintf(" (status %d, %s)", e.Status, e.Code)
	case e.Code != "":
		text += fmt.Sprintf(" (%s)", e.Code)
	case e.Status != 0:
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, for instance a network error.
func (e *Error) Unwrap() error { return e.cause }

// Temporary reports whether the same call may succeed later although nobody changes the settings.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case KindUnreachable, KindSlow, KindClock, KindFull:
		return true
	case KindFailed:
		return e.Status == 0 || e.Status >= 500
	default:
		return false
	}
}

// Message returns one sentence for the operator of the server. It says what to do.
func (e *Error) Message() string {
	switch e.Kind {
	case KindUnreachable:
		if _, ok := errors.AsType[*outbound.ProxyError](e.cause); ok {
			return "The S3 storage can't be reached through the proxy: check HTTPS_PROXY, " +
				"and list the host of S3_ENDPOINT in NO_PROXY if it must be reached directly."
		}
		return "The S3 storage can't be reached: check S3_ENDPOINT, the network and the service's certificate."
	case KindSlow:
		return "The S3 storage is too slow or doesn't answer: check the load of the service and the network to S3_ENDPOINT."
	case KindCredentials:
		return "The S3 storage refuses the credentials: check S3_ACCESS_KEY and S3_SECRET_KEY, " +
			"and that they may list, read, write and delete in S3_BUCKET under S3_PREFIX."
	case KindClock:
		return "The S3 storage refuses requests because its clock differs from this server's: " +
			"synchronize both, for example with NTP."
	case KindNoBucket:
		return "The bucket in S3_BUCKET doesn't exist: create it, or correct S3_BUCKET, S3_ENDPOINT or S3_PATH_STYLE."
	case KindRegion:
		if e.Region != "" {
			return "The bucket in S3_BUCKET is in another region: set S3_REGION to " + e.Region + "."
		}
		return "The bucket in S3_BUCKET is in another region: correct S3_REGION."
	case KindFull:
		return "The S3 storage is full: free space in S3_BUCKET or raise its quota."
	case KindNotConfigured:
		return "Recordings are stored in S3, which isn't configured: " +
			"set S3_ENDPOINT, S3_BUCKET and the other S3_… settings again."
	default:
		if e.Code != "" {
			return "The S3 storage reports the error " + e.Code + ": check the log of the service."
		}
		return "The S3 storage reports an error: check the log of the service."
	}
}

// UserMessage returns one or two sentences for the person whose recording it is. They don't say what happens next,
// which depends on what the person was doing.
func (e *Error) UserMessage() string {
	switch {
	case e.Kind == KindFull:
		return "The storage for recordings is full. Ask the operator of this server to free space."
	case e.Temporary():
		return "The storage for recordings isn't available at the moment."
	default:
		return "The storage for recordings isn't set up correctly. Ask the operator of this server to check it."
	}
}

// IsTemporary reports whether err, or an error in its chain, is an *Error that is temporary, or ErrBusy.
func IsTemporary(err error) bool {
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure.Temporary()
	}
	return errors.Is(err, ErrBusy)
}
