package transfer

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clip shortens s to at most n characters, so that a record field takes it.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// oneLine takes out what a title can't have: control characters, and those that
// turn the direction of the text after it.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s))
}

// webURL passes a link on that a page may safely offer, and nothing else: what
// Fathom sends ends in an href.
func webURL(raw string) string {
	parsed, err := url.Parse(raw)
	if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || len(raw) > 2000 {
		return ""
	}
	return raw
}

// sentence makes an error's text one for people: a capital and a full stop.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}
