// Package summary reads the summaries of meetings, which are Markdown from Fathom, line by line. Its functions are safe for
// concurrent use, and accept any text.
package summary

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
)

const (
	maxLine   = 2000          // bytes; the parser can take quadratic time
	maxMoment = 1000 * 3600.0 // seconds
)

var (
	parser         = goldmark.DefaultParser() // safe for concurrent use
	headingPattern = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]`)
	linkPattern    = regexp.MustCompile(`https?://[^\s()<>"]+`)
)

// IsHeading reports whether a line is a heading, such as "## Next steps".
func IsHeading(line string) bool { return headingPattern.MatchString(line) }

// Text returns the text of a line without formatting. HTML and lines of more than 2,000 bytes remain as they are.
func Text(line string) string {
	line = strings.TrimSpace(line) // of nested lists, which would be code without what they are in
	if len(line) > maxLine {
		return line
	}
	source := []byte(line)
	var b strings.Builder
	document := parser.Parse(text.NewReader(source))
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function returns no errors
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			value := n.Segment.Value(source)
			if _, isCode := n.Parent().(*ast.CodeSpan); !isCode {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				b.Write(segment.Value(source))
			}
		case *ast.HTMLBlock:
			b.Write(n.Lines().Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// Moment returns the time of the first link in a line that leads to a moment of the recording, in seconds from its start.
func Moment(line string) (seconds float64, ok bool) {
	for rest := line; !ok; {
		found := linkPattern.FindStringIndex(rest)
		if found == nil {
			return 0, false
		}
		seconds, ok = linkTime(rest[found[0]:found[1]])
		rest = rest[found[1]:]
	}
	return seconds, true
}

// linkTime returns the time of a link to a moment of a call at Fathom, such as ?timestamp=64.5 or, in older ones, #t=64.
func linkTime(link string) (seconds float64, ok bool) {
	parsed, err := url.Parse(link)
	if err != nil {
		return 0, false
	}
	value := parsed.Query().Get("timestamp")
	if fragment, found := strings.CutPrefix(parsed.Fragment, "t="); found && value == "" {
		value = fragment
	}
	if at, isClock := captions.ParseTimestamp(value); isClock {
		return at.Seconds(), true
	}
	seconds, err = strconv.ParseFloat(value, 64)
	return seconds, err == nil && seconds >= 0 && seconds < maxMoment
}
