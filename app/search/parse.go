package search

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Parse reads a query. Its errors are *QueryError.
//
// Words that follow one another must all occur, in any order, anywhere in a recording. "Several words" are a phrase,
// beginning* is the beginning of a word, and AND, OR, NOT and parentheses combine them; NOT binds most and OR least.
// from: restricts the people who speak or record, before: and after: the day, in UTC, on which the recording begins.
func Parse(text string) (Query, error) {
	text = normalize(text)
	if length := utf8.RuneCountInString(text); length > maxQueryLength {
		return Query{}, &QueryError{fmt.Sprintf("Searches can have %d characters. This one has %d.", maxQueryLength, length)}
	}
	p := parser{lexer: lexer{query: text}}
	if err := p.advance(); err != nil {
		return Query{}, err
	}
	root, err := p.or()
	if err != nil {
		return Query{}, err
	}
	if p.current.kind == lexClose {
		return Query{}, &QueryError{fmt.Sprintf("The parenthesis at character %d closes nothing.", p.current.at)}
	}
	p.query.root = root
	if root == nil && p.query.after.IsZero() && p.query.before.IsZero() {
		return Query{}, &QueryError{"Enter at least one word to search for."}
	}
	return p.query, nil
}

// parser is a recursive descent parser. Its methods return nil for a part without anything to search for, such as a dash.
type parser struct {
	lexer   lexer
	current lexeme
	nesting int // parentheses and NOTs around the current lexeme
	words   int
	query   Query
}

func (p *parser) advance() (err error) {
	p.current, err = p.lexer.next()
	return err
}

// or reads operands of OR.
func (p *parser) or() (*node, error) {
	var parts []*node
	for {
		part, err := p.and()
		if err != nil {
			return nil, err
		}
		if part != nil {
			parts = append(parts, part)
		}
		if !p.isOperator("OR") {
			return combined(kindOr, parts), nil
		}
		if err := p.operator(); err != nil {
			return nil, err
		}
	}
}

// and reads operands that must all match.
func (p *parser) and() (*node, error) {
	var parts []*node
	for found := false; ; found = true {
		if found && p.isOperator("AND") {
			if err := p.operator(); err != nil {
				return nil, err
			}
		}
		if p.current.kind == lexEnd || p.current.kind == lexClose || p.isOperator("OR") {
			if !found && p.current.kind != lexEnd {
				return nil, p.missing()
			}
			return combined(kindAnd, parts), nil
		}
		part, err := p.operand()
		if err != nil {
			return nil, err
		}
		if part != nil {
			parts = append(parts, part)
		}
	}
}

// operand reads a term, something in parentheses, or NOT with its operand.
func (p *parser) operand() (*node, error) {
	switch lex := p.current; {
	case lex.kind == lexText:
		return p.text()
	case p.isOperator("NOT"):
		if err := p.operator(); err != nil {
			return nil, err
		}
		part, err := p.nested(p.operand)
		if part == nil {
			return nil, err
		}
		if part.kind == kindNot {
			return part.parts[0], err
		}
		return &node{kind: kindNot, parts: []*node{part}}, err
	case lex.kind == lexOpen:
		if err := p.advance(); err != nil {
			return nil, err
		}
		part, err := p.nested(p.or)
		if err != nil {
			return nil, err
		}
		if p.current.kind != lexClose {
			return nil, &QueryError{fmt.Sprintf("The parenthesis at character %d is never closed.", lex.at)}
		}
		return part, p.advance()
	default:
		return nil, p.missing()
	}
}

// nested reads something one level deeper.
func (p *parser) nested(read func() (*node, error)) (*node, error) {
	if p.nesting++; p.nesting > maxNesting {
		return nil, &QueryError{fmt.Sprintf("Searches can have %d parentheses and NOTs inside one another.", maxNesting)}
	}
	defer func() { p.nesting-- }()
	return read()
}

func (p *parser) isOperator(name string) bool {
	return p.current.kind == lexOperator && p.current.text == name
}

// operator skips an operator, which something must follow.
func (p *parser) operator() error {
	operator := p.current
	if err := p.advance(); err != nil {
		return err
	}
	isNot := p.isOperator("NOT")
	if p.current.kind == lexText || p.current.kind == lexOpen || isNot {
		return nil
	}
	return needsOperand(operator)
}

func needsOperand(operator lexeme) error {
	return &QueryError{fmt.Sprintf("%s at character %d needs a word after it. To search for the word, put it in quotation marks.",
		operator.text, operator.at)}
}

// missing returns the error for a lexeme in whose place there should be a word.
func (p *parser) missing() error {
	switch p.current.kind {
	case lexOperator:
		return &QueryError{fmt.Sprintf("%s at character %d needs a word before it. To search for the word, put it in quotation marks.",
			p.current.text, p.current.at)}
	case lexClose:
		return &QueryError{fmt.Sprintf("There is nothing to search for before the parenthesis at character %d.", p.current.at)}
	default:
		return &QueryError{"The search ends where a word is missing."}
	}
}

// text reads a term or a date.
func (p *parser) text() (*node, error) {
	lex := p.current
	if lex.field == "before" || lex.field == "after" {
		if err := p.date(lex); err != nil {
			return nil, err
		}
		return nil, p.advance()
	}
	words := wordsOf(lex.text)
	if lex.field == "from" && len(words) == 0 {
		return nil, emptyField(lex.field)
	}
	if p.words += len(words); p.words > maxQueryWords {
		return nil, &QueryError{fmt.Sprintf("Searches can have %d words, or characters of languages without spaces.", maxQueryWords)}
	}
	if len(words) == 0 {
		return nil, p.advance()
	}
	last := words[len(words)-1]
	if r, _ := utf8.DecodeRuneInString(last); lex.prefix && len(words) == 1 && utf8.RuneCountInString(last) < minPrefix && classOf(r) != single {
		return nil, &QueryError{fmt.Sprintf("Write at least %d letters before *.", minPrefix)}
	}
	return &node{kind: kindTerm, term: term{words: words, prefix: lex.prefix, from: lex.field == "from"}}, p.advance()
}

// date restricts all results to a time.
func (p *parser) date(lex lexeme) error {
	if p.nesting > 0 {
		return &QueryError{"before: and after: apply to the whole search. Write them outside parentheses and without NOT."}
	}
	day, err := time.Parse(time.DateOnly, lex.text)
	if err != nil || lex.prefix {
		return badDate(lex.field)
	}
	switch {
	case lex.field == "after" && day.After(p.query.after):
		p.query.after = day
	case lex.field == "before" && (p.query.before.IsZero() || day.Before(p.query.before)):
		p.query.before = day
	}
	return nil
}

// combined returns a node for its parts, or nil if there are none.
func combined(kind kind, parts []*node) *node {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &node{kind: kind, parts: parts}
}
