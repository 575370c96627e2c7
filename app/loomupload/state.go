package loomupload

import (
	"slices"
	"time"
)

// Stage is how far an upload is.
type Stage string

// The stages of an upload, in their order. A stage is recorded when its step has ended, except for StageCreating and
// StagePublishing, which are recorded before a call whose outcome could be lost.
const (
	StageNone       Stage = ""
	StageCreating   Stage = "creating"
	StageCreated    Stage = "created" // the file may be partly sent
	StageSent       Stage = "sent"
	StagePublishing Stage = "publishing"
	StagePublished  Stage = "published" // the video exists; visibility, title and folder may not be set yet
	StageDone       Stage = "done"
)

// State is how far an upload is, as JSON without secrets and without signed addresses. The zero value is an upload that
// has not begun.
type State struct {
	Stage     Stage     `json:"stage,omitempty"`
	RemoteID  string    `json:"remote_id,omitempty"` // of the video, as soon as Loom says it
	ShareURL  string    `json:"share_url,omitempty"`
	Title     string    `json:"title,omitempty"`     // that was sent
	StartedAt time.Time `json:"started_at,omitzero"` // of the first call
	Named     Values    `json:"named,omitempty"`     // what publishing may ask for
	Parts     []Part    `json:"parts,omitempty"`     // that have been sent
	GivenUp   []string  `json:"given_up,omitempty"`  // ids of uploads that were begun again
	// Visibility is who may see the video, as Loom said at the end; blank if unknown.
	Visibility string `json:"visibility,omitempty"`

	Steps []string `json:"steps,omitempty"`      // that have ended after publishing
	Tries int      `json:"step_tries,omitempty"` // runs in which a step failed temporarily
	Notes []string `json:"notes,omitempty"`      // sentences for the user

	// OtherFile says that this is about an earlier file of the recording. It is only kept while Loom may have that.
	OtherFile bool `json:"other_file,omitempty"`

	// FailedStarts is how often the first step was done in vain, without an answer or with an address that isn't
	// accepted, since the upload host accepted something last.
	FailedStarts int `json:"failed_starts,omitempty"`
}

// Values are identifiers that Loom has answered with, by simplified name.
type Values map[string]string

// Part is a part of the file that has been sent.
type Part struct {
	Number int    `json:"number"`
	Size   int64  `json:"size"`
	ETag   string `json:"etag,omitempty"`
}

// IsPublished reports whether the video exists at Loom.
func (s State) IsPublished() bool { return s.Stage == StagePublished || s.Stage == StageDone }

const (
	maxNotes   = 10
	maxGivenUp = 20

	// maxFailedStarts limits State.FailedStarts, because each may leave an empty video at Loom.
	maxFailedStarts = 3
)

func (s *State) addNote(sentence string) {
	if !slices.Contains(s.Notes, sentence) && len(s.Notes) < maxNotes {
		s.Notes = append(slices.Clone(s.Notes), sentence)
	}
}

// giveUp begins the upload again. What it has created is remembered, in case that it turns out to be a video.
func (s *State) giveUp() {
	if s.RemoteID != "" && !slices.Contains(s.GivenUp, s.RemoteID) {
		s.GivenUp = append(slices.Clone(s.GivenUp), s.RemoteID)
		s.GivenUp = s.GivenUp[max(len(s.GivenUp)-maxGivenUp, 0):]
	}
	s.Stage, s.RemoteID = StageNone, ""
}

// ForOtherFile returns the state to continue with when the recording has another file than the one this is about. A video
// that Loom has or may have stays; otherwise the upload begins again.
func (s State) ForOtherFile() State {
	if s.IsPublished() {
		s.addNote(noteOtherFile)
		return s
	}
	if s.Stage == StagePublishing {
		s.OtherFile = true
		return s
	}
	s.beginAgain()
	return s
}

const noteOtherFile = "This video is from an earlier upload, before the file was fetched again. The new file was not uploaded."

// beginAgain gives up the upload of one file, to begin that of another.
func (s *State) beginAgain() {
	s.giveUp()
	s.OtherFile, s.Named, s.Parts, s.StartedAt = false, nil, nil, time.Time{}
}

// isSent reports whether a part of this number and size has been sent.
func (s *State) isSent(r request) bool {
	return slices.ContainsFunc(s.Parts, func(p Part) bool { return p.Number == r.number && p.Size == r.size })
}
