// Package sanitize makes text from other systems safe to store and to show: it limits the length and removes
// characters that would break a line. It must not depend on where the text comes from. Its functions are safe for
// concurrent use.
package sanitize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Truncate shortens s to at most n characters, the unit in which PocketBase limits text fields.
func Truncate(s string, n int) string {
	if len(s) <= n { // a character has at least one byte
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// TruncateBytes shortens s to at most n bytes without splitting a character.
func TruncateBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// SingleLine replaces control characters with spaces, removes characters that change the direction of the
// following text, and trims spaces. Control characters would break a table, and could control a terminal.
func SingleLine(s string) string {
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
