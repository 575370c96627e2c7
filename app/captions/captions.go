// Package captions turns a transcript into captions for a video, as WebVTT or SubRip. It must not know where
// transcripts come from. Its functions are safe for concurrent use.
package captions

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	lineWidth       = 42 // characters, of which those of Chinese, Japanese and Korean count twice
	linesPerCue     = 2
	widthPerSecond  = 12 // people speak and read this much; a full cue stays for 7 s
	minDuration     = 1500 * time.Millisecond
	resolution      = time.Millisecond // of both formats
	sourceInterval  = time.Second      // the resolution of transcripts
	maxStart        = 1000 * time.Hour // later times are taken for damaged
	maxSpeakerWidth = 100              // characters
)

// Utterance is what one person says at a time.
type Utterance struct {
	Speaker string
	Text    string
	Start   time.Duration // from the start of the video
}

// Spoken is an item of a transcript as Fathom sends it and user databases contain it.
type Spoken struct {
	Speaker struct {
		Name string `json:"display_name"`
	} `json:"speaker"`
	Text      string `json:"text"`
	Timestamp string `json:"timestamp"`
}

// Utterances returns what a transcript contains. An item without a valid timestamp begins with the one before it.
func Utterances(transcript []Spoken) []Utterance {
	said := make([]Utterance, len(transcript))
	for i, item := range transcript {
		at, ok := ParseTimestamp(item.Timestamp)
		if !ok && i > 0 {
			at = said[i-1].Start
		}
		said[i] = Utterance{Speaker: item.Speaker.Name, Text: item.Text, Start: at}
	}
	return said
}

// Cue is a text that is shown over a video.
type Cue struct {
	Start, End time.Duration // from the start of the video, in whole milliseconds
	Speaker    string        // may be blank
	Lines      []string      // one or two
}

// ParseTimestamp reads a time such as 01:02:03, 02:03 or 01:02:03.5. ok is false for any other text.
func ParseTimestamp(text string) (_ time.Duration, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var seconds float64
	for i, part := range parts {
		value, err := strconv.ParseFloat(part, 64)
		isLast := i == len(parts)-1
		if err != nil || !(value >= 0) || strings.Trim(part, "0123456789.") != "" || !isLast && strings.Contains(part, ".") {
			return 0, false
		}
		seconds = seconds*60 + value
	}
	if seconds > maxStart.Seconds() {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// Cues divides utterances, which must be in the order in which they were said, into cues that follow one another
// without overlaps. A cue disappears when the next one begins, or once it can have been read. length is that of the
// video; what was said after its end is left out. 0 means that it is unknown.
func Cues(utterances []Utterance, length time.Duration) []Cue {
	spoken := clean(utterances)
	starts := spread(spoken)
	var cues []Cue
	var free time.Duration // when the previous cue has ended
	for i, u := range spoken {
		blocks := wrap(u.Text)
		start := max(starts[i], free)
		end := start + max(minDuration, time.Duration(widthOf(u.Text))*time.Second/widthPerSecond)
		if i+1 < len(spoken) {
			end = min(end, starts[i+1])
		}
		end = max(end, start+time.Duration(len(blocks))*resolution)
		if length > 0 {
			end = min(end, length.Truncate(resolution))
		}
		for _, cue := range timed(blocks, start, end) {
			cue.Speaker = u.Speaker
			cues = append(cues, cue)
			free = cue.End
		}
	}
	return cues
}

// clean removes what captions can't contain, and what is blank then. Times never go back.
func clean(utterances []Utterance) []Utterance {
	var cleaned []Utterance
	var previous time.Duration
	for _, u := range utterances {
		u.Start = max(min(u.Start, maxStart), previous).Truncate(resolution)
		previous = u.Start
		u.Text = singleLine(u.Text)
		u.Speaker = sanitize.Truncate(singleLine(u.Speaker), maxSpeakerWidth)
		if u.Text != "" {
			cleaned = append(cleaned, u)
		}
	}
	return cleaned
}

// singleLine returns a text without line breaks, which would end a cue, and arrows, which would begin one.
func singleLine(text string) string {
	text = sanitize.SingleLine(strings.ToValidUTF8(text, " "))
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "-->", "→")
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		return ""
	}
	return text
}

// spread returns when each utterance begins. Transcripts are precise to the second, so those that begin in the same
// second share it, or the time until the next one.
func spread(utterances []Utterance) []time.Duration {
	starts := make([]time.Duration, len(utterances))
	for first := 0; first < len(utterances); {
		after := first
		for after < len(utterances) && utterances[after].Start == utterances[first].Start {
			after++
		}
		shared := sourceInterval
		if after < len(utterances) {
			shared = min(shared, utterances[after].Start-utterances[first].Start)
		}
		for i := first; i < after; i++ {
			share := shared * time.Duration(i-first) / time.Duration(after-first)
			starts[i] = (utterances[i].Start + share).Truncate(resolution)
		}
		first = after
	}
	return starts
}

// timed returns a cue for each block of lines. They share the time between start and end in proportion to the lengths
// of their texts. Those for which the video is too short are left out.
func timed(blocks [][]string, start, end time.Duration) []Cue {
	total, shown := 0, 0
	for _, lines := range blocks {
		total += blockWidth(lines)
	}
	var cues []Cue
	begin := start
	for i, lines := range blocks {
		shown += blockWidth(lines)
		until := start + time.Duration(int64(end-start)/int64(total)*int64(shown))
		if i == len(blocks)-1 {
			until = end
		}
		until = max(until.Truncate(resolution), begin+resolution)
		if until > end {
			break
		}
		cues = append(cues, Cue{Start: begin, End: until, Lines: lines})
		begin = until
	}
	return cues
}

func blockWidth(lines []string) (width int) {
	for _, line := range lines {
		width += widthOf(line)
	}
	return cmp.Or(width, 1)
}
