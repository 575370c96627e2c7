package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// rateWindow is the time over which a rate is measured, so that it follows changes but doesn't jump.
const rateWindow = 20 * time.Second

// rate measures how fast a stage proceeds. Its zero value is ready.
type rate struct{ samples []sample }

type sample struct {
	at   time.Time
	done int64
}

// add records how much is done. The times must not decrease.
func (r *rate) add(at time.Time, done int64) {
	r.samples = append(r.samples, sample{at, done})
	// Two samples a second suffice.
	if n := len(r.samples); n > 2 && at.Sub(r.samples[n-3].at) < time.Second/2 {
		r.samples = append(r.samples[:n-2], r.samples[n-1])
	}
	for len(r.samples) > 2 && at.Sub(r.samples[1].at) >= rateWindow {
		r.samples = r.samples[1:]
	}
}

// perSecond returns the rate, or 0 while it is unknown.
func (r rate) perSecond() float64 {
	if len(r.samples) < 2 {
		return 0
	}
	first, last := r.samples[0], r.samples[len(r.samples)-1]
	elapsed := last.at.Sub(first.at)
	if elapsed < time.Second {
		return 0
	}
	return math.Max(0, float64(last.done-first.done)/elapsed.Seconds())
}

// left estimates how long the rest of p takes. It returns 0 if that is unknown or nothing is left.
func (r rate) left(p progress.Progress) time.Duration {
	speed := r.perSecond()
	if speed == 0 || p.Total <= p.Done {
		return 0
	}
	seconds := math.Min(float64(p.Total-p.Done)/speed, float64(math.MaxInt32))
	return time.Duration(seconds * float64(time.Second))
}

// progressText describes progress in one line, such as "backup: copy recordings: 1.2 GB of 4.0 GB (30 %), 120 MB/s, 24s left".
func progressText(name string, p progress.Progress, r rate) string {
	text := name + ": "
	if p.Stage != "" {
		text += p.Stage + ": "
	}
	return text + strings.Join(progressFigures(p, r), ", ")
}

func progressFigures(p progress.Progress, r rate) []string {
	figures := []string{formatDone(p)}
	if percent, known := percentOf(p); known && p.Done <= p.Total {
		figures[0] += fmt.Sprintf(" (%d %%)", percent)
	}
	if speed := r.perSecond(); speed > 0 {
		figures = append(figures, formatRate(speed, p.Unit))
	}
	if left := r.left(p); left > 0 {
		figures = append(figures, formatDuration(left)+" left")
	}
	return figures
}

func formatDone(p progress.Progress) string {
	if p.Done > p.Total { // the total was an estimate
		p.Total = 0
	}
	if p.Unit == progress.Bytes {
		if p.Total > 0 {
			return formatSize(p.Done) + " of " + formatSize(p.Total)
		}
		return formatSize(p.Done)
	}
	if p.Total > 0 {
		return fmt.Sprintf("%s of %s %s", humanize.Comma(p.Done), humanize.Comma(p.Total), p.Unit)
	}
	return fmt.Sprintf("%s %s", humanize.Comma(p.Done), p.Unit)
}

// percentOf returns 100 only when everything is done. Totals may be estimates, so more than the total may be done.
func percentOf(p progress.Progress) (percent int, known bool) {
	if p.Total <= 0 {
		return 0, false
	}
	return int(min(100, float64(p.Done)/float64(p.Total)*100)), true
}

func formatRate(perSecond float64, unit progress.Unit) string {
	switch {
	case unit == progress.Bytes:
		return formatSize(int64(perSecond)) + "/s"
	case perSecond >= 10:
		return humanize.Comma(int64(math.Round(perSecond))) + "/s"
	case perSecond >= 0.1:
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return fmt.Sprintf("%.1f/min", perSecond*60)
}

// formatDuration rounds to what people need to know: seconds up to ten minutes, and then minutes.
func formatDuration(d time.Duration) string {
	if d < 10*time.Minute {
		return max(d.Round(time.Second), time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}

// barWidth is the number of characters of a bar.
const barWidth = 24

// progressBarText returns a line for a terminal. It is shorter than the terminal is wide, because a line that is wrapped
// can't be replaced.
func progressBarText(name string, p progress.Progress, r rate, columns int) string {
	text := progressText(name, p, r)
	if percent, known := percentOf(p); known && utf8.RuneCountInString(text)+barWidth+3 < columns {
		full := percent * barWidth / 100
		text = "[" + strings.Repeat("=", full) + strings.Repeat(" ", barWidth-full) + "] " + text
	}
	if runes := []rune(text); len(runes) >= columns {
		text = string(runes[:max(columns-1, 0)])
	}
	return text
}

// progressEvent is what --json prints.
type progressEvent struct {
	progress.Progress
	PerSecond   float64 `json:"per_second,omitempty"`   // units
	SecondsLeft int64   `json:"seconds_left,omitempty"` // estimated
}

func writeProgressEvent(to io.Writer, p progress.Progress, r rate) error {
	event := progressEvent{Progress: p, PerSecond: math.Round(r.perSecond()*100) / 100, SecondsLeft: int64(math.Ceil(r.left(p).Seconds()))}
	return json.NewEncoder(to).Encode(event)
}
