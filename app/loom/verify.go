package loom

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Encoders round the length of a video and Loom trims it, by an amount that grows with the length.
const (
	durationSlack  = 3 * time.Second
	durationShare  = 100 // a long video may differ by its length divided by this
	minTitlePrefix = 12  // the fewest bytes of a truncated title that still identify it
)

// Expectation describes the recording that a Loom video should show. Zero fields are unknown.
type Expectation struct {
	Title    string
	Duration time.Duration
}

// Verify checks that a pasted link leads to the recording that should have been uploaded. The lengths
// decide, because people rename videos: they must agree within 3 s or 1 %, whichever is more. The titles
// decide only if one of the lengths is unknown.
//
// It returns a *[ShareURLError], ErrNotFound, a *[MismatchError], an *[Error] when Loom gives no usable
// response, or ctx.Err.
func (c *Client) Verify(ctx context.Context, raw string, want Expectation) (ShareURL, error) {
	share, err := c.ParseShareURL(raw)
	if err != nil {
		return ShareURL{}, err
	}
	video, err := c.Video(ctx, share)
	if err != nil {
		return share, err
	}
	match := titlesAgree(video.Title, want.Title)
	if video.Duration > 0 && want.Duration > 0 {
		match = durationsAgree(video.Duration, want.Duration)
	}
	if !match {
		return share, &MismatchError{Got: video, Want: want}
	}
	return share, nil
}

func durationsAgree(got, want time.Duration) bool {
	return (got - want).Abs() <= max(durationSlack, want/durationShare)
}

var trailingDate = regexp.MustCompile(`\s*\d{4}-\d{2}-\d{2}$`)

// titlesAgree compares the letters and digits of two titles. Loom's title is the name of the uploaded
// file, so the changes that FileName makes (a trailing date, truncation) are not differences. An unknown
// title agrees with any other.
func titlesAgree(got, want string) bool {
	a, b := lettersAndDigits(got), lettersAndDigits(want)
	if a == "" || b == "" || strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	undated := lettersAndDigits(trailingDate.ReplaceAllString(got, ""))
	return len(undated) >= minTitlePrefix && strings.HasPrefix(b, undated)
}

func lettersAndDigits(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
