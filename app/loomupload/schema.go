package loomupload

import (
	"maps"
	"slices"
	"strings"
)

// maxSchemaDepth limits references and nesting in a schema, which may refer to itself.
const maxSchemaDepth = 8

// maxAllOf is how many parts of an allOf count. They could refer to themselves, too.
const maxAllOf = 8

// schema is a JSON schema as the server sent it, with its local references and allOf resolved. It covers what the
// schemas of MCP tools use.
type schema struct {
	root map[string]any // where references start
	node map[string]any
}

func newSchema(root map[string]any) schema { return schema{root, resolve(root, root, 0)} }

// child returns the schema of a value within this one, which may be anything that the server sent.
func (s schema) child(value any) schema {
	node, _ := value.(map[string]any) // true means that every value is valid, like {}
	return schema{s.root, resolve(s.root, node, 0)}
}

// resolve follows $ref within the document and merges allOf.
func resolve(root, node map[string]any, depth int) map[string]any {
	if depth > maxSchemaDepth || node == nil {
		return node
	}
	if ref, ok := node["$ref"].(string); ok {
		target := maps.Clone(resolve(root, lookUpRef(root, ref), depth+1))
		return merge(target, without(node, "$ref"))
	}
	all, ok := node["allOf"].([]any)
	if !ok {
		return node
	}
	merged := without(node, "allOf")
	for _, part := range all[:min(len(all), maxAllOf)] {
		part, _ := part.(map[string]any)
		merged = merge(merged, resolve(root, part, depth+1))
	}
	return merged
}

// lookUpRef returns the target of a reference such as #/$defs/Visibility, or nil.
func lookUpRef(root map[string]any, ref string) map[string]any {
	if ref == "#" {
		return root
	}
	path, local := strings.CutPrefix(ref, "#/")
	if !local {
		return nil
	}
	node := root
	for key := range strings.SplitSeq(path, "/") {
		node, _ = node[strings.NewReplacer("~1", "/", "~0", "~").Replace(key)].(map[string]any)
	}
	return node
}

// merge adds the keywords of b to a. Properties and required of both apply.
func merge(a, b map[string]any) map[string]any {
	merged := maps.Clone(a)
	if merged == nil {
		merged = map[string]any{}
	}
	for key, value := range b {
		switch key {
		case "properties":
			properties := map[string]any{}
			for _, of := range []map[string]any{a, b} {
				own, _ := of[key].(map[string]any)
				maps.Copy(properties, own)
			}
			value = properties
		case "required":
			first, _ := a[key].([]any)
			second, _ := value.([]any)
			value = append(slices.Clone(first), second...)
		}
		merged[key] = value
	}
	return merged
}

func without(node map[string]any, key string) map[string]any {
	node = maps.Clone(node)
	delete(node, key)
	return node
}

func (s schema) properties() map[string]any {
	properties, _ := s.node["properties"].(map[string]any)
	return properties
}

// names returns the names of all properties, sorted, followed by those that are required but not described.
func (s schema) names() []string {
	properties := s.properties()
	names := slices.Sorted(maps.Keys(properties))
	for _, name := range s.required() {
		if _, described := properties[name]; !described && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (s schema) required() []string { return texts(s.node["required"]) }

// isObject reports whether a value is an object with known properties.
func (s schema) isObject() bool { return s.has("object") && len(s.properties()) > 0 }

// types returns the types that a value may have, or nil if the schema doesn't say.
func (s schema) types() []string {
	if single, ok := s.node["type"].(string); ok {
		return []string{single}
	}
	if types := texts(s.node["type"]); len(types) > 0 {
		return types
	}
	if len(s.properties()) > 0 {
		return []string{"object"}
	}
	return nil
}

func (s schema) has(kind string) bool { return slices.Contains(s.types(), kind) }

// isNullable reports whether null is a valid value.
func (s schema) isNullable() bool {
	return s.has("null") || slices.ContainsFunc(s.alternatives(), func(a schema) bool { return a.has("null") })
}

// alternatives returns the schemas of anyOf or oneOf, each merged with the keywords beside it.
func (s schema) alternatives() (list []schema) {
	for _, key := range []string{"oneOf", "anyOf"} {
		options, ok := s.node[key].([]any)
		if !ok {
			continue
		}
		rest := without(without(s.node, "oneOf"), "anyOf")
		for _, option := range options {
			list = append(list, schema{s.root, merge(rest, s.child(option).node)})
		}
		return list
	}
	return nil
}

// enum returns the only values that are allowed, or nil.
func (s schema) enum() []any {
	if value, ok := s.node["const"]; ok {
		return []any{value}
	}
	values, _ := s.node["enum"].([]any)
	return values
}

func (s schema) number(key string) (float64, bool) {
	n, ok := s.node[key].(float64)
	return n, ok
}

func (s schema) text(key string) string {
	text, _ := s.node[key].(string)
	return text
}

func texts(value any) (list []string) {
	items, _ := value.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			list = append(list, text)
		}
	}
	return list
}
