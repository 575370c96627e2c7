package assistants

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

// jsonSchema is a type of JSON Schema, which describes arguments to assistants.
type jsonSchema = jsonschema.Schema

// tool is a tool with arguments In and a structured result Out.
type tool[In, Out any] struct {
	name, title, description string
	input                    *jsonSchema
	scope                    tokens.Scope // tokens.Read, of tools that change nothing, unless set

	// run returns the result, structured and as a text.
	run func(ctx context.Context, c *call, in In) (Out, string, error)
}

func (s *Service) addTools(server *mcp.Server) {
	add(s, server, s.searchTool())
	add(s, server, s.listTool())
	add(s, server, s.summaryTool())
	add(s, server, s.transcriptTool())
	add(s, server, s.actionItemsTool())
	add(s, server, s.requestTransferTool())
	add(s, server, s.transferStatusTool())
}

func add[In, Out any](s *Service, server *mcp.Server, t tool[In, Out]) {
	if t.scope == "" {
		t.scope = tokens.Read
	}
	s.scopes[t.name] = t.scope
	isReadOnly, closed, additive := t.scope == tokens.Read, t.scope != tokens.Read, false
	described := &mcp.Tool{
		Name: t.name, Title: t.title, Description: t.description, InputSchema: t.input,
		Annotations: &mcp.ToolAnnotations{
			Title: t.title, ReadOnlyHint: isReadOnly, IdempotentHint: true, DestructiveHint: &additive, OpenWorldHint: &closed,
		},
	}
	mcp.AddTool(server, described, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) {
		logTool(ctx, t.name)
		c := callOf(ctx)
		var none Out
		// The list of tools doesn't bind the assistant, and what it has read may ask for a tool that isn't listed.
		if !c.owner.Token().Has(t.scope) {
			return nil, none, s.explain(ctx, &tokens.ScopeError{Needed: t.scope})
		}
		out, text, err := t.run(ctx, c, in)
		if err != nil {
			return nil, none, s.explain(ctx, err)
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, out, nil
	})
}

// maxRecordingID is the largest number that JSON numbers represent exactly.
const maxRecordingID = 1<<53 - 1

// arguments describes the arguments of a tool. Arguments that it doesn't name are refused.
func arguments(properties map[string]*jsonSchema, required ...string) *jsonSchema {
	return &jsonSchema{
		Type: "object", Properties: properties, Required: required, AdditionalProperties: &jsonSchema{Not: &jsonSchema{}},
	}
}

func textArgument(description string, most int) *jsonSchema {
	return &jsonSchema{Type: "string", Description: description, MaxLength: &most}
}

func dateArgument(description string) *jsonSchema {
	schema := textArgument(description+", such as 2026-01-31", len("2026-01-31"))
	schema.Format = "date"
	return schema
}

func cursorArgument() *jsonSchema {
	return textArgument("Where to continue: the next_cursor of an earlier result of the same request.", maxCursor)
}

func integerArgument(description string, least, most float64) *jsonSchema {
	return &jsonSchema{Type: "integer", Description: description, Minimum: &least, Maximum: &most}
}

func recordingArgument() *jsonSchema {
	return integerArgument("The recording_id of a meeting.", 1, maxRecordingID)
}

func secondsArgument(description string) *jsonSchema {
	schema := integerArgument(description, 0, 1e7)
	schema.Type = "number"
	return schema
}

func limitArgument(what string, byDefault, most int) *jsonSchema {
	schema := integerArgument("The maximum number of "+what+".", 1, float64(most))
	schema.Default = json.RawMessage(strconv.Itoa(byDefault))
	return schema
}
