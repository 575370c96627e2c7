package transfer

import (
	"context"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// The codes of a ShareURLRefusedError.
const (
	codeNotLoom     = "validation_share_url"
	codeNotWaiting  = "validation_not_waiting"
	codeTaken       = "validation_link_taken"
	codeLength      = "validation_link_length"
	codeTitle       = "validation_link_title"
	codePrivate     = "validation_link_private"
	codeUnreachable = "validation_link_unreachable"
	codeNoMeeting   = "validation_link_no_meeting"
)

// ShareURLRefusedError means that a pasted link was not accepted.
type ShareURLRefusedError struct {
	Code     string // a word for programs
	Message  string // for the user
	Expected *VideoDescription
	Found    *VideoDescription // at Loom, or nil

	err error
}

// VideoDescription describes a recording, or a video at Loom, to the user. Zero fields are unknown.
type VideoDescription struct {
	Title    string  `json:"title"`
	FileName string  `json:"file_name,omitempty"`
	Duration float64 `json:"duration"` // seconds
}

// Error returns the message.
func (e *ShareURLRefusedError) Error() string { return e.Message }

// Unwrap returns the cause, or nil.
func (e *ShareURLRefusedError) Unwrap() error { return e.err }

// Temporary reports whether the same link may be accepted later, because Loom could not be reached.
func (e *ShareURLRefusedError) Temporary() bool { return e.Code == codeUnreachable }

// canConfirm reports whether the link is accepted if the user confirms it.
func (e *ShareURLRefusedError) canConfirm() bool {
	switch e.Code {
	case codeLength, codeTitle, codePrivate, codeUnreachable:
		return true
	}
	return false
}

// unchecked returns why the link could not be checked, or a blank string if it was. e may be nil.
func (e *ShareURLRefusedError) unchecked() string {
	if e == nil {
		return ""
	}
	switch e.Code {
	case codePrivate:
		return uncheckedPrivate
	case codeUnreachable:
		return uncheckedUnreachable
	}
	return ""
}

// refuseShareURL turns an error of package loom into a *ShareURLRefusedError. It returns other errors unchanged.
func refuseShareURL(err error) error {
	if mismatch, ok := errors.AsType[*loom.MismatchError](err); ok {
		return refuseMismatch(mismatch)
	}
	if failure, ok := errors.AsType[*loom.Error](err); ok {
		refused := &ShareURLRefusedError{Code: codeUnreachable, err: err, Message: "Loom can't be reached to check this link. Try again in a minute, or save it without the check."}
		if !failure.Temporary() {
			refused.Message = "Loom gave no information about this link. Check that it opens in a private browser window."
			refused.Code = codePrivate
		}
		return refused
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, loom.ErrNotFound) {
		return &ShareURLRefusedError{Code: codePrivate, err: err, Message: "Loom shows no public video at this link. Check that its upload has finished. " +
			"If only some people may view it, save it without a check."}
	}
	if _, ok := errors.AsType[*loom.ShareURLError](err); ok {
		return &ShareURLRefusedError{Code: codeNotLoom, Message: sentence(err.Error()), err: err}
	}
	return err
}

func refuseMismatch(mismatch *loom.MismatchError) error {
	refused := &ShareURLRefusedError{
		Code: codeLength, Message: sentence(mismatch.Error()), err: mismatch,
		Expected: &VideoDescription{mismatch.Want.Title, mismatch.Want.FileName, mismatch.Want.Duration.Seconds()},
		Found:    &VideoDescription{Title: mismatch.Got.Title, Duration: mismatch.Got.Duration.Seconds()},
	}
	if mismatch.Length != loom.Differs {
		refused.Code = codeTitle
	}
	return refused
}
