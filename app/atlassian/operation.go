package atlassian

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Operation is something that the server can do, such as createLoomVideoUpload.
type Operation struct {
	Name string `json:"name"`

	// Tool is the tool that executes the operation, such as executeWrite. Blank means that the operation is a tool.
	Tool string `json:"tool,omitempty"`

	// InputSchema is the JSON schema of the inputs as the server sent it, nil if it sent none.
	InputSchema map[string]any `json:"inputSchema,omitempty"`
}

// siteInput is the input that names the site.
const siteInput = "cloudId"

// arguments returns the tool to call and its arguments. The tools that execute operations want the site next to the
// inputs, not among them.
func (o Operation) arguments(site string, inputs map[string]any) (tool string, arguments map[string]any) {
	inputs = maps.Clone(inputs)
	if inputs == nil {
		inputs = map[string]any{}
	}
	given, _ := inputs[siteInput].(string)
	site = cmp.Or(given, site)
	if o.Tool == "" {
		if site != "" && o.takesSite() {
			inputs[siteInput] = site
		}
		return o.Name, inputs
	}
	delete(inputs, siteInput)
	arguments = map[string]any{"name": o.Name, "inputs": inputs}
	if site != "" {
		arguments[siteInput] = site
	}
	return o.Tool, arguments
}

// takesSite reports whether the schema has the input for the site, or says nothing about inputs.
func (o Operation) takesSite() bool {
	_, described := o.InputSchema["properties"].(map[string]any)
	return !described || o.hasInput(siteInput)
}

func (o Operation) hasInput(name string) bool {
	properties, _ := o.InputSchema["properties"].(map[string]any)
	_, ok := properties[name]
	return ok
}

// Catalog is the list of operations that a session offers. It is immutable.
type Catalog struct {
	operations []Operation // sorted by name, without duplicates
}

func newCatalog(operations []Operation) Catalog {
	operations = slices.Clone(operations)
	slices.SortStableFunc(operations, func(a, b Operation) int { return strings.Compare(a.Name, b.Name) })
	return Catalog{operations: slices.CompactFunc(operations, func(a, b Operation) bool { return a.Name == b.Name })}
}

// Find returns the operation with the first of the given names that exists. Case, hyphens and underscores don't
// matter, because the server has renamed operations before.
func (c Catalog) Find(names ...string) (Operation, bool) {
	for _, name := range names {
		for _, operation := range c.operations {
			if simplify(operation.Name) == simplify(name) {
				return operation, true
			}
		}
	}
	return Operation{}, false
}

func simplify(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// Operations returns all operations, sorted by name.
func (c Catalog) Operations() []Operation { return slices.Clone(c.operations) }

// Len is the number of operations.
func (c Catalog) Len() int { return len(c.operations) }
