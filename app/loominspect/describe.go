package loominspect

import (
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
)

const noResponse = "no complete response"

// describe returns an exchange without what is private.
func (r *redaction) describe(e *exchange) inspect.Exchange {
	r.mode = modePrivate
	out := inspect.Exchange{
		Method: e.method, Path: e.to, Status: e.status, Bytes: int(e.size), TookMS: e.took.Milliseconds(), Headers: r.headers(e.header),
	}
	out.At, _ = r.Date(e.at.UTC().Format("2006-01-02T15:04:05Z"))
	if e.failed && (e.to != toServer || answerOf(e) == nil) { // a stream may end with an error after the answer
		out.Failure = noResponse
	}
	switch e.to {
	case toServer:
		r.describeCall(&out, e)
	case toMetadata:
		r.mode = modeFailure
		out.Path = r.description(e.url.String())
		if out.Body = r.published(decode(e.body)); out.Body == nil {
			out.Text = r.sentence(string(e.body))
		}
	case toHost:
		r.mode = modeUpload
		out.Path = r.URL(e.url.String())
		out.Request = map[string]any{"bytes": e.requestSize, "headers": r.requestHeaders(e.requestHeader)}
		if value := decode(e.body); value != nil {
			out.Body = r.Value("", value)
		} else {
			out.Text = r.sentence(string(e.body))
		}
	}
	return out
}

// describeCall describes an exchange with the MCP server.
func (r *redaction) describeCall(out *inspect.Exchange, e *exchange) {
	c := readCall(e)
	for name, values := range e.url.Query() {
		if out.Query == nil {
			out.Query = map[string][]string{}
		}
		for i, value := range values {
			if !r.keepsParameter(name, value) {
				values[i] = r.Text(value)
			}
		}
		out.Query[name] = values
	}
	if out.Call = c.Method; c.tool() != "" {
		out.Call = c.Method + " " + r.description(c.String())
		r.mode = modeOf(c.operation())
		out.Request = r.arguments(c)
	} else if c.Method == "initialize" {
		out.Request = c.Params // all of it is this program's
	}
	answer := answerOf(e)
	if answer == nil {
		r.mode = modeFailure
		if value := decode(e.body); value != nil {
			out.Body = r.Value("", value)
		} else {
			out.Text = r.sentence(string(e.body))
		}
		return
	}
	if failure, ok := answer["error"]; ok {
		r.mode = modeFailure
		out.Body = map[string]any{"error": r.Value("", failure)}
		return
	}
	out.Body = map[string]any{"result": r.result(c, answer["result"])}
}

// modeOf returns what the answer of an operation is about. Only the test clip is uploaded and published.
func modeOf(operation string) mode {
	name := simplify(operation)
	if strings.Contains(name, "upload") || strings.Contains(name, "publish") {
		return modeUpload
	}
	return modePrivate
}

// arguments describes what a tool is called with.
func (r *redaction) arguments(c call) any {
	arguments := map[string]any{}
	for name, value := range c.arguments() {
		if text, ok := value.(string); ok && (name == "name" && c.operation() != c.tool() || c.tool() == "discover") {
			arguments[name] = text // that is the name of an operation, or what this program looks for
			continue
		}
		arguments[name] = r.Value(name, value)
	}
	return arguments
}

func (r *redaction) result(c call, result any) any {
	object, ok := result.(map[string]any)
	switch {
	case !ok:
		return r.Value("", result)
	case c.Method == "tools/list":
		return r.operations(object)
	case c.Method == "initialize":
		return r.published(object)
	}
	return r.toolResult(c, object)
}

// published returns a value that the server sends to everybody.
func (r *redaction) published(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, item := range value {
			out[r.description(name)] = r.published(item)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = r.published(item)
		}
		return out
	case string:
		return r.description(value)
	}
	return value
}

// operations returns a value in which operations of other products have only their names.
func (r *redaction) operations(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if isOperation(value) && !isShown(value) {
			return map[string]any{"name": r.published(value["name"])}
		}
		if isOperation(value) {
			return r.published(value)
		}
		out := map[string]any{}
		for name, item := range value {
			out[r.description(name)] = r.operations(item)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = r.operations(item)
		}
		return out
	}
	return r.published(value)
}

// toolResult keeps how the answer of a tool is packed. A text that contains JSON is shown as json, with the number of
// times that it is encoded as a string.
func (r *redaction) toolResult(c call, result map[string]any) any {
	replace := func(value any) any {
		switch {
		case simplify(c.tool()) == "discover":
			return r.operations(value)
		case isFailure(value):
			before := r.mode
			r.mode = modeFailure
			defer func() { r.mode = before }()
		}
		return r.Value("", value)
	}
	if failed, _ := result["isError"].(bool); failed {
		r.mode = modeFailure
	}
	out := map[string]any{}
	for name, value := range result {
		if name != "content" {
			out[name] = replace(value)
		}
	}
	contents, _ := result["content"].([]any)
	shown := make([]any, 0, len(contents))
	for _, content := range contents {
		object, _ := content.(map[string]any)
		kind, _ := object["type"].(string)
		text, isText := object["text"].(string)
		value, levels := unpack(text)
		switch {
		case !isText:
			shown = append(shown, map[string]any{"type": r.String("type", kind)})
		case value != nil:
			shown = append(shown, map[string]any{"type": "text", "json": replace(value), "encoded": levels})
		default:
			shown = append(shown, map[string]any{"type": "text", "text": r.plainText(text)})
		}
	}
	out["content"] = shown
	return out
}

// plainText replaces a text that is not JSON. Of videos, it could contain anything.
func (r *redaction) plainText(text string) string {
	switch {
	case r.mode == modeUpload && isCommand(text):
		return r.command(text)
	case r.mode != modePrivate, isFailureText(text):
		return r.sentence(text)
	}
	return r.String("", text)
}

func isFailure(value any) bool {
	object, _ := value.(map[string]any)
	failed, isBool := object["error"].(bool)
	return isBool && failed || !isBool && object["error"] != nil
}

func isFailureText(text string) bool {
	return slices.ContainsFunc([]string{"error", "authentication failed", "unauthorized", "access denied", "insufficient", "you don't have", "too many"},
		func(beginning string) bool { return strings.HasPrefix(strings.ToLower(text), beginning) })
}
