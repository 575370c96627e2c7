package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// directTools are the tools without ?tools=all.
func (a *atlassian) directTools() []*mcp.Tool {
	execute := map[string]any{
		"type": "object",
		"properties": map[string]any{
			"name": map[string]any{"type": "string"}, "cloudId": map[string]any{"type": "string"}, "inputs": map[string]any{"type": "object"},
		},
		"required": []string{"name", "cloudId", "inputs"},
	}
	tools := []*mcp.Tool{{
		Name: "discover", Description: "Find operations and their input schemas.",
		InputSchema: map[string]any{"type": "object", "properties": map[string]any{"query": map[string]any{"type": "string"}}},
	}}
	for _, name := range []string{executeRead, executeWrite, executeDestructive} {
		tools = append(tools, &mcp.Tool{Name: name, Description: "Execute an operation that discover returned.", InputSchema: execute})
	}
	return append(tools, accountTools()...)
}

// flatTools are the tools with ?tools=all: one for each operation.
func (a *atlassian) flatTools(c caller) []*mcp.Tool {
	if c.classic {
		return accountTools()
	}
	b := a.currentBehaviour()
	tools := accountTools()
	for _, op := range b.operations() {
		tools = append(tools, &mcp.Tool{Name: op.name, Description: op.description, InputSchema: op.schema(b, true)})
	}
	return tools
}

func accountTools() []*mcp.Tool {
	nothing := map[string]any{"type": "object", "properties": map[string]any{}}
	return []*mcp.Tool{
		{Name: "getAccessibleAtlassianResources", Description: "List the sites and their cloud IDs.", InputSchema: nothing},
		{Name: "atlassianUserInfo", Description: "Get the current user.", InputSchema: nothing},
	}
}

// documentedName returns the documented name of the operation that a call of a tool runs.
func (a *atlassian) documentedName(tool, executed string) string {
	name := tool
	if strings.HasPrefix(tool, "execute") {
		name = executed
	}
	for documented, here := range a.currentBehaviour().Renamed {
		if here == name {
			return documented
		}
	}
	return name
}

// callTool answers tools/call.
func (a *atlassian) callTool(header http.Header, params *mcp.CallToolParamsRaw) (mcp.Result, error) {
	c, rejected := a.authenticate(header)
	if rejected != nil {
		return nil, errors.New(rejected.message)
	}
	b := a.currentBehaviour()
	var arguments map[string]any
	if len(params.Arguments) > 0 {
		if err := json.Unmarshal(params.Arguments, &arguments); err != nil {
			return nil, fmt.Errorf("read arguments of %s: %w", params.Name, err)
		}
	}
	flat := header.Get(headerFlat) != ""
	executed, _ := arguments["name"].(string)
	if f, ok := a.nextFault(a.documentedName(params.Name, executed), true); ok {
		return f.result(), nil
	}
	answer, err := a.runTool(c, b, header.Get(headerBase), flat, params.Name, arguments)
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return failure(string(refused), b.FlagErrors), nil
	case err != nil:
		return nil, err
	}
	return success(b.Answers, answer)
}

// runTool runs a tool. It returns a refusal for a failure within the call and another error for a violation of the
// protocol.
func (a *atlassian) runTool(c caller, b AtlassianBehaviour, base string, flat bool, tool string, arguments map[string]any) (any, error) {
	if c.other {
		return nil, refusal("Insufficient scopes: the API token has no access to this app.")
	}
	switch {
	case tool == "getAccessibleAtlassianResources":
		return a.accessibleSites(c)
	case tool == "atlassianUserInfo":
		if !c.has(scopeMe) {
			return nil, refusal("Request failed with status code 403")
		}
		return map[string]any{"account_id": "712020:" + c.email, "email": c.email, "name": c.email}, nil
	case tool == "discover" && !flat:
		query, _ := arguments["query"].(string)
		return discover(b, query), nil
	case flat:
		cloudID, _ := arguments["cloudId"].(string)
		inputs := maps.Clone(arguments)
		delete(inputs, "cloudId")
		return a.runOperation(c, b, base, tool, "", cloudID, inputs)
	case tool == executeRead || tool == executeWrite || tool == executeDestructive:
		name, _ := arguments["name"].(string)
		cloudID, _ := arguments["cloudId"].(string)
		inputs, _ := arguments["inputs"].(map[string]any)
		return a.runOperation(c, b, base, name, tool, cloudID, inputs)
	}
	return nil, fmt.Errorf("unknown tool %q", tool)
}

