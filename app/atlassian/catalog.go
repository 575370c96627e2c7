package atlassian

import (
	"context"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxPages      = 50   // of the list of tools
	maxOperations = 2000 // in a catalog
	maxSearches   = 30   // for operations that are not tools
)

// Operations lists what the session offers: the tools of the server, and operations behind its tool discover. That tool
// is a search, so name the operations that are needed: it is asked for each one that is not a tool. Without names, it is
// asked for videos of Loom. Operations that nobody named may be missing from the catalog.
func (s *Session) Operations(ctx context.Context, names ...string) (Catalog, error) {
	operations, err := s.tools(ctx)
	if err != nil {
		return Catalog{}, err
	}
	catalog := newCatalog(operations)
	discover, ok := catalog.Find(discoverTool)
	if !ok {
		return catalog, nil
	}
	if len(names) == 0 {
		names = []string{"listLoomVideos"}
	}
	searches := 0
	for _, name := range names {
		for _, query := range []string{words(name), name} {
			if _, found := catalog.Find(name); found || searches == maxSearches {
				break
			}
			searches++
			found, err := s.discover(ctx, discover, query)
			if err != nil {
				return Catalog{}, err
			}
			operations = append(operations, found...)
			catalog = newCatalog(operations)
		}
	}
	return catalog, nil
}

func (s *Session) tools(ctx context.Context) (tools []Operation, err error) {
	const op = "list atlassian operations"
	cursor := ""
	for range maxPages {
		var page *mcp.ListToolsResult
		err := s.exchange(ctx, op, &record{}, func(ctx context.Context) (err error) {
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
