package atlassian

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
)

// The tools that stand for operations which are not listed.
const (
	discoverTool       = "discover"
	executeRead        = "executeRead"
	executeWrite       = "executeWrite"
	executeDestructive = "executeDestructive"
)

// discover searches for operations. The answer may also contain similar ones.
func (s *Session) discover(ctx context.Context, tool Operation, query string) ([]Operation, error) {
	answer, err := s.callTool(ctx, "discover atlassian operations", tool.Name, discoverInputs(tool, query))
	if err != nil {
		return nil, err
	}
	return readDiscovered(answer), nil
}

// discoverInputs fills in the search. Its name is query, as far as is known; if there is no input of that name, it is
// the only one that is required.
func discoverInputs(tool Operation, query string) map[string]any {
	input := "query"
	if required := textsOf(tool.InputSchema["required"]); len(required) == 1 && !tool.hasInput(input) {
		input = required[0]
	}
	return map[string]any{input: query}
}

// words splits a name such as createLoomVideoUpload, because discover is documented to understand natural language.
func words(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r == '_' || r == '-':
			b.WriteByte(' ')
			continue
		case unicode.IsUpper(r) && b.Len() > 0:
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// readDiscovered collects every object that has a name and a schema, however deep it is.
func readDiscovered(answer json.RawMessage) (operations []Operation) {
	var value any
	if json.Unmarshal(answer, &value) != nil {
		return nil
	}
	var visit func(value any, tool string)
	visit = func(value any, tool string) {
		if len(operations) >= maxOperations {
			return
		}
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				visit(item, tool)
			}
		case map[string]any:
			tool = executorOf(value, tool)
			name := textOf(value, "name", "operation", "operationName")
			schema := schemaOf(value)
			if name != "" && schema != nil {
				if tool == "" {
					tool = likelyExecutor(name)
				}
				operations = append(operations, Operation{Name: name, Tool: tool, InputSchema: schema})
				return
			}
			for key, item := range value {
				visit(item, keyExecutor(key, tool))
			}
		}
	}
	visit(value, "")
	return operations
}

func schemaOf(object map[string]any) map[string]any {
	for _, key := range []string{"inputSchema", "input_schema", "toolSchema", "inputs", "parameters", "schema"} {
		switch schema := object[key].(type) {
		case map[string]any:
			return schema
		case string: // JSON in JSON
			var decoded map[string]any
			if json.Unmarshal([]byte(schema), &decoded) == nil && decoded != nil {
				return decoded
			}
		}
	}
	return nil
}

// executorOf returns the tool that an object names for itself, or otherwise the one of the object around it.
func executorOf(object map[string]any, inherited string) string {
	for _, key := range []string{"tool", "executor", "executeWith", "executeTool", "execute", "tier", "access", "kind", "type", "category"} {
		if text, ok := object[key].(string); ok {
			if tool := executorNamed(text); tool != "" {
				return tool
			}
		}
	}
	return inherited
}

func keyExecutor(key, inherited string) string {
	if tool := executorNamed(key); tool != "" {
		return tool
	}
	return inherited
}

func executorNamed(text string) string {
	switch strings.TrimPrefix(simplify(text), "execute") {
	case "read":
		return executeRead
	case "write":
		return executeWrite
	case "destructive":
		return executeDestructive
	}
	return ""
}

// likelyExecutor is for answers of discover that name no tool. The wrong one is refused by the server without harm.
func likelyExecutor(name string) string {
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "get") || strings.HasPrefix(lower, "list") || strings.HasPrefix(lower, "search") {
		return executeRead
	}
	return executeWrite
}
