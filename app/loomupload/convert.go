package loomupload

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// convert returns a value in the form that the schema of an input wants.
func (f *filler) convert(v value, in input) (any, error) {
	if f.tries++; in.depth > maxSchemaDepth || f.tries > maxTries {
		return nil, f.mismatch(in)
	}
	in.depth++ // of what is converted below
	if alternatives := in.schema.alternatives(); len(alternatives) > 0 {
		var first error
		for _, alternative := range alternatives {
			in.schema = alternative
			converted, err := f.convert(v, in)
			if err == nil {
				return converted, nil
			}
			if first == nil {
				first = err
			}
		}
		return nil, first
	}
	if allowed := in.schema.enum(); allowed != nil {
		return f.choose(v, in, allowed)
	}
	if items, ok := v.plain.([]values); ok {
		return f.array(items, in)
	}
	types := in.schema.types()
	switch {
	case len(types) == 0:
		return v.plain, nil
	case slices.Contains(types, "string"):
		converted, err := f.text(v, in)
		for i := 0; err != nil && i < len(v.forms); i++ {
			v.plain = v.forms[i]
			converted, err = f.text(v, in)
		}
		return converted, err
	case slices.Contains(types, "integer"), slices.Contains(types, "number"):
		return f.number(v, in)
	case slices.Contains(types, "array"): // of one
		in.schema = in.schema.child(in.schema.node["items"])
		single, err := f.convert(v, in)
		return []any{single}, err
	case slices.Contains(types, "boolean"):
		if flag, ok := v.plain.(bool); ok {
			return flag, nil
		}
	}
	return nil, f.mismatch(in)
}

// choose returns the one allowed value that means the same as v. If there are several, none of them is certain.
func (f *filler) choose(v value, in input, allowed []any) (any, error) {
	words := v.words
	if words == nil {
		words = []string{simplify(fmt.Sprint(v.plain))}
	}
	var found []any
	for _, option := range allowed {
		word, isText := option.(string)
		if isText && slices.Contains(words, simplify(word)) || option == v.plain {
			found = append(found, option)
		}
	}
	if len(found) != 1 {
		if v.notListed != nil && len(found) == 0 {
			return nil, v.notListed()
		}
		return nil, contractProblem("Atlassian's operation %s doesn't offer %q for its input %q.", f.operation, sanitize.Truncate(fmt.Sprint(v.plain), 50), in.path)
	}
	return found[0], nil
}

func (f *filler) text(v value, in input) (any, error) {
	var s string
	switch plain := v.plain.(type) {
	case string:
		s = plain
	case int64:
		s = strconv.FormatInt(plain, 10)
	case json.Number:
		s = plain.String()
	default:
		return nil, f.mismatch(in)
	}
	if v.described && !in.required && !describes(in.schema, s) {
		return nil, f.mismatch(in)
	}
	if limit, ok := in.schema.number("maxLength"); ok && limit >= 1 && float64(utf8.RuneCountInString(s)) > limit {
		if !v.shorten {
			return nil, f.mismatch(in)
		}
		s = strings.TrimSpace(sanitize.Truncate(s, int(limit)))
	}
	if pattern := in.schema.text("pattern"); pattern != "" {
		// One that Go can't read is left to the server.
		if compiled, err := regexp.Compile(pattern); err == nil && !compiled.MatchString(s) {
			return nil, f.mismatch(in)
		}
	}
	return s, nil
}

// describes reports whether a schema's description contains a word.
func describes(s schema, word string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s.text("description"), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
	}), func(field string) bool { return strings.EqualFold(field, word) })
}

func (f *filler) number(v value, in input) (any, error) {
	var n float64
	switch plain := v.plain.(type) {
	case int64:
		n = float64(plain)
	case json.Number:
		parsed, err := plain.Float64()
		if err != nil {
			return nil, f.mismatch(in)
		}
		n = parsed
	default:
		return nil, f.mismatch(in)
	}
	if in.schema.has("integer") && !in.schema.has("number") && n != math.Trunc(n) {
		return nil, f.mismatch(in)
	}
	limit, ok := in.schema.number("maximum")
	if exclusive, has := in.schema.number("exclusiveMaximum"); has {
		limit, ok = math.Nextafter(exclusive, math.Inf(-1)), true
	}
	if ok && n > limit {
		if v.tooLarge != nil {
			return nil, v.tooLarge(limit)
		}
		if v.shorten {
			return int64(limit), nil
		}
		return nil, f.mismatch(in)
	}
	return v.plain, nil
}

// array fills an array of objects, such as the parts of an upload.
func (f *filler) array(items []values, in input) (any, error) {
	element := in.schema.child(in.schema.node["items"])
	if !in.schema.has("array") || !element.isObject() {
		return nil, f.mismatch(in)
	}
	list := make([]any, 0, len(items))
	for _, item := range items {
		sub := filler{operation: f.operation, known: item, placed: placed{}}
		object, err := sub.object(element, "part", in.path+"[]", 1)
		if err != nil {
			return nil, err
		}
		list = append(list, object)
	}
	return list, nil
}

func (f *filler) mismatch(in input) error {
	return contractProblem("The input %q of Atlassian's operation %s has another form than this version knows.", in.path, f.operation)
}
