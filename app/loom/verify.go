package loom

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Encoders round a file's length, and Loom trims; longer ones differ by more.
const (
	durationSlack  = 3 * time.Second
	durationShare  = 100 // one part in so many
	minTitlePrefix = 12  // characters that tell a cut title from another one
)

// Expectation is the recording a Loom video should be. Zero fields are unknown.
type Expectation struct {
	Title    string
	Duration time.Duration
}

// Verify asks Loom whether a pasted link is the recording that was to be
// uploaded. The length decides, since people rename videos: it must agree within
// 3 s, or 1 % if that is more. The title decides only when a length is unknown;
// otherwise a different one is told in Video.TitleDiffers.
//
// Errors: *[ShareURLError], ErrNotFound, *[MismatchError] (with what was found),
// all with a sentence for the user; *[Error] when Loom cannot be asked.
func (c *Client) Verify(ctx context.Context, raw string, want Expectation) (Video, ShareURL, error) {
	share, err := c.ParseShareURL(raw)
	if err != nil {
		return Video{}, ShareURL{}, err
	}
	video, err := c.Video(ctx, share)
	if err != nil {
		return Video{}, share, err
	}
	video.TitleDiffers = !titlesAgree(video.Title, want.Title)

	mismatch := video.TitleDiffers
	if video.Duration > 0 && want.Duration > 0 {
		mismatch = !durationsAgree(video.Duration, want.Duration)
	}
	if mismatch {
		return video, share, &MismatchError{Got: video, Want: want}
	}
	return video, share, nil
}

func durationsAgree(got, want time.Duration) bool {
	return (got - want).Abs() <= max(durationSlack, want/durationShare)
}

var trailingDate = regexp.MustCompile(`\s*\d{4}-\d{2}-\d{2}$`)

// titlesAgree compares letters and digits. Loom's title is the file's name, so
// what FileName did (a date at the end, a cut) is no difference. An unknown title
// contradicts nothing.
func titlesAgree(got, want string) bool {
	a, b := essence(got), essence(want)
	if a == "" || b == "" || strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	undated := essence(trailingDate.ReplaceAllString(got, ""))
	return len(undated) >= minTitlePrefix && strings.HasPrefix(b, undated)
}

func essence(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
