package loominspect

import (
	"bytes"
	"encoding/json"
	"mime"
	"strings"
)

// call is what a request to the MCP server asks for.
type call struct {
	Method string         `json:"method"`
	Params map[string]any `json:"params"`
}

// readCall reads a request. It is blank if there is no JSON-RPC message, as at the end of a session.
func readCall(e *exchange) (c call) {
	if value, ok := decode(e.request).(map[string]any); ok {
		c.Method, _ = value["method"].(string)
		c.Params, _ = value["params"].(map[string]any)
	}
	return c
}

// tool returns the name of the tool that is called.
func (c call) tool() string {
	name, _ := c.Params["name"].(string)
	return name
}

func (c call) arguments() map[string]any {
	arguments, _ := c.Params["arguments"].(map[string]any)
	return arguments
}

// operation returns the name of the operation that a tool executes, or that of the tool.
func (c call) operation() string {
	if strings.HasPrefix(strings.ToLower(c.tool()), "execute") {
		if name, ok := c.arguments()["name"].(string); ok {
			return name
		}
	}
	return c.tool()
}

// String describes the call in a few words.
func (c call) String() string {
	name := c.Method
	if c.tool() != "" {
		name = c.tool()
	}
	if c.operation() != c.tool() {
		name += " " + c.operation()
	}
	return name
}

// answerOf returns the JSON-RPC response in a body, which is JSON or an event stream, or nil.
func answerOf(e *exchange) map[string]any {
	bodies := [][]byte{e.body}
	if kind, _, _ := mime.ParseMediaType(e.header.Get("Content-Type")); kind == "text/event-stream" {
		bodies = events(e.body)
	}
	for _, body := range bodies {
		message, ok := decode(body).(map[string]any)
		if !ok || message["jsonrpc"] == nil {
			continue
		}
		for _, part := range []string{"result", "error"} {
			if message[part] != nil {
				return map[string]any{part: message[part]}
			}
		}
	}
	return nil
}

// events returns the data of the events of a stream.
func events(body []byte) (events [][]byte) {
	var data []byte
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if value, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			data = append(append(data, bytes.TrimPrefix(value, []byte(" "))...), '\n')
		} else if len(line) == 0 && len(data) > 0 {
			events, data = append(events, data), nil
		}
	}
	if len(data) > 0 {
		events = append(events, data)
	}
	return events
}

// decode returns the JSON value of a text, with its numbers as they are written, or nil.
func decode(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil
	}
	return value
}
