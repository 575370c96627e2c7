package loom

import (
	"path"
	"strings"
	"time"
	"unicode"
)

// Encoders round the length of a video and Loom trims it, by an amount that grows with the length. The times of a
// meeting include pauses that the video doesn't have.
const (
	durationSlack  = 3 * time.Second
	measuredShare  = 500 // a video may differ by its measured length divided by this
	estimatedShare = 100
	minTitlePrefix = 12 // the fewest bytes of a truncated title that still identify it
)

// Expectation describes the recording that a Loom video should show. Zero fields are unknown.
type Expectation struct {
	Title    string // of the meeting
	FileName string // from which Loom takes the title of an upload
	Duration time.Duration
	Measured bool // Duration was read from the file, and isn't just the time between start and end of the meeting
}

// UploadTitle returns the title that Loom gives to an upload of the file.
func (e Expectation) UploadTitle() string {
	return strings.TrimSuffix(e.FileName, path.Ext(e.FileName))
}

// Agreement says how a video compares with an expectation.
type Agreement int

// The values of Agreement.
const (
	Unknown Agreement = iota // one side is unknown
	Agrees
	Differs
)

// Compare compares the lengths, which must agree within 3 s or 0.2 % (1 % unless the length was measured), whichever
// is more, and the titles: Loom's must be the name of the file or contain the title of the meeting.
func (e Expectation) Compare(video Video) (length, title Agreement) {
	if video.Duration > 0 && e.Duration > 0 {
		length = agreement(e.durationAgrees(video.Duration))
	}
	got := lettersAndDigits(video.Title)
	file, meeting := lettersAndDigits(e.UploadTitle()), lettersAndDigits(e.Title)
	if got != "" && (file != "" || meeting != "") {
		title = agreement(got == file || titlesAgree(got, meeting))
	}
	return length, title
}

func agreement(agrees bool) Agreement {
	if agrees {
		return Agrees
	}
	return Differs
}

func (e Expectation) durationAgrees(got time.Duration) bool {
	share := time.Duration(estimatedShare)
	if e.Measured {
		share = measuredShare
	}
	return (got - e.Duration).Abs() <= max(durationSlack, e.Duration/share)
}

// Verify returns a *[MismatchError] if a video is another one than expected: neither the lengths nor the titles may differ.
func (e Expectation) Verify(video Video) error {
	if length, title := e.Compare(video); length == Differs || title == Differs {
		return &MismatchError{Got: video, Want: e, Length: length, Title: title}
	}
	return nil
}

// titlesAgree compares the letters and digits of two titles. One may contain the other, or be cut.
func titlesAgree(got, want string) bool {
	if got == "" || want == "" {
		return false
	}
	return strings.Contains(got, want) || strings.Contains(want, got) && len(got) >= minTitlePrefix
}

func lettersAndDigits(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