// runOperation runs an operation through the tool via, or directly if via is "".
func (a *atlassian) runOperation(c caller, b AtlassianBehaviour, base, name, via, cloudID string, inputs map[string]any) (any, error) {
	operations := b.operations()
	i := slices.IndexFunc(operations, func(op operation) bool { return op.name == name })
	if i < 0 {
		if via == "" {
			return nil, fmt.Errorf("unknown tool %q", name)
		}
		return nil, refusal(fmt.Sprintf("Unknown operation %q", name))
	}
	op := operations[i]
	if op.forbidden != "" {
		a.recordViolation(name + " was called: " + op.forbidden)
	}
	if via != "" && via != op.tool {
		return nil, refusal(fmt.Sprintf("Operation %s must be executed with %s", name, op.tool))
	}
	for _, scope := range op.scopes {
		if !c.has(scope) {
			return nil, refusal("Insufficient scopes: " + name + " requires " + scope)
		}
	}
	if op.run == nil {
		return nil, refusal("The simulator doesn't implement " + name)
	}
	site, err := a.findSite(c, cloudID)
	if err != nil {
		return nil, err
	}
	if site.NoLoom {
		return nil, refusal("No Loom workspace for site " + site.URL)
	}
	if err := op.check(b, inputs); err != nil {
		return nil, err
	}
	return op.run(a, call{caller: c, site: site, inputs: inputs, base: base})
}

// discover lists the operations whose name and description contain all words of the query.
func discover(b AtlassianBehaviour, query string) any {
	found := []map[string]any{}
	for _, op := range b.operations() {
		about := strings.ToLower(op.name + " " + op.description)
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(query)), func(word string) bool { return !strings.Contains(about, word) }) {
			found = append(found, map[string]any{
				"name": op.name, "description": op.description, "tool": op.tool, "inputSchema": op.schema(b, false),
			})
		}
	}
	return map[string]any{"operations": found}
}

// accessibleSites answers getAccessibleAtlassianResources.
func (a *atlassian) accessibleSites(c caller) (any, error) {
	if !c.has(scopeMe) || !c.has(scopeAccount) {
		return nil, refusal("Request failed with status code 403")
	}
	sites := []map[string]any{}
	for _, site := range a.cfg.Sites {
		if c.site == "" || c.site == site.ID {
			sites = append(sites, map[string]any{
				"id": site.ID, "name": site.Name, "url": site.URL, "scopes": []string{scopeLoomRead, scopeLoomWrite},
			})
		}
	}
	return sites, nil
}

// findSite returns the site with this id, address, host name or first part of the host name.
func (a *atlassian) findSite(c caller, cloudID string) (AtlassianSite, error) {
	if cloudID == "" {
		return AtlassianSite{}, refusal("cloudId is required")
	}
	for _, site := range a.cfg.Sites {
		u, err := url.Parse(site.URL)
		if err != nil {
			return AtlassianSite{}, fmt.Errorf("address of site %s: %w", site.ID, err)
		}
		prefix, _, _ := strings.Cut(u.Host, ".")
		names := []string{site.ID, site.URL, u.Host, prefix}
		if slices.Contains(names, strings.TrimSuffix(cloudID, "/")) && (c.site == "" || c.site == site.ID) {
			return site, nil
		}
	}
	return AtlassianSite{}, refusal(fmt.Sprintf("Cloud id: %s isn't explicitly granted by the user.", cloudID))
}

// failure is how Atlassian reports that a call failed.
func failure(text string, flagged bool) *mcp.CallToolResult {
	raw, _ := encodeJSON(map[string]any{"error": true, "message": text}) // strings and booleans always encode
	return &mcp.CallToolResult{IsError: flagged, Content: []mcp.Content{&mcp.TextContent{Text: string(raw)}}}
}

// success packs the answer of a call.
func success(form AnswerForm, answer any) (*mcp.CallToolResult, error) {
	raw, err := encodeJSON(answer)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	text, structured := string(raw), any(nil)
	switch form {
	case AnswerStructured:
		text, structured = "Done.", json.RawMessage(raw)
		if _, isList := answer.([]map[string]any); isList {
			structured = map[string]any{"results": answer}
		}
	case AnswerArray:
		text, structured = "Done.", []any{answer}
		if _, isList := answer.([]map[string]any); isList {
			structured = answer
		}
	case AnswerString:
		quoted, err := encodeJSON(text)
		if err != nil {
			return nil, fmt.Errorf("encode answer: %w", err)
		}
		text = string(quoted)
	}
	return &mcp.CallToolResult{StructuredContent: structured, Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil
}
