package captions

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// wrap divides a text into blocks of lines that fit on the screen.
func wrap(text string) [][]string {
	var lines []string
	line, used := "", 0
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line, used = "", 0
	}
	for _, word := range strings.Fields(text) {
		w := widthOf(word)
		if used > 0 && used+1+w > lineWidth && w <= lineWidth {
			flush()
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		for _, character := range characters(word) { // a word may be longer than a line, as in languages without spaces
			w := widthOf(character)
			if used+w > lineWidth {
				line = strings.TrimSuffix(line, " ")
				flush()
			}
			line, used = line+character, used+w
		}
	}
	flush()
	var blocks [][]string
	for len(lines) > 0 {
		n := min(linesPerCue, len(lines))
		blocks, lines = append(blocks, lines[:n:n]), lines[n:]
	}
	return blocks
}

// characters divides a word into what readers see as characters: a letter with its accents, or an emoji with its
// modifiers.
func characters(word string) []string {
	var found []string
	start, joined, flags := 0, false, 0
	for i, r := range word {
		isFlag := r >= 0x1f1e6 && r <= 0x1f1ff // half of one
		extends := joined || runeWidth(r) == 0 || isFlag && flags%2 == 1
		if i > start && !extends {
			found = append(found, word[start:i])
			start, flags = i, 0
		}
		if isFlag {
			flags++
		}
		joined = r == zeroWidthJoiner
	}
	return append(found, word[start:])
}

const zeroWidthJoiner = '\u200d'

// widthOf returns how wide a text is, in Latin letters.
func widthOf(text string) (total int) {
	for _, r := range text {
		total += runeWidth(r)
	}
	return total
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc, unicode.Cf), r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
