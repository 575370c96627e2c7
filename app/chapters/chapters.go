// Package chapters divides a recording into chapters: from the highlights that Fathom has stored for it, and from the
// headings of its summary that lead to a moment. Its functions are safe for concurrent use, and accept any text. The
// package must not change what is stored.
package chapters

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	minGap    = 10.0 // seconds between two chapters
	maxCount  = 50   // chapters of a recording
	maxTitle  = 100  // characters
	maxStart  = 1000 * 3600.0
	beginning = "Start" // the title of what precedes the first chapter
)

// Chapter is a part of a recording, which lasts until the next one starts.
type Chapter struct {
	Start float64 `json:"start"` // seconds from the start of the recording, in whole milliseconds
	Title string  `json:"title"` // plain text on one line, up to 100 characters
}

// OfMeeting returns the chapters of a meeting, from its record in a user database. Highlights that can't be read are
// ignored.
func OfMeeting(meeting *core.Record) []Chapter {
	var highlights []fathom.Highlight
	if meeting.UnmarshalJSONField("highlights", &highlights) != nil {
		highlights = nil
	}
	return Of(meeting.GetString("summary"), highlights, meeting.GetFloat("duration"))
}

// Of returns the chapters of a recording, in order. The first one starts at 0, and the others at least 10 seconds after
// the one before. summary is Markdown. length is that of the recording in seconds; chapters never start after it. 0 means
// that it is unknown. Without any highlight or heading that has a time, the result is empty, but not nil.
func Of(summary string, highlights []fathom.Highlight, length float64) []Chapter {
	if !(length > 0) {
		length = maxStart
	}
	var found []Chapter
	add := func(start float64, title string) {
		title = plain(title)
		if title != "" && start >= 0 && start < length { // false if it isn't a number
			found = append(found, Chapter{Start: math.Floor(start*1000) / 1000, Title: title})
		}
	}
	for _, h := range headings(summary) { // first, because they describe more than a moment
		add(h.start, h.title)
	}
	for _, h := range highlights {
		add(h.StartTime, cmp.Or(plain(h.Summary), h.Text))
	}
	slices.SortStableFunc(found, func(a, b Chapter) int { return cmp.Compare(a.Start, b.Start) })
	found = fromBeginning(found)
	spaced := keepApart(found, minGap)
	for gap := 2 * minGap; len(spaced) > maxCount; gap *= 2 {
		spaced = keepApart(found, gap)
	}
	return spaced
}

// fromBeginning makes the first chapter start at 0, because players and pages expect it.
func fromBeginning(chapters []Chapter) []Chapter {
	switch {
	case len(chapters) == 0:
	case chapters[0].Start < minGap:
		chapters[0].Start = 0
	default:
		return slices.Insert(chapters, 0, Chapter{Title: beginning})
	}
	return chapters
}

// keepApart leaves out chapters that start less than a number of seconds after the one before.
func keepApart(chapters []Chapter, gap float64) []Chapter {
	kept := []Chapter{}
	for _, c := range chapters {
		if len(kept) == 0 || c.Start-kept[len(kept)-1].Start >= gap {
			kept = append(kept, c)
		}
	}
	return kept
}

// plain returns a title as it is shown. WebVTT doesn't allow arrows.
func plain(title string) string {
	title = sanitize.SingleLine(strings.ToValidUTF8(title, " "))
	title = strings.ReplaceAll(strings.Join(strings.Fields(title), " "), "-->", "→")
	if !strings.ContainsFunc(title, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }) {
		return ""
	}
	return strings.TrimSpace(sanitize.Truncate(title, maxTitle))
}

// WriteVTT writes chapters as WebVTT, for a track of the kind "chapters". length is that of the recording in seconds; 0
// means that it is unknown. It returns the errors of w.
func WriteVTT(w io.Writer, chapters []Chapter, length float64) error {
	cues := make([]captions.Cue, len(chapters))
	for i, c := range chapters {
		end := max(length, c.Start+minGap)
		if i+1 < len(chapters) {
			end = chapters[i+1].Start
		}
		cues[i] = captions.Cue{Start: duration(c.Start), End: duration(end), Lines: []string{c.Title}}
	}
	return captions.WriteVTT(w, cues)
}

func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds*1000)) * time.Millisecond
}
