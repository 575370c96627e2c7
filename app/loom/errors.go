package loom

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrNotFound means that Loom shows no such video to the public: it does not
// exist, is still uploading, or is private. Which of these Loom does not say.
var ErrNotFound = errors.New("loom shows no public video at this link; check that it has finished uploading and that anyone with the link may view it")

// Error is a question to Loom that was not answered.
type Error struct {
	Op         string
	Status     int           // 0 when there was no answer
	RetryAfter time.Duration // 0 when unknown
	Detail     string        // what is wrong with the answer, if it came

	cause error
}

// Error is a lower-case sentence with the operation and status.
func (e *Error) Error() string {
	text := e.Op + ": loom did not answer as expected"
	if e.Status == 0 {
		text = e.Op + ": loom cannot be reached"
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
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

// Temporary says whether the same question may be answered later. Only other 4xx
// are Loom's last word; redirects and nonsense may be a maintenance page.
func (e *Error) Temporary() bool {
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	}
	return e.Status < 400 || e.Status >= 500
}

// ShareURLError says why a text is not a Loom share link, in words for its user.
type ShareURLError struct{ Reason string }

// Error is a lower-case sentence for the user.
func (e *ShareURLError) Error() string { return "not a Loom share link: " + e.Reason }

// MismatchError says that a link leads to another video than the one expected.
type MismatchError struct {
	Got  Video
	Want Expectation
}

// Error is a sentence for the user: what Loom says against what was expected.
func (e *MismatchError) Error() string {
	describe := func(title string, d time.Duration) string {
		text := "an untitled video"
		if title != "" {
			text = fmt.Sprintf("%q", title)
		}
		if d > 0 {
			text += " of " + spoken(d)
		}
		return text
	}
	return fmt.Sprintf("this link is another video: Loom says it is %s, the recording is %s",
		describe(e.Got.Title, e.Got.Duration), describe(e.Want.Title, e.Want.Duration))
}

// spoken is a duration as people say it: "1 h 2 min 3 s".
func spoken(d time.Duration) string {
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
