package loom

import (
	"context"
	"encoding/json"
	"time"
)

// Delivery is one recording on its way to Loom. It may take several calls of [Uploader.Upload], which share a state.
type Delivery struct {
	Recording Recording
	Options   Options
	Owner     string // the name of the user database whose connections are used

	// ByHand says that the owner uploads the file: the result is a video that Loom has already, or a hand-over.
	ByHand bool

	// State is what an earlier call passed to Save last, or nil.
	State json.RawMessage
	// OtherFile says that State is about another file of the recording, which has been fetched again since. What Loom has
	// of that file, or may have, remains the video; otherwise the delivery begins again.
	OtherFile bool
	// Save records how far the delivery is, as JSON without secrets and without addresses that grant access. When it
	// returns nil, the next call gets that state, whatever happens to this process. nil discards the state. An uploader
	// saves each step before the next one, and ends with the error if Save returns one.
	Save func(state json.RawMessage) error
	// Progress receives the number of bytes that have been sent. It returns immediately. It may be nil.
	Progress func(sent int64)
}

// Sent reports progress if anybody wants to know.
func (d Delivery) Sent(bytes int64) {
	if d.Progress != nil {
		d.Progress(bytes)
	}
}

// Outcome is the result of an upload.
type Outcome struct {
	ShareURL      string // canonical; blank if AwaitShareURL is set
	AwaitShareURL bool   // the user uploads the file and pastes the link
	Verified      bool   // the uploader has found the video at Loom itself, so that its link needs no check
	Visibility    string // who may see the video, as Loom says; blank if unknown
	Note          string // sentences for the user about what is not as wanted, or blank
}

// Uploader delivers recordings.
//
// A call continues where the saved state ends, so that a delivery that is interrupted at any moment creates one video. A
// *[RejectedError] is final: the recording is then left to the user, unless [CheckUpload] refuses it too. ErrAudioOnly is
// no failure. A *[DelayError] says that a later call may succeed; other errors may be temporary.
type Uploader interface {
	// Name returns a word that transfers show.
	Name() string
	Upload(ctx context.Context, delivery Delivery) (Outcome, error)
}

// StateReader is implemented by uploaders that can tell from a saved state whether Loom may have the video. The next call of
// Upload finds out then.
type StateReader interface {
	MayHaveVideo(state json.RawMessage) bool
}

// DelayError means that a delivery can't continue now, but later. It uses up no attempt.
type DelayError struct {
	Message string        // a sentence for the user
	After   time.Duration // until the next call makes sense; 0 if unknown
	Err     error         // the cause, for the log
}

// Error returns the cause.
func (e *DelayError) Error() string { return "delivery to loom is delayed: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *DelayError) Unwrap() error { return e.Err }
