package loom

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrNotFound means that Loom shows no such video to the public: it does not exist, is still uploading,
// or is private. Loom does not distinguish these cases.
var ErrNotFound = errors.New("no public loom video at this link")

// Error is a failed request to Loom.
type Error struct {
	Op         string        // the operation, such as "look up loom video"
	Status     int           // HTTP status, 0 without a response
	RetryAfter time.Duration // time until a retry makes sense, 0 if unknown
	Detail     string        // why the response is unusable, or blank

	cause error
}

// Error returns the operation, the status and the cause.
func (e *Error) Error() string {
	text := e.Op + ": loom is unreachable"
	if e.Status != 0 {
		text = fmt.Sprintf("%s: unexpected response from loom (status %d)", e.Op, e.Status)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, for instance a network error.
func (e *Error) Unwrap() error { return e.cause }

// Temporary reports whether the same request may succeed later. Only the other 4xx statuses are final; a
// redirect or an unusable response may come from a maintenance page.
func (e *Error) Temporary() bool {
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	}
	return e.Status < 400 || e.Status >= 500
}

// ShareURLError means that a text is not a Loom share link. Reason is for the user.
type ShareURLError struct{ Reason string }

// Error returns a lower-case sentence for the user.
func (e *ShareURLError) Error() string { return "not a Loom share link: " + e.Reason }

// MismatchError means that a link leads to a video other than the expected one.
type MismatchError struct {
	Got  Video
	Want Expectation

	Length, Title Agreement // one of them Differs
}

// Error returns a lower-case sentence for the user that describes both videos.
func (e *MismatchError) Error() string {
	describe := func(title string, d time.Duration) string {
		text := "an untitled video"
		if title != "" {
			text = fmt.Sprintf("%q", title)
		}
		if d > 0 {
			text += " of " + formatDuration(d)
		}
		return text
	}
	return fmt.Sprintf("this link leads to another video: Loom has %s, the recording is %s",
		describe(e.Got.Title, e.Got.Duration), describe(e.Want.Title, e.Want.Duration))
}

// formatDuration formats a duration for people, such as "1 h 2 min 3 s".
func formatDuration(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	h, m, s := s/3600, s/60%60, s%60
	switch {
	case h > 0:
		return fmt.Sprintf("%d h %d min %d s", h, m, s)
	case m > 0:
		return fmt.Sprintf("%d min %d s", m, s)
	default:
		return fmt.Sprintf("%d s", s)
	}
}
