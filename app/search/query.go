package search

import (
	"slices"
	"strings"
	"time"
)

// Limits on queries.
const (
	maxQueryLength = 500 // characters
	maxQueryWords  = 64  // after CJK has been divided into characters
	maxNesting     = 8
	minPrefix      = 2 // letters before *; CJK needs 1
)

// QueryError says what is wrong with a query, in a sentence for the person who wrote it.
type QueryError struct{ message string }

// Error returns the sentence.
func (e *QueryError) Error() string { return e.message }

// ErrTooExpensive means that a query was ended because it took too long.
var ErrTooExpensive = &QueryError{"This search takes too long. Use fewer or rarer words, or write more letters before *."}

// Query is a query that Parse has accepted.
type Query struct {
	root          *node // nil if only dates restrict the results
	after, before time.Time
}

// kind of a node.
type kind int

const (
	kindTerm kind = iota
	kindAnd
	kindOr
	kindNot
)

// node is a part of a query: a term, or an operator with its operands.
type node struct {
	kind  kind
	term  term
	parts []*node
}

// term is a word or a phrase.
type term struct {
	words  []string // folded; one or more
	prefix bool     // the last word may continue
	from   bool     // among the names and addresses of speakers and hosts only
}

// Markers in the index that no query can contain.
const (
	boundary  = "\ue000" // between texts, so that no phrase matches across them
	everybody = "\ue001" // in every row
)

// expression returns the query for FTS5. Everything that users have written is in quotation marks, and consists of
// letters and digits.
func (q Query) expression() string {
	if q.root == nil {
		return quote(everybody)
	}
	var b strings.Builder
	q.root.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case kindTerm:
		if n.term.from {
			b.WriteString(columnSpeakers + " : ")
		}
		b.WriteString(quote(strings.Join(n.term.words, " ")))
		if n.term.prefix {
			b.WriteString(" *")
		}
	case kindOr:
		writeJoined(b, n.parts, " OR ")
	case kindNot:
		(&node{kind: kindAnd, parts: []*node{n}}).write(b)
	case kindAnd:
		var wanted, unwanted []*node
		for _, part := range n.parts {
			if part.kind == kindNot {
				unwanted = append(unwanted, part.parts[0])
			} else {
				wanted = append(wanted, part)
			}
		}
		if len(unwanted) == 0 {
			writeJoined(b, wanted, " AND ")
			return
		}
		b.WriteByte('(')
		if len(wanted) == 0 {
			b.WriteString(quote(everybody))
		} else {
			writeJoined(b, wanted, " AND ")
		}
		b.WriteString(" NOT ")
		writeJoined(b, unwanted, " OR ")
		b.WriteByte(')')
	}
}

func writeJoined(b *strings.Builder, parts []*node, operator string) {
	b.WriteByte('(')
	for i, part := range parts {
		if i > 0 {
			b.WriteString(operator)
		}
		part.write(b)
	}
	b.WriteByte(')')
}

func quote(words string) string { return `"` + words + `"` }

// wanted returns the terms whose matches are shown: those that aren't excluded and restrict more than the people.
func (q Query) wanted() []term {
	return slices.DeleteFunc(q.root.terms(false), func(t term) bool { return t.from })
}

// terms returns the terms of a part of a query, which may be nil, with or without those that are excluded.
func (n *node) terms(withExcluded bool) (terms []term) {
	switch {
	case n == nil || n.kind == kindNot && !withExcluded:
	case n.kind == kindTerm:
		terms = []term{n.term}
	default:
		for _, part := range n.parts {
			terms = append(terms, part.terms(withExcluded)...)
		}
	}
	return terms
}

// hasRank reports whether some results can be better than others.
func (q Query) hasRank() bool { return len(q.wanted()) > 0 }
