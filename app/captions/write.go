package captions

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

var escapeVTT = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// WriteVTT writes cues as WebVTT. Each names its speaker.
func WriteVTT(w io.Writer, cues []Cue) error {
	out := bufio.NewWriter(w)
	out.WriteString("WEBVTT\n")
	for _, cue := range cues {
		voice := ""
		if cue.Speaker != "" {
			voice = "<v " + escapeVTT.Replace(cue.Speaker) + ">"
		}
		text := escapeVTT.Replace(strings.Join(cue.Lines, "\n"))
		fmt.Fprintf(out, "\n%s --> %s\n%s%s\n", clock(cue.Start, '.'), clock(cue.End, '.'), voice, text)
	}
	return out.Flush()
}

// WriteSRT writes cues as SubRip, which has no speakers: the text begins with the name when another person speaks.
func WriteSRT(w io.Writer, cues []Cue) error {
	out := bufio.NewWriter(w)
	speaker := ""
	for i, cue := range cues {
		if i > 0 {
			out.WriteString("\n")
		}
		name := ""
		if cue.Speaker != speaker && cue.Speaker != "" {
			name = cue.Speaker + ": "
		}
		speaker = cue.Speaker
		text := strings.Join(cue.Lines, "\n")
		fmt.Fprintf(out, "%d\n%s --> %s\n%s%s\n", i+1, clock(cue.Start, ','), clock(cue.End, ','), name, text)
	}
	return out.Flush()
}

func clock(t time.Duration, separator rune) string {
	ms := t.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, separator, ms%1000)
}
