package loomupload

import (
	"maps"
	"slices"
	"strings"
)

// fill returns the inputs of an operation by its live schema. It sends what it knows the meaning of, under the names that
// the schema declares, and nothing else. It never guesses: an input that is required but unknown is a *[Problem] that
// names it, and so is an operation that can't be told one of must. named are values that an earlier answer has under the
// same name, as simplify returns it.
func fill(operation string, root map[string]any, known values, named map[string]any, must ...meaning) (map[string]any, placed, error) {
	return fillUntil(operation, root, known, named, nil, must...)
}

// fillUntil is fill for an operation that is called later: inputs for which expected returns true may get their values
// until then. name is simplified, and m blank if it is unknown.
func fillUntil(
	operation string, root map[string]any, known values, named map[string]any, expected func(name string, m meaning) bool, must ...meaning,
) (map[string]any, placed, error) {
	f := filler{operation: operation, known: known, named: named, placed: placed{}, expected: expected}
	inputs, err := f.object(newSchema(root), "", "", 0)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range must {
		if !f.placed.has(m) {
			return nil, nil, contractProblem("Atlassian's operation %s has no known input for the %s.", operation, m)
		}
	}
	return inputs, f.placed, nil
}

// placed are the values that were filled in, in the form in which they are sent.
type placed map[meaning]any

func (p placed) has(m meaning) bool {
	_, ok := p[m]
	return ok
}

// text returns a text that was filled in, or a blank string.
func (p placed) text(m meaning) string {
	text, _ := p[m].(string)
	return text
}

type filler struct {
	operation string
	known     values
	named     map[string]any
	placed    placed
	expected  func(name string, m meaning) bool // may be nil
	tries     int                               // objects and values that were tried
}

// maxTries limits the combinations of alternatives that are tried, which a schema can multiply.
const maxTries = 2000

// object fills an object. container is the kind of the object, and path its name for messages.
func (f *filler) object(s schema, container, path string, depth int) (map[string]any, error) {
	if f.tries++; depth > maxSchemaDepth || f.tries > maxTries {
		return nil, contractProblem("The inputs of Atlassian's operation %s are nested too deeply.", f.operation)
	}
	alternatives := s.alternatives()
	if len(alternatives) == 0 {
		return f.properties(s, container, path, depth)
	}
	var first error
	for _, alternative := range alternatives {
		before := maps.Clone(f.placed)
		inputs, err := f.object(alternative, container, path, depth+1)
		if err == nil {
			return inputs, nil
		}
		f.placed = before
		if first == nil {
			first = err
		}
	}
	return nil, first
}

func (f *filler) properties(s schema, container, path string, depth int) (map[string]any, error) {
	inputs := map[string]any{}
	required := s.required()
	for _, name := range s.names() {
		in := input{
			schema: s.child(s.properties()[name]), name: name, path: strings.TrimPrefix(path+"."+name, "."),
			container: container, required: slices.Contains(required, name),
		}
		value, ok, err := f.input(in, depth)
		if err != nil {
			return nil, err
		}
		if ok {
			inputs[name] = value
		}
	}
	return inputs, nil
}

// input is one property of an object.
type input struct {
	schema    schema
	name      string
	path      string // with the names of the objects around it
	container string
	required  bool
	depth     int // within the schema of this input
}

// input returns the value of an input. ok is false if the input stays away.
func (f *filler) input(in input, depth int) (result any, ok bool, err error) {
	m := meaningOf(in.container, in.name)
	if kind, groups := containers[simplify(in.name)]; groups && in.schema.isObject() {
		return f.group(in, kind, depth)
	}
	if value, known := f.known[m]; known && (in.required || !value.ifRequired) {
		result, err = f.convert(value, in)
		if err == nil {
			f.placed[m] = result
			return result, true, nil
		}
		return f.blank(in, err)
	}
	if earlier, given := f.named[simplify(in.name)]; given && in.container == "" {
		if result, err = f.convert(value{plain: earlier}, in); err == nil {
			return result, true, nil
		}
		return f.blank(in, err)
	}
	if f.expected != nil && f.expected(simplify(in.name), m) {
		return nil, false, nil
	}
	if m != "" {
		return f.blank(in, contractProblem("Atlassian's operation %s requires the input %q (%s), which is not known here.", f.operation, in.path, m))
	}
	return f.unknown(in)
}

// group fills an object that groups inputs. One that is optional stays away if nothing is known for it, or if it can't be
// filled completely.
func (f *filler) group(in input, kind string, depth int) (any, bool, error) {
	if kind == "" {
		kind = in.container
	}
	before := f.placed
	f.placed = placed{}
	inputs, err := f.object(in.schema, kind, in.path, depth+1)
	within := f.placed
	f.placed = before
	if err != nil {
		if _, rejected := asRefusal(err); in.required || rejected {
			return nil, false, err
		}
		return nil, false, nil
	}
	if len(inputs) == 0 && !in.required {
		return nil, false, nil
	}
	maps.Copy(f.placed, within)
	return inputs, true, nil
}

// blank leaves an input away whose value doesn't fit. If it is required, it may be null where the schema says so.
func (f *filler) blank(in input, reason error) (any, bool, error) {
	_, rejected := asRefusal(reason)
	switch {
	case rejected:
		return nil, false, reason
	case !in.required:
		return nil, false, nil
	case in.schema.isNullable():
		return nil, true, nil
	}
	return nil, false, reason
}

// unknown leaves an unknown input away. If it is required, the schema itself may say what it has to be: its only value,
// its default, or nothing.
func (f *filler) unknown(in input) (any, bool, error) {
	if !in.required {
		return nil, false, nil
	}
	if only := in.schema.enum(); len(only) == 1 {
		return only[0], true, nil
	}
	if value, ok := in.schema.node["default"]; ok {
		return value, true, nil
	}
	if in.schema.isNullable() {
		return nil, true, nil
	}
	return nil, false, contractProblem("Atlassian's operation %s requires an input that this version doesn't know: %q.", f.operation, in.path)
}
