package transfer

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxWebURL = 2000 // bytes, the limit of the fields that hold one

// webURL returns raw if the web app may use it as a link, or a blank string. The URLs come from Fathom and
// could have any scheme.
func webURL(raw string) string {
	parsed, err := url.Parse(raw)
	if err != nil || (parsed.Scheme != "https" && parsed.Scheme != "http") || len(raw) > maxWebURL {
		return ""
	}
	return raw
}

// sentence turns the text of an error into a sentence: it adds a capital letter and a period.
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
