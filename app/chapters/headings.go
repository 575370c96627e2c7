package chapters

import (
	"regexp"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/summary"
)

// Limits on what is read of a summary.
const (
	maxHeading  = 1000 // bytes
	maxHeadings = 1000
)

var fencePattern = regexp.MustCompile("^ {0,3}(```|~~~)")

// heading is a heading of a summary that leads to a moment.
type heading struct {
	title string
	start float64 // seconds
}

// headings returns the headings of a summary that have a time: that of a link in the heading itself or, otherwise, that
// of the first link before the next heading. Fathom links what it summarizes to the recording.
func headings(markdown string) (found []heading) {
	title, isCode, count := "", false, 0 // the title is that of a heading whose time is still to be found
	for line := range strings.Lines(markdown) {
		if fencePattern.MatchString(line) {
			isCode = !isCode
		}
		if isCode {
			continue
		}
		if summary.IsHeading(line) {
			if count++; count > maxHeadings {
				break
			}
			title = summary.Text(sanitize.TruncateBytes(line, maxHeading))
		}
		if title == "" {
			continue
		}
		if start, ok := summary.Moment(line); ok {
			found = append(found, heading{title, start})
			title = ""
		}
	}
	return found
}
