package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// operation is an operation of the MCP server: a tool of its own in the flat list, otherwise run by one of the tools
// executeRead, executeWrite and executeDestructive.
type operation struct {
	name        string
	description string
	tool        string   // the tool that executes it when tools are not flat
	scopes      []string // all that a credential needs
	global      bool     // takes no cloudId
	inputs      func(AtlassianBehaviour) []input
	forbidden   string                                  // why a client must never call it, which is recorded
	run         func(a *atlassian, c call) (any, error) // nil for operations that are listed only
}

// input is a property of an operation's input schema.
type input struct {
	name        string
	kind        string // JSON type
	description string
	required    bool
	values      []string // of an enum
}

// call is a call of an operation with valid inputs.
type call struct {
	caller
	site   AtlassianSite
	inputs map[string]any // by the simulator's own names
	base   string         // scheme and host for links
}

func (c call) text(name string) string {
	text, _ := c.inputs[name].(string)
	return text
}

func (c call) number(name string) int64 {
	number, _ := c.inputs[name].(float64)
	return int64(number)
}

// refusal is a failure within a call, which is a regular answer in terms of HTTP and MCP.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	executeRead        = "executeRead"
	executeWrite       = "executeWrite"
	executeDestructive = "executeDestructive"
)

// operations returns the operations under the names that they have here and now. Which operations Loom has is
// published, their inputs are not.
func (b AtlassianBehaviour) operations() []operation {
	var out []operation
	for _, op := range allOperations() {
		loom := slices.Contains(op.scopes, scopeLoomRead)
		if loom && b.ReadBlocked && op.tool == executeRead || loom && b.WriteBlocked && op.tool != executeRead {
			continue
		}
		if name := b.Renamed[op.name]; name != "" {
			op.name = name
		}
		out = append(out, op)
	}
	return out
}

// allOperations lists the operations of other products first, because the ones of Loom are not on the first page of the
// real list either.
func allOperations() []operation {
	read, write := []string{scopeLoomRead}, []string{scopeLoomRead, scopeLoomWrite}
	video := input{name: "videoId", kind: "string", description: "ID of the Loom video", required: true}
	return slices.Concat(otherOperations(), []operation{
		{
			name: "getLoomVideo", description: "Get a Loom video by its ID.", tool: executeRead, scopes: read,
			inputs: fixed(video), run: (*atlassian).getLoomVideo,
		},
		{
			name: "listLoomVideos", description: "List the Loom videos owned by the current user.", tool: executeRead, scopes: read,
			inputs: fixed(input{name: "first", kind: "integer", description: "Number of videos, at most 50"},
				input{name: "after", kind: "string", description: "Cursor of the next page"}),
			run: (*atlassian).listLoomVideos,
		},
		{
			name: "listLoomFolders", description: "List the Loom folders of the current user.", tool: executeRead, scopes: read,
			inputs: fixed(), run: (*atlassian).listLoomFolders,
		},
		{
			name: "createLoomFolder", description: "Create a Loom folder.", tool: executeWrite, scopes: write,
			inputs: fixed(input{name: "name", kind: "string", required: true}), run: (*atlassian).createLoomFolder,
		},
		{
			name: "moveLoomVideoToFolder", description: "Move a Loom video to a folder.", tool: executeWrite, scopes: write,
			inputs: fixed(video, input{name: "folderId", kind: "string", required: true}), run: (*atlassian).moveLoomVideo,
		},
		{
			name: "updateLoomVideoTitle", description: "Rename a Loom video.", tool: executeWrite, scopes: write,
			inputs: fixed(video, input{name: "title", kind: "string", required: true}), run: (*atlassian).renameLoomVideo,
		},
		{
			name: "updateLoomVideoPermissions", description: "Update the visibility of a Loom video.", tool: executeWrite, scopes: write,
			inputs: fixed(video, input{name: "visibility", kind: "string", required: true, values: visibilities}),
			run:    (*atlassian).shareLoomVideo,
		},
		{
			name: "createLoomVideoUpload", description: "Step 1 of 2: create the upload of a video file to Loom.", tool: executeWrite,
			scopes: write, inputs: uploadInputs, run: (*atlassian).createLoomUpload,
		},
		{
			name: "publishLoomVideo", description: "Step 2 of 2: publish a Loom video after its file has been uploaded.", tool: executeWrite,
			scopes: write, inputs: fixed(video), run: (*atlassian).publishLoomVideo,
		},
		{
			name: "recoverLoomVideo", description: "Recover a Loom video whose processing has failed.", tool: executeDestructive,
			scopes: write, inputs: fixed(video), forbidden: "only the user may decide to recover a video",
		},
	}, listedOperations(executeRead, read, video,
		"listLoomVideosSharedWithMe", "getLoomVideoComments", "getLoomVideoDownloadUrl", "getLoomMeetingActionItems",
	), listedOperations(executeWrite, write, video, "createLoomVideoComment", "createLoomVideoReaction", "shareLoomVideo"))
}

