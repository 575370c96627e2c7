package loominspect

import (
	"slices"
	"strings"
)

// learn collects the words of the service from the lists of operations, and those of people and sites from the answers
// that name them.
func (r *redaction) learn(exchanges []*exchange, email, site string) {
	for _, e := range exchanges {
		if e.to != toServer {
			continue
		}
		c, answer := readCall(e), answerOf(e)
		result, _ := answer["result"].(map[string]any)
		switch {
		case c.Method == "tools/list":
			addVocabulary(r.vocabulary, result["tools"])
		case c.tool() == "discover":
			for _, value := range valuesOf(result) {
				addVocabulary(r.vocabulary, operationsIn(value))
			}
		case c.tool() == "getAccessibleAtlassianResources", c.tool() == "atlassianUserInfo":
			for _, value := range valuesOf(result) {
				r.learnPrivate("", value)
			}
		}
	}
	r.addPrivate(email)
	r.addPrivate(site)
}

// learnPrivate collects the words of names and addresses.
func (r *redaction) learnPrivate(field string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, item := range value {
			r.learnPrivate(simplify(name), item)
		}
	case []any:
		for _, item := range value {
			r.learnPrivate(field, item)
		}
	case string:
		if field != "scopes" && field != "message" && !enumFields[field] {
			r.addPrivate(value)
		}
	}
}

func (r *redaction) addPrivate(text string) {
	for _, word := range wordPattern.FindAllString(text, -1) {
		if lower := strings.ToLower(word); len(word) >= 3 && !ownWords[lower] {
			r.private[lower] = true
		}
	}
}

// valuesOf returns the JSON values in the result of a tool, whether they are structured or texts.
func valuesOf(result map[string]any) (values []any) {
	if structured := result["structuredContent"]; structured != nil {
		values = append(values, structured)
	}
	contents, _ := result["content"].([]any)
	for _, content := range contents {
		object, _ := content.(map[string]any)
		if text, ok := object["text"].(string); ok {
			if value, _ := unpack(text); value != nil {
				values = append(values, value)
			}
		}
	}
	return values
}

// unpack returns the JSON object or list in a text, perhaps encoded as a JSON string several times, or nil.
func unpack(text string) (value any, levels int) {
	for levels = range 3 {
		switch decoded := decode([]byte(strings.TrimSpace(text))).(type) {
		case map[string]any, []any:
			return decoded, levels
		case string:
			text = decoded
		default:
			return nil, 0
		}
	}
	return nil, 0
}

// operationsIn returns the objects in a value that describe operations.
func operationsIn(value any) (operations []any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			operations = append(operations, operationsIn(item)...)
		}
	case map[string]any:
		if isOperation(value) {
			return []any{value}
		}
		for _, item := range value {
			operations = append(operations, operationsIn(item)...)
		}
	}
	return operations
}

// isOperation reports whether an object has a name and a schema.
func isOperation(object map[string]any) bool {
	name, _ := object["name"].(string)
	if name == "" {
		return false
	}
	for _, key := range []string{"inputSchema", "input_schema", "inputs", "parameters", "schema"} {
		if object[key] != nil {
			return true
		}
	}
	return false
}

// shownTools are the tools of the server itself, which are shown completely.
var shownTools = []string{"discover", "executeread", "executewrite", "executedestructive", "getaccessibleatlassianresources", "atlassianuserinfo"}

// isShown reports whether an operation is Loom's or the server's own. Of others, only the name is recorded.
func isShown(operation map[string]any) bool {
	name, _ := operation["name"].(string)
	about, _ := operation["description"].(string)
	return strings.Contains(strings.ToLower(name+" "+about), "loom") || slices.Contains(shownTools, simplify(name))
}
