package loominspect

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence limits what is kept of a text of the server, in bytes.
const maxSentence = 4000

var sentenceParts = regexp.MustCompile(`https?://[^\s"'<>\\]+|[^\s"'<>@:,;()]+@[^\s"'<>@,;()]+\.[\p{L}]+|ari:[^\s"',]+|` + uuid +
	`|\b[0-9a-fA-F]{24,64}\b|"[^"\n]{0,300}"|“[^”\n]{0,300}”|[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.'’-]*`)

// sentence keeps what the server says about a failure, and replaces what it may quote of a person: addresses, ids, quoted
// texts, names. A word remains if it is in lower case, begins the sentence, or occurs in the descriptions of operations,
// unless it is part of a name that the report has replaced.
func (r *redaction) sentence(text string) string {
	text = limitText(r.withoutSecrets(text))
	var out strings.Builder
	end := 0
	for _, at := range sentenceParts.FindAllStringIndex(text, -1) {
		out.WriteString(text[end:at[0]])
		begins := beginsSentence(text[:at[0]])
		out.WriteString(r.sentencePart(text[at[0]:at[1]], begins))
		end = at[1]
	}
	out.WriteString(text[end:])
	return out.String()
}

func (r *redaction) sentencePart(part string, begins bool) string {
	first, size := utf8.DecodeRuneInString(part)
	switch {
	case strings.HasPrefix(part, "http://"), strings.HasPrefix(part, "https://"):
		bare := strings.TrimRight(part, ".,;:!?)")
		return r.URL(bare) + part[len(bare):]
	case strings.Contains(part, "@"):
		return r.Email(part)
	case strings.HasPrefix(part, "ari:"):
		return r.resourceName(part)
	case wholeID.MatchString(part):
		return r.id(part)
	case first == '"', first == '“':
		_, last := utf8.DecodeLastRuneInString(part)
		return part[:size] + r.quoted(part[size:len(part)-last]) + part[len(part)-last:]
	}
	return r.word(part, begins)
}

// quoted keeps a quotation if all its words are ones of the service.
func (r *redaction) quoted(text string) string {
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		return r.URL(text)
	}
	for _, word := range wordPattern.FindAllString(text, -1) {
		if !r.isKnown(word) {
			return r.Text(text)
		}
	}
	return text
}

func (r *redaction) word(part string, begins bool) string {
	word := strings.TrimRight(part, ".'’-_")
	rest := part[len(word):]
	if siteName.MatchString(word) {
		kept, _ := r.host(word)
		return kept + rest
	}
	keep := true
	for _, piece := range wordPattern.FindAllString(word, -1) {
		keep = keep && r.keepsWord(piece, begins)
	}
	if keep {
		return part
	}
	return r.Text(word) + rest
}

func (r *redaction) keepsWord(word string, begins bool) bool {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case r.private[strings.ToLower(word)]:
		return false
	case r.isKnown(word):
		return true
	case strings.Trim(word, "0123456789") == "":
		return len(word) <= 5
	case !isPlainASCII(word) || len(word) > 30:
		return false
	}
	return unicode.IsLower(first) || begins
}

// beginsSentence reports whether what follows a text begins a sentence.
func beginsSentence(before string) bool {
	before = strings.TrimRight(before, " \t\"“")
	return before == "" || strings.ContainsAny(before[len(before)-1:], ".!?\n")
}

// description keeps a text that the server sends to everybody, without what may be private nevertheless.
func (r *redaction) description(text string) string {
	text = limitText(r.withoutSecrets(text))
	return sentenceParts.ReplaceAllStringFunc(text, func(part string) string {
		switch {
		case strings.HasPrefix(part, "http"):
			if strings.Contains(part, "://") && r.isPrivate(part) {
				return r.URL(part)
			}
		case strings.Contains(part, "@"):
			return r.Email(part)
		case wholeID.MatchString(part):
			return r.id(part)
		}
		return wordPattern.ReplaceAllStringFunc(part, func(word string) string {
			if r.private[strings.ToLower(word)] {
				return r.Text(word)
			}
			return word
		})
	})
}

func limitText(text string) string {
	text = strings.ToValidUTF8(text, "?")
	if len(text) > maxSentence {
		text = strings.ToValidUTF8(text[:maxSentence], "") + " […]"
	}
	return text
}
