package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordBytes is the length from which the rest of a word is ignored, as in text without spaces that isn't language.
const maxWordBytes = 128

// unspaced are the scripts that are written without spaces between words, or whose words are too long for people to
// search for. Each of their characters is a word, and a term of several characters is a phrase.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// optional are the scripts whose marks people leave out when they type.
var optional = []*unicode.RangeTable{
	unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac,
}

// spelled are letters that people type as others, and that Unicode doesn't decompose.
var spelled = map[rune]string{
	'ß': "ss", 'ς': "σ", 'ı': "i", 'ł': "l", 'ø': "o", 'đ': "d", 'ħ': "h", 'æ': "ae", 'œ': "oe",
	'ٱ': "ا", 'ى': "ي", 'ک': "ك", 'ی': "ي",
}

const (
	tatweel       = '\u0640' // lengthens a word
	longVowel     = '\u30fc' // belongs to no single script
	halfLongVowel = '\uff70'
	voiced        = '\u3099' // combining marks of kana
	semivoiced    = '\u309a'
	halfVoiced    = '\uff9e'
	halfSemi      = '\uff9f'
)

// class is what a character means for the division of a text into words.
type class int

const (
	separator class = iota
	letter          // of a word
	single          // a word
	ignored         // as if it weren't there
)

func classOf(r rune) class {
	switch r {
	case tatweel, voiced, semivoiced, halfVoiced, halfSemi:
		return ignored
	case longVowel, halfLongVowel:
		return single
	}
	isMark := unicode.IsMark(r)
	switch {
	case !isMark && !unicode.IsLetter(r) && !unicode.IsNumber(r):
		if unicode.Is(unicode.Cf, r) { // such as a joiner or a soft hyphen
			return ignored
		}
		return separator
	case unicode.In(r, unspaced...):
		return single
	case isMark && unicode.In(r, optional...):
		return ignored
	}
	return letter
}

// normalize returns a text as it is stored, shown and searched: valid, with composed characters and without characters
// that end a text in other programs.
func normalize(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", " ")
	return norm.NFC.String(text)
}

// scan calls visit for each word of a normalized text, until visit returns false: with the word as it is compared, which
// is valid only during the call, and with its position in the text, in bytes. Case, accents and the width of characters
// don't matter. Words contain only letters, digits and marks, in lower case if ASCII.
func scan(text string, visit func(word []byte, start, end int) bool) {
	var buffer [maxWordBytes + 64]byte
	word, start, end := buffer[:0], 0, 0
	flush := func() bool {
		if len(word) == 0 {
			return true
		}
		goOn := visit(word, start, end)
		word = word[:0]
		return goOn
	}
	for at := 0; at < len(text); {
		if c := text[at]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				if len(word) == 0 {
					start = at
				}
				if len(word) < maxWordBytes {
					word = append(word, c)
				}
				end = at + 1
			} else if !flush() {
				return
			}
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		next := at + size
		switch classOf(r) {
		case separator:
			if !flush() {
				return
			}
		case ignored:
			if len(word) > 0 {
				end = next
			}
		case letter:
			if len(word) == 0 {
				start = at
			}
			if len(word) < maxWordBytes {
				word = appendFolded(word, text[at:next], r)
			}
			end = next
		case single:
			if !flush() {
				return
			}
			if mark, width := utf8.DecodeRuneInString(text[next:]); mark == halfVoiced || mark == halfSemi {
				next += width
			}
			if !visit(norm.NFKC.AppendString(word, text[at:next]), at, next) {
				return
			}
		}
		at = next
	}
	flush()
}

// appendFolded appends a letter as it is compared.
func appendFolded(word []byte, encoded string, r rune) []byte {
	decomposed := norm.NFKD.PropertiesString(encoded).Decomposition()
	if decomposed == nil {
		return appendLower(word, r)
	}
	for len(decomposed) > 0 {
		r, size := utf8.DecodeRune(decomposed)
		decomposed = decomposed[size:]
		if c := classOf(r); c == letter || c == single || r < utf8.RuneSelf && isASCIIWord(byte(r)) {
			word = appendLower(word, r)
		}
	}
	return word
}

func isASCIIWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func appendLower(word []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if spelling, ok := spelled[r]; ok {
		return append(word, spelling...)
	}
	return utf8.AppendRune(word, r)
}

// wordsOf returns the words of a normalized text.
func wordsOf(text string) (words []string) {
	scan(text, func(word []byte, _, _ int) bool {
		words = append(words, string(word))
		return true
	})
	return words
}

// appendWords appends the words of a normalized text, each followed by a space.
func appendWords(to []byte, text string) []byte {
	scan(text, func(word []byte, _, _ int) bool {
		to = append(append(to, word...), ' ')
		return true
	})
	return to
}
