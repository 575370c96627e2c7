package atlassian

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxValues = 400_000 // JSON values in an answer; each can take much more memory than its text
	maxDepth  = 200     // levels of nested JSON values
)

// readResult returns the answer of a tool as JSON, or the failure that it reports. The answer is nil if it exceeds
// the limits.
//
// Atlassian's answers have had several forms: structured content, which once was an array although MCP wants an
// object; JSON as text; JSON in a JSON string; plain text. Failures come with and without isError.
func readResult(result *mcp.CallToolResult) (json.RawMessage, *failure) {
	answer := structuredAnswer(result)
	if answer == nil {
		answer = textAnswer(textsOfContent(result.Content))
	}
	if answer == nil {
		return nil, nil
	}
	if failed := findFailure(answer, result.IsError); failed != nil {
		return nil, failed
	}
	return answer, nil
}

func structuredAnswer(result *mcp.CallToolResult) json.RawMessage {
	switch structured := result.StructuredContent.(type) {
	case nil:
		return nil
	case map[string]any:
		if len(structured) == 0 && len(result.Content) > 0 {
			return nil // the text says more
		}
	}
	structured := result.StructuredContent
	if list, ok := onlyItem(structured).([]any); ok {
		structured = list
	}
	encoded, err := json.Marshal(structured)
	if err != nil {
		return nil
	}
	return unwrapText(encoded)
}

// onlyItem returns the item of a list that has only one, and otherwise nil.
func onlyItem(value any) any {
	if list, ok := value.([]any); ok && len(list) == 1 {
		return list[0]
	}
	return nil
}

// textsOfContent returns the texts of an answer; images and the like have none.
func textsOfContent(contents []mcp.Content) (texts []string) {
	for _, content := range contents {
		switch content := content.(type) {
		case *mcp.TextContent:
			texts = append(texts, content.Text)
		case *mcp.EmbeddedResource:
			if content.Resource != nil && content.Resource.Text != "" {
				texts = append(texts, content.Resource.Text)
			}
		}
	}
	return texts
}

// textAnswer prefers the first text that is a JSON object or list. Otherwise the answer is all texts, one per line.
func textAnswer(texts []string) json.RawMessage {
	for _, text := range texts {
		if answer := jsonOf(text); answer != nil {
			return answer
		}
	}
	return encodeText(strings.Join(texts, "\n"))
}

func encodeText(text string) json.RawMessage {
	encoded, err := json.Marshal(text)
	if err != nil {
		return nil // never: any string can be encoded
	}
	return encoded
}

var codeFence = regexp.MustCompile("(?s)^```[a-zA-Z]*\\s*\n(.*?)\n?```$")

// jsonOf returns the JSON object or list that a text contains, perhaps in a Markdown code block or encoded as a
// string, or nil if there is none.
func jsonOf(text string) json.RawMessage {
	for range 3 { // levels of encoding
		text = strings.TrimSpace(text)
		if fenced := codeFence.FindStringSubmatch(text); fenced != nil {
			text = strings.TrimSpace(fenced[1])
		}
		switch {
		case text == "":
			return nil
		case text[0] == '{' || text[0] == '[':
			if (&valueCounter{}).add([]byte(text)) != nil || !json.Valid([]byte(text)) {
				return nil
			}
			return json.RawMessage(text)
		case text[0] != '"':
			return nil
		}
		var inner string
		if json.Unmarshal([]byte(text), &inner) != nil {
			return nil
		}
		text = inner
	}
	return nil
}

// unwrapText replaces a JSON string that contains JSON by the JSON.
func unwrapText(answer json.RawMessage) json.RawMessage {
	if len(answer) > 0 && answer[0] == '"' {
		if inner := jsonOf(string(answer)); inner != nil {
			return inner
		}
	}
	return answer
}

// findList returns a list, or the only list in an object, such as the one in {"sites": […]}.
func findList(value any) (list []any, ok bool) {
	switch value := value.(type) {
	case []any:
		return value, true
	case map[string]any:
		for _, item := range value {
			found, isList := findList(item)
			if !isList {
				continue
			}
			if ok {
				return nil, false
			}
			list, ok = found, true
		}
	}
	return list, ok
}

// textOf returns the first of some fields that is a text and not blank.
func textOf(object map[string]any, keys ...string) string {
	for _, key := range keys {
		if text, ok := object[key].(string); ok && strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

func textsOf(value any) (texts []string) {
	list, _ := value.([]any)
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// valueCounter limits the JSON values of a text by the characters that precede them, outside of strings. It needn't
// recognize invalid JSON, because a decoder does. The zero value is ready.
type valueCounter struct {
	seen, depth       int
	inString, escaped bool
}

func (v *valueCounter) add(chunk []byte) error {
	for _, c := range chunk {
		switch {
		case v.escaped:
			v.escaped = false
		case v.inString:
			v.escaped = c == '\\'
			v.inString = c != '"'
		case c == '"':
			v.inString = true
		case c == ',':
			v.seen++
		case c == '{' || c == '[':
			v.seen++
			v.depth++
		case c == '}' || c == ']':
			v.depth--
		}
		if v.depth > maxDepth {
			return fmt.Errorf("answer has more than %d levels", maxDepth)
		}
	}
	if v.seen > maxValues {
		return fmt.Errorf("answer has more than %d values", maxValues)
	}
	return nil
}
