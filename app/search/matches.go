package search

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits on what is shown of a recording, in UTF-16 code units except for maxMatches.
const (
	maxMatches = 3
	leadIn     = 60  // text before the first match
	maxExcerpt = 240 // text in total
)

// Match is a text in which words of a query occur.
type Match struct {
	Field   string   `json:"field"`   // title, people, summary, action_item, highlight or transcript
	Start   *float64 `json:"start"`   // seconds from the start of the recording; null if the text has no time
	Speaker string   `json:"speaker"` // of a transcript; otherwise blank
	Text    string   `json:"text"`    // a part of what is stored
	Ranges  [][2]int `json:"ranges"`  // start and end of each word or phrase in Text, in UTF-16 code units
}

// candidate is a section with matches.
type candidate struct {
	section section
	text    string
	ranges  [][2]int // in bytes of text
	terms   int      // how many different terms occur
}

// findMatches returns the sections in which most terms occur. One of them is from the transcript if there is any.
func findMatches(ctx context.Context, content []byte, terms []term) ([]Match, error) {
	matches := []Match{}
	if len(terms) == 0 {
		return matches, nil
	}
	var best []candidate
	var spoken *candidate // the best one of the transcript
	finder := newFinder(terms)
	err := decodeSections(content, func(s section) bool {
		c := candidate{section: s, text: s.text()}
		if !finder.mayFind(c.text) {
			return ctx.Err() == nil
		}
		if c.ranges, c.terms = finder.find(ctx, c.text); c.terms == 0 {
			return ctx.Err() == nil
		}
		c.section.pieces = slices.Clone(s.pieces)
		if s.field == FieldTranscript && (spoken == nil || c.terms > spoken.terms) {
			spoken = &c
		}
		if best = append(best, c); len(best) > maxMatches {
			slices.SortStableFunc(best, func(a, b candidate) int { return cmp.Compare(b.terms, a.terms) })
			best = best[:maxMatches]
		}
		isPerfect := len(best) == maxMatches && best[maxMatches-1].terms == len(terms) && spoken != nil && spoken.terms == len(terms)
		return ctx.Err() == nil && !isPerfect
	})
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(best, func(a, b candidate) int { return cmp.Compare(b.terms, a.terms) })
	if spoken != nil && !slices.ContainsFunc(best, func(c candidate) bool { return c.section.field == FieldTranscript }) {
		if len(best) == maxMatches {
			best = best[:maxMatches-1]
		}
		best = append(best, *spoken)
	}
	for _, c := range best {
		matches = append(matches, c.match())
	}
	return matches, nil
}

// match cuts the part of a section around its first matches.
func (c candidate) match() Match {
	m := Match{Field: c.section.field, Speaker: c.section.speaker, Ranges: [][2]int{}}
	first := c.ranges[0]
	if start := c.section.startAt(first[0]); start >= 0 {
		m.Start = &start
	}
	from := back(c.text, first[0], leadIn)
	to := min(forward(c.text, from, maxExcerpt), len(c.text))
	to = max(to, first[1])
	m.Text = c.text[from:to]
	at, units := from, 0 // the same place in bytes of the section and in units of the excerpt
	advance := func(to int) int {
		units += units16(c.text[at:to])
		at = to
		return units
	}
	for _, r := range c.ranges {
		if r[1] > to {
			break
		}
		m.Ranges = append(m.Ranges, [2]int{advance(r[0]), advance(r[1])})
	}
	return m
}

// units16 returns the length of a text in UTF-16 code units.
func units16(text string) (units int) {
	for _, r := range text {
		units++
		if r > 0xffff {
			units++
		}
	}
	return units
}

// back returns the position in a text, in bytes, that is at most so many units before another one. It is the beginning of
// a word if one is near.
func back(text string, from, units int) int {
	at, word := from, -1
	for at > 0 && units > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if isSpace(r) {
			word = at
		}
		at -= size
		units--
	}
	if at > 0 && word >= 0 {
		return word
	}
	return at
}

// forward returns the position that is at most so many units after another one. It is the end of a word if one is near.
func forward(text string, from, units int) int {
	word := -1
	for at, r := range text[from:] {
		if units -= units16(string(r)); units < 0 {
			if word >= 0 {
				return from + word
			}
			return from + at
		}
		if isSpace(r) {
			word = at
		}
	}
	return len(text)
}

// finder finds terms in texts. Not safe for concurrent use.
type finder struct {
	terms  []term
	folded []byte
	words  []foundWord
}

// foundWord is a word of a text: its position in the text and in folded, in bytes.
type foundWord struct{ start, end, from, to int }

func newFinder(terms []term) *finder { return &finder{terms: terms} }

// mayFind returns false if find would find nothing in a text, as in most. It is many times faster.
func (f *finder) mayFind(text string) bool {
	for at := range len(text) {
		if text[at] >= utf8.RuneSelf { // other scripts have more ways to write a word
			return true
		}
	}
	return slices.ContainsFunc(f.terms, func(t term) bool {
		return !slices.ContainsFunc(t.words, func(word string) bool { return !containsFold(text, word) })
	})
}

// containsFold reports whether an ASCII text contains a folded word, in lower or upper case.
func containsFold(text, word string) bool {
	for _, first := range []byte{word[0], bytes.ToUpper([]byte{word[0]})[0]} {
		for rest := text; ; rest = rest[1:] {
			at := strings.IndexByte(rest, first)
			if at < 0 || at+len(word) > len(rest) {
				break
			}
			rest = rest[at:]
			if strings.EqualFold(rest[:len(word)], word) {
				return true
			}
		}
	}
	return false
}

// find returns where terms occur in a text, sorted and without overlaps, and how many different ones do. It finds nothing
// once ctx has ended.
func (f *finder) find(ctx context.Context, text string) (ranges [][2]int, terms int) {
	f.folded, f.words = f.folded[:0], f.words[:0]
	scan(text, func(word []byte, start, end int) bool {
		from := len(f.folded)
		f.folded = append(f.folded, word...)
		f.words = append(f.words, foundWord{start, end, from, len(f.folded)})
		return true
	})
	for _, term := range f.terms {
		if ctx.Err() != nil {
			return nil, 0
		}
		found := false
		for i := range f.words {
			if f.matches(term, i) {
				found = true
				ranges = append(ranges, [2]int{f.words[i].start, f.words[i+len(term.words)-1].end})
			}
		}
		if found {
			terms++
		}
	}
	slices.SortFunc(ranges, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) })
	merged := ranges[:0]
	for _, r := range ranges {
		if last := len(merged) - 1; last >= 0 && r[0] < merged[last][1] {
			merged[last][1] = max(merged[last][1], r[1])
			continue
		}
		merged = append(merged, r)
	}
	return merged, terms
}

// matches reports whether a term occurs at a word.
func (f *finder) matches(t term, at int) bool {
	if at+len(t.words) > len(f.words) {
		return false
	}
	for i, wanted := range t.words {
		word := f.folded[f.words[at+i].from:f.words[at+i].to]
		if t.prefix && i == len(t.words)-1 {
			if !bytes.HasPrefix(word, []byte(wanted)) {
				return false
			}
		} else if string(word) != wanted {
			return false
		}
	}
	return true
}
