package search

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexeme is a piece of a query.
type lexeme struct {
	kind lexemeKind
	// field is from, before or after, or blank.
	field string
	// text is the operator, the word, or the phrase without its quotation marks.
	text   string
	prefix bool
	at     int // which character of the query it begins with, counted from 1
}

type lexemeKind int

const (
	lexEnd lexemeKind = iota
	lexText
	lexOperator // AND, OR, NOT
	lexOpen
	lexClose
)

// lexer divides a query into lexemes.
type lexer struct {
	query string
	at    int // byte of the query
}

// Telephones replace the quotation marks that people type.
func isQuotation(r rune) bool {
	return r == '"' || r == '“' || r == '”' || r == '„' || r == '‟' || r == '＂'
}

func isOpening(r rune) bool { return r == '(' || r == '（' }
func isClosing(r rune) bool { return r == ')' || r == '）' }

func (l *lexer) position(at int) int { return utf8.RuneCountInString(l.query[:at]) + 1 }

// next returns the next lexeme. After the last one it returns lexEnd.
func (l *lexer) next() (lexeme, error) {
	l.at += len(l.query[l.at:]) - len(strings.TrimLeftFunc(l.query[l.at:], isSpace))
	result := lexeme{at: l.position(l.at)}
	if l.at == len(l.query) {
		return result, nil
	}
	r, size := utf8.DecodeRuneInString(l.query[l.at:])
	switch {
	case isOpening(r):
		l.at += size
		result.kind = lexOpen
		return result, nil
	case isClosing(r):
		l.at += size
		result.kind = lexClose
		return result, nil
	case isQuotation(r):
		return l.phrase(result)
	}
	return l.word(result)
}

// isSpace reports whether a character ends a word. Control characters do, too.
func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// phrase reads a text in quotation marks, which may be followed by *.
func (l *lexer) phrase(result lexeme) (lexeme, error) {
	_, size := utf8.DecodeRuneInString(l.query[l.at:])
	rest := l.query[l.at+size:]
	end := strings.IndexFunc(rest, isQuotation)
	if end < 0 {
		return lexeme{}, &QueryError{fmt.Sprintf("The quotation mark at character %d is never closed.", l.position(l.at))}
	}
	_, closing := utf8.DecodeRuneInString(rest[end:])
	l.at += size + end + closing
	result.kind, result.text = lexText, rest[:end]
	if strings.HasPrefix(l.query[l.at:], "*") {
		l.at++
		result.prefix = true
	}
	return result, nil
}

// word reads a word, an operator, or a field with its value.
func (l *lexer) word(result lexeme) (lexeme, error) {
	rest := l.query[l.at:]
	end := strings.IndexFunc(rest, func(r rune) bool { return isSpace(r) || isQuotation(r) || isOpening(r) || isClosing(r) })
	if end < 0 {
		end = len(rest)
	}
	text := rest[:end]
	l.at += end
	switch text {
	case "AND", "OR", "NOT":
		result.kind, result.text = lexOperator, text
		return result, nil
	}
	result.kind = lexText
	if field, value, found := strings.Cut(text, ":"); found && (field == "from" || field == "before" || field == "after") {
		result.field, text = field, value
		if next, _ := utf8.DecodeRuneInString(l.query[l.at:]); value == "" && isQuotation(next) {
			return l.phrase(result)
		}
		if value == "" {
			return lexeme{}, emptyField(field)
		}
	}
	result.text, result.prefix = strings.CutSuffix(text, "*")
	return result, nil
}

func emptyField(field string) error {
	if field == "from" {
		return &QueryError{"Write a name or an address immediately after from:, such as from:ada or from:\"Ada Lovelace\"."}
	}
	return badDate(field)
}

func badDate(field string) error {
	return &QueryError{fmt.Sprintf("Write dates as YYYY-MM-DD, such as %s:2026-01-31.", field)}
}