// listedOperations are further operations of Loom, which the simulator lists only.
func listedOperations(tool string, scopes []string, video input, names ...string) (out []operation) {
	for _, name := range names {
		out = append(out, operation{name: name, description: name, tool: tool, scopes: scopes, inputs: fixed(video)})
	}
	return out
}

// otherOperations are operations of other products, which the simulator lists only.
func otherOperations() []operation {
	out := []operation{{
		name: "search", description: "Search all products.", tool: executeRead, global: true,
		inputs: fixed(input{name: "query", kind: "string", required: true}), forbidden: "it costs the organization credits",
	}}
	products := []string{"JiraIssue", "JiraProject", "ConfluencePage", "ConfluenceSpace", "CompassComponent", "BitbucketRepository", "Goal", "Asset"}
	for _, verb := range []string{"get", "list", "search", "create", "update", "watch", "link", "archive"} {
		tool := executeWrite
		switch verb {
		case "get", "list", "search":
			tool = executeRead
		case "archive":
			tool = executeDestructive
		}
		for _, product := range products {
			out = append(out, operation{
				name: verb + product, description: fmt.Sprintf("%s: %s.", product, verb), tool: tool,
				inputs: fixed(input{name: "id", kind: "string", required: true}),
			})
		}
	}
	return out
}

func fixed(inputs ...input) func(AtlassianBehaviour) []input {
	return func(AtlassianBehaviour) []input { return inputs }
}

// schema returns the JSON schema of the inputs. In the flat list it includes the cloudId.
func (op operation) schema(b AtlassianBehaviour, flat bool) map[string]any {
	properties, required := map[string]any{}, []string{}
	add := func(in input) {
		property := map[string]any{"type": in.kind}
		if in.description != "" {
			property["description"] = in.description
		}
		if in.values != nil {
			property["enum"] = in.values
		}
		properties[in.name] = property
		if in.required {
			required = append(required, in.name)
		}
	}
	if flat && !op.global {
		add(input{name: "cloudId", kind: "string", description: "Cloud ID, or the URL of the site", required: true})
	}
	for _, in := range op.inputs(b) {
		add(in)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// check returns a refusal if the inputs don't match the schema.
func (op operation) check(b AtlassianBehaviour, inputs map[string]any) error {
	known := op.inputs(b)
	for name := range inputs {
		if !slices.ContainsFunc(known, func(in input) bool { return in.name == name }) {
			return refusal(fmt.Sprintf("Invalid arguments for %s: unrecognized key %q", op.name, name))
		}
	}
	for _, in := range known {
		value, given := inputs[in.name]
		if !given {
			if in.required {
				return refusal(fmt.Sprintf("Invalid arguments for %s: %q is required", op.name, in.name))
			}
			continue
		}
		valid := false
		switch in.kind {
		case "string":
			var text string
			text, valid = value.(string)
			valid = valid && (in.values == nil || slices.Contains(in.values, text)) && (!in.required || strings.TrimSpace(text) != "")
		case "integer":
			var number float64
			number, valid = value.(float64)
			valid = valid && number == float64(int64(number))
		}
		if !valid {
			return refusal(fmt.Sprintf("Invalid arguments for %s: %q is not valid", op.name, in.name))
		}
	}
	return nil
}
