package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// RecordedAtlassian is what Atlassian's real MCP server answered, read from a report of the command "loom inspect". With
// it, the simulator lists the same operations, checks inputs against their recorded schemas, and packs and shapes its
// answers as the real ones were. What they are about, and calls that the report doesn't contain, are simulated. Files are
// accepted in whatever way the recorded answer asks for, but not in several parts.
type RecordedAtlassian struct {
	protocol   string
	server     mcp.Implementation
	flat       []recordedOperation // with ?tools=all
	direct     []recordedOperation // without
	discovered []recordedOperation
	answers    map[string]recordedResult // the last success of each operation
	videoID    string                    // the id of the uploaded clip, as the report shows it
	uploadKey  string                    // the bearer token for the host of uploads, as the report shows it
	host       recordedExchange          // the host of uploads accepts the file
}

// recordedOperation is an operation with everything that the server said about it.
type recordedOperation struct {
	name   string
	schema map[string]any
	whole  map[string]any
}

// recordedResult is the result of a call.
type recordedResult struct {
	at     time.Time
	result map[string]any // as the report shows it: JSON in texts is decoded
}

// recordedExchange is what the simulator reads of an exchange of a report.
type recordedExchange struct {
	Path    string              `json:"path"`
	Query   map[string][]string `json:"query"`
	Call    string              `json:"call"`
	At      time.Time           `json:"at"`
	Request map[string]any      `json:"request"`
	Status  int                 `json:"status"`
	Headers map[string]string   `json:"headers"`
	Body    json.RawMessage     `json:"body"`
}

// Replay reads a report of the command "fathom inspect" or "loom inspect", and configures the simulator to answer with
// it.
func (c *Config) Replay(from io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(from, maxReport))
	if err != nil {
		return fmt.Errorf("read report: %w", err)
	}
	var report struct {
		Format    int                `json:"format"`
		Service   string             `json:"service"`
		Exchanges []recordedExchange `json:"exchanges"`
	}
	if json.Unmarshal(raw, &report) != nil || report.Service == "" {
		c.Recorded, err = ReadReport(bytes.NewReader(raw))
		return err
	}
	if report.Format != 1 || report.Service != "atlassian" {
		return fmt.Errorf("read report: format %d of the service %q is not supported", report.Format, report.Service)
	}
	if c.Atlassian == nil {
		c.Atlassian = &AtlassianConfig{}
	}
	c.Atlassian.Recorded, err = readAtlassianReport(report.Exchanges)
	return err
}

func readAtlassianReport(exchanges []recordedExchange) (*RecordedAtlassian, error) {
	r := &RecordedAtlassian{answers: map[string]recordedResult{}}
	for _, e := range exchanges {
		var body struct {
			Result map[string]any `json:"result"`
		}
		if e.Call == "" && e.Request["bytes"] != nil && e.Status >= 200 && e.Status < 300 {
			r.host = e
		}
		if e.Path != "mcp" || json.Unmarshal(e.Body, &body) != nil || body.Result == nil {
			continue
		}
		switch method, called, _ := strings.Cut(e.Call, " "); method {
		case "initialize":
			r.addServer(body.Result)
		case "tools/list":
			list := &r.direct
			if e.Query["tools"] != nil {
				list = &r.flat
			}
			*list = addOperations(*list, body.Result["tools"])
		case "tools/call":
			r.addCall(called, e, body.Result)
		}
	}
	if len(r.flat) == 0 {
		return nil, errors.New("read report: it contains no list of operations")
	}
	return r, nil
}

func (r *RecordedAtlassian) addServer(result map[string]any) {
	r.protocol, _ = result["protocolVersion"].(string)
	server, _ := result["serverInfo"].(map[string]any)
	r.server.Name, _ = server["name"].(string)
	r.server.Version, _ = server["version"].(string)
}

// addCall records a successful call. called is the tool, and the operation that it executes.
func (r *RecordedAtlassian) addCall(called string, e recordedExchange, result map[string]any) {
	tool, operation, isExecuted := strings.Cut(called, " ")
	if !isExecuted {
		operation = tool
	}
	values := recordedValues(result)
	if tool == "discover" {
		for _, value := range values {
			r.discovered = addOperations(r.discovered, value)
		}
		return
	}
	if failed, _ := result["isError"].(bool); failed {
		return
	}
	for _, value := range values {
		if object, ok := value.(map[string]any); ok && object["error"] != nil && object["error"] != false {
			return
		}
	}
	if _, known := r.answers[operation]; known && isExecuted {
		return // inputs and answers of operations that were listed directly say as much
	}
	r.answers[operation] = recordedResult{at: e.At, result: result}
	switch operation {
	case "createLoomVideoUpload":
		r.uploadKey = recordedBearer(result)
	case "publishLoomVideo":
		for name, value := range e.Request {
			text, _ := value.(string)
			if ids := recordedID.FindAllString(text, -1); len(ids) > 0 && name != "cloudId" {
				r.videoID = ids[len(ids)-1]
			}
		}
	}
}

// recordedValues returns the JSON values of a result, structured or in a text.
func recordedValues(result map[string]any) (values []any) {
	contents, _ := result["content"].([]any)
	for _, content := range contents {
		if object, _ := content.(map[string]any); object["json"] != nil {
			values = append(values, object["json"])
		}
	}
	if structured := result["structuredContent"]; structured != nil {
		values = append(values, structured)
	}
	return values
}

// addOperations adds the operations in a value, unless they are known.
func addOperations(known []recordedOperation, value any) []recordedOperation {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			known = addOperations(known, item)
		}
	case map[string]any:
		name, _ := value["name"].(string)
		if name == "" {
			for _, item := range value {
				known = addOperations(known, item)
			}
			return known
		}
		if _, ok := findRecorded(known, name); ok {
			return known
		}
		op := recordedOperation{name: name, whole: value}
		for _, key := range []string{"inputSchema", "input_schema", "inputs", "parameters", "schema"} {
			if schema, ok := value[key].(map[string]any); ok && op.schema == nil {
				op.schema = schema
			}
		}
		return append(known, op)
	}
	return known
}

func findRecorded(operations []recordedOperation, name string) (recordedOperation, bool) {
	for _, op := range operations {
		if op.name == name {
			return op, true
		}
	}
	return recordedOperation{}, false
}

// sites returns the sites of the report, without which no call would find its site.
func (r *RecordedAtlassian) sites() (sites []AtlassianSite) {
	for _, value := range recordedValues(r.answers["getAccessibleAtlassianResources"].result) {
		list, _ := value.([]any)
		if object, ok := value.(map[string]any); ok {
			for _, item := range object {
				if inner, isList := item.([]any); isList {
					list = inner
				}
			}
		}
		for _, item := range list {
			object, _ := item.(map[string]any)
			site := AtlassianSite{}
			site.ID, _ = object["id"].(string)
			site.Name, _ = object["name"].(string)
			site.URL, _ = object["url"].(string)
			if site.URL = strings.TrimSuffix(site.URL, "/"); site.ID != "" {
				sites = append(sites, site)
			}
		}
	}
	return sites
}

// tools returns a recorded list of tools.
func (r *RecordedAtlassian) tools(flat bool) (tools []*mcp.Tool) {
	list := r.direct
	if flat {
		list = r.flat
	}
	for _, op := range list {
		tool := &mcp.Tool{Name: op.name, InputSchema: map[string]any{"type": "object"}}
		tool.Description, _ = op.whole["description"].(string)
		if op.schema != nil {
			tool.InputSchema = op.schema
		}
		tools = append(tools, tool)
	}
	return tools
}
