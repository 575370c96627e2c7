package simulator

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// replayTool answers a call of a tool as the report shows.
func (a *atlassian) replayTool(c caller, base, tool string, arguments map[string]any) (mcp.Result, error) {
	r := a.cfg.Recorded
	name, inputs := tool, withoutSite(arguments)
	operations := r.flat
	switch {
	case tool == "discover":
		found := []map[string]any{}
		for _, op := range r.discovered {
			found = append(found, op.whole)
		}
		return success(AnswerText, map[string]any{"operations": found})
	case strings.HasPrefix(tool, "execute"):
		name, _ = arguments["name"].(string)
		inputs, _ = arguments["inputs"].(map[string]any)
		operations = r.discovered
	}
	op, ok := findRecorded(operations, name)
	if !ok {
		if op, ok = findRecorded(r.direct, name); !ok {
			return nil, fmt.Errorf("unknown tool %q", name)
		}
	}
	answer, err := a.replayOperation(c, base, op, arguments, inputs)
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return failure(string(refused), false), nil
	case err != nil:
		return nil, err
	}
	return answer, nil
}

func withoutSite(arguments map[string]any) map[string]any {
	inputs := map[string]any{}
	for name, value := range arguments {
		if name != "cloudId" {
			inputs[name] = value
		}
	}
	return inputs
}

// replayOperation runs the simulator's own operation, and gives its answer the recorded form. Operations that the
// simulator doesn't have are answered exactly as recorded.
func (a *atlassian) replayOperation(c caller, base string, op recordedOperation, arguments, inputs map[string]any) (mcp.Result, error) {
	if err := checkRecorded(op, inputs); err != nil {
		return nil, err
	}
	recorded, isRecorded := a.cfg.Recorded.answers[op.name]
	own := allOperations()
	i := slices.IndexFunc(own, func(o operation) bool { return o.name == op.name && o.run != nil })
	if i < 0 {
		if !isRecorded {
			return nil, refusal("The report contains no answer of " + op.name)
		}
		return recorded.pack(fill{now: a.now()})
	}
	cloudID, _ := arguments["cloudId"].(string)
	site, err := a.findSite(c, cloudID)
	if err != nil {
		return nil, err
	}
	answer, err := own[i].run(a, call{caller: c, site: site, inputs: ownInputs(inputs), base: base})
	if err != nil {
		return nil, err
	}
	if !isRecorded {
		return success(AnswerText, answer)
	}
	return recorded.pack(a.fillOf(c, site, base, op.name, answer))
}

// checkRecorded refuses inputs that don't match the recorded schema.
func checkRecorded(op recordedOperation, inputs map[string]any) error {
	properties, _ := op.schema["properties"].(map[string]any)
	required, _ := op.schema["required"].([]any)
	for _, name := range required {
		if name, _ := name.(string); name != "cloudId" && inputs[name] == nil {
			return refusal(fmt.Sprintf("Invalid arguments for %s: %q is required", op.name, name))
		}
	}
	for name, value := range inputs {
		property, known := properties[name].(map[string]any)
		allowed, _ := property["enum"].([]any)
		switch {
		case !known && op.schema["additionalProperties"] == false:
			return refusal(fmt.Sprintf("Invalid arguments for %s: unrecognized key %q", op.name, name))
		case len(allowed) > 0 && !slices.Contains(allowed, value), !hasType(value, property["type"]):
			return refusal(fmt.Sprintf("Invalid arguments for %s: %q is not valid", op.name, name))
		}
	}
	return nil
}

// hasType reports whether a value has a type of JSON schema. Types in other forms than a name are not checked.
func hasType(value, kind any) bool {
	ok := true
	switch kind {
	case "string":
		_, ok = value.(string)
	case "integer":
		var number float64
		number, ok = value.(float64)
		ok = ok && number == float64(int64(number))
	case "number":
		_, ok = value.(float64)
	case "boolean":
		_, ok = value.(bool)
	}
	return ok
}

var (
	recordedID    = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24,64}`)
	bearerToken   = regexp.MustCompile(`(?i)\bbearer ([^\s"'\\]+)`)
	videoTypeName = regexp.MustCompile(`^video/[a-z0-9.+-]+$`)
)

// ownInputs returns inputs by the simulator's own names, whatever they are called in the report.
func ownInputs(inputs map[string]any) map[string]any {
	own := map[string]any{}
	for name, value := range inputs {
		lower := strings.ToLower(name)
		text, isText := value.(string)
		has := func(part string) bool { return strings.Contains(lower, part) }
		switch {
		case isText && videoTypeName.MatchString(text):
			own["contentType"] = text
		case has("path"):
			own["filePath"] = value
		case isText && has("file") && has("name"):
			own["fileName"] = value
		case !isText && (has("size") || has("length") || has("bytes")):
			own["fileSize"] = value
		case has("title") || isText && lower == "name":
			own["title"], own["name"] = value, value
		case has("visib") || has("privacy") || has("access") || has("permission"):
			own["visibility"] = ownVisibility(text)
		case has("folder"):
			own["folderId"] = value
		case has("cursor") || lower == "after":
			own["after"] = value
		case has("first") || has("limit") || has("count"):
			own["first"] = value
		case isText && (has("id") || has("video") || has("url")):
			own["videoId"] = value
		}
	}
	return own
}

func ownVisibility(word string) string {
	lower := strings.ToLower(word)
	for visibility, parts := range map[string][]string{
		VisibilityOwner: {"owner", "private", "me"}, VisibilityWorkspace: {"workspace", "organi"}, VisibilityPublic: {"public", "link", "anyone"},
	} {
		if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(lower, part) }) {
			return visibility
		}
	}
	return word
}

// recordedBearer returns the bearer token in an answer, for the host of uploads.
func recordedBearer(value any) (found string) {
	switch value := value.(type) {
	case string:
		if match := bearerToken.FindStringSubmatch(value); match != nil {
			return match[1]
		}
	case []any:
		for _, item := range value {
			if token := recordedBearer(item); token != "" {
				return token
			}
		}
	case map[string]any:
		for _, item := range value {
			if token := recordedBearer(item); token != "" {
				return token
			}
		}
	}
	return ""
}
