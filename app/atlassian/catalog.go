package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxPages      = 50   // of the list of tools
	maxOperations = 2000 // in a catalog
)

// Operations lists what the session offers: the tools of the server, and what its tool discover describes unless the
// list already contains operations of Loom.
func (s *Session) Operations(ctx context.Context) (Catalog, error) {
	tools, err := s.tools(ctx)
	if err != nil {
		return Catalog{}, err
	}
	hasLoom := slices.ContainsFunc(tools, func(o Operation) bool { return strings.Contains(strings.ToLower(o.Name), "loom") })
	at := slices.IndexFunc(tools, func(o Operation) bool { return simplify(o.Name) == discoverTool })
	if hasLoom || at < 0 {
		return newCatalog(tools), nil
	}
	discovered, err := s.discover(ctx, tools[at])
	if err != nil {
		return Catalog{}, err
	}
	return newCatalog(append(tools, discovered...)), nil
}

func (s *Session) tools(ctx context.Context) (tools []Operation, err error) {
	const op = "list atlassian operations"
	cursor := ""
	for range maxPages {
		var page *mcp.ListToolsResult
		err := s.exchange(ctx, op, func(ctx context.Context) (err error) {
			page, err = s.mcp.ListTools(ctx, &mcp.ListToolsParams{Cursor: cursor})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, tool := range page.Tools {
			schema, _ := tool.InputSchema.(map[string]any)
			tools = append(tools, Operation{Name: tool.Name, InputSchema: schema})
		}
		if len(tools) > maxOperations {
			return nil, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("more than %d operations", maxOperations)}
		}
		if page.NextCursor == "" {
			return tools, nil
		}
		if page.NextCursor == cursor {
			return nil, &Error{Op: op, Kind: KindProtocol, Err: errors.New("list of operations repeats itself")}
		}
		cursor = page.NextCursor
	}
	return nil, &Error{Op: op, Kind: KindProtocol, Err: fmt.Errorf("list of operations has more than %d pages", maxPages)}
}

// The tools that stand for operations which are not listed.
const (
	discoverTool       = "discover"
	executeRead        = "executeRead"
	executeWrite       = "executeWrite"
	executeDestructive = "executeDestructive"
)

func (s *Session) discover(ctx context.Context, tool Operation) ([]Operation, error) {
	answer, err := s.callTool(ctx, "discover atlassian operations", tool.Name, discoverInputs(tool))
	if err != nil {
		return nil, err
	}
	return readDiscovered(answer), nil
}

// discoverInputs asks for the operations of Loom if the tool can search.
func discoverInputs(tool Operation) map[string]any {
	inputs := map[string]any{}
	for _, name := range []string{"query", "search", "q", "keyword", "intent"} {
		if tool.hasInput(name) {
			inputs[name] = "loom video"
			break
		}
	}
	return inputs
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
	for _, key := range []string{"inputSchema", "input_schema", "inputs", "parameters", "schema"} {
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
