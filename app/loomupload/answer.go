package loomupload

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// Limits for reading answers, whose size package atlassian limits already.
const (
	maxAnswerDepth = 8
	maxScalar      = 8 << 10 // bytes of a text that is kept
)

// decodeAnswer returns the JSON of an answer, with numbers as json.Number. Text that itself is JSON is decoded, too, and
// a list of one is its element.
func decodeAnswer(raw json.RawMessage) any {
	value := decodeJSON(raw)
	if text, ok := value.(string); ok {
		if inner := decodeJSON([]byte(strings.TrimSpace(text))); inner != nil {
			value = inner
		}
	}
	if list, ok := value.([]any); ok && len(list) == 1 {
		return list[0]
	}
	return value
}

func decodeJSON(raw []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil
	}
	return value
}

// object is an object of an answer, with the key under which it is found.
type object struct {
	key    string // simplified; blank at the top
	fields map[string]any
}

// objectsOf returns all objects of an answer, the outer ones first. It doesn't look into the objects whose key is one of
// skip.
func objectsOf(answer any, skip ...string) (objects []object) {
	type entry struct {
		key   string
		value any
	}
	level := []entry{{"", answer}}
	for depth := 0; depth <= maxAnswerDepth && len(level) > 0; depth++ {
		var next []entry
		for _, e := range level {
			switch value := e.value.(type) {
			case []any:
				for _, item := range value {
					next = append(next, entry{e.key, item})
				}
			case map[string]any:
				objects = append(objects, object{e.key, value})
				for _, key := range sortedKeys(value) {
					if name := simplify(key); !slices.Contains(skip, name) {
						next = append(next, entry{name, value[key]})
					}
				}
			}
		}
		level = next
	}
	return objects
}

// get returns the value of the first of the keys, which are simplified, that the object has.
func (o object) get(keys ...string) any {
	for _, key := range keys {
		for name, value := range o.fields {
			if value != nil && simplify(name) == key {
				return value
			}
		}
	}
	return nil
}

// text returns the first of the keys that has a text which isn't blank.
func (o object) text(keys ...string) string {
	for _, key := range keys {
		if text, ok := o.get(key).(string); ok && strings.TrimSpace(text) != "" && len(text) <= maxScalar {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// id is text for identifiers, which may also be numbers.
func (o object) id(keys ...string) string {
	for _, key := range keys {
		if number, ok := o.get(key).(json.Number); ok {
			return number.String()
		}
		if text := o.text(key); text != "" && len(text) <= maxID {
			return text
		}
	}
	return ""
}

// maxID is the length of the longest identifier that is taken for one.
const maxID = 300 // bytes

// whole returns the first of the keys that is a whole number, which some servers send as text. ok is false without one.
func (o object) whole(keys ...string) (n int64, ok bool) {
	for _, key := range keys {
		switch value := o.get(key).(type) {
		case json.Number:
			if n, err := value.Int64(); err == nil {
				return n, true
			}
		case string:
			if n, err := json.Number(value).Int64(); err == nil {
				return n, true
			}
		}
	}
	return 0, false
}

// requestParts are the keys of an answer that describe how to send the file, and not what was created.
var requestParts = []string{
	"headers", "httpheaders", "uploadheaders", "requestheaders", "requiredheaders", "fields", "formfields", "formdata", "form", "postfields", "uploadfields",
	"parts", "uploadparts", "urls", "parturls", "uploadurls", "presignedurls", "signedurls", "chunks", "errors", "error",
}

// namedValues returns the plain values of an answer by their simplified names, and by the names with that of the object
// around them: {"upload":{"id":1}} has id and uploadid. The outermost value counts; one that has several candidates at
// the same depth is left out.
func namedValues(answer any) map[string]any {
	named := map[string]any{}
	level := []object{}
	if fields, ok := answer.(map[string]any); ok {
		level = append(level, object{"", fields})
	}
	for depth := 0; depth <= maxAnswerDepth && len(level) > 0; depth++ {
		found := map[string][]any{}
		var next []object
		for _, o := range level {
			for key, value := range o.fields {
				name := simplify(key)
				switch value := value.(type) {
				case map[string]any:
					if !slices.Contains(requestParts, name) {
						next = append(next, object{name, value})
					}
				case string, json.Number, bool:
					if text, ok := value.(string); ok && (text == "" || len(text) > maxScalar) {
						continue
					}
					found[name] = append(found[name], value)
					if o.key != "" {
						found[o.key+name] = append(found[o.key+name], value)
					}
				}
			}
		}
		for name, candidates := range found {
			if _, outer := named[name]; outer {
				continue
			}
			if len(slices.Compact(candidates)) == 1 {
				named[name] = candidates[0]
			} else {
				named[name] = nil // no inner value may take its place
			}
		}
		level = next
	}
	maps.DeleteFunc(named, func(_ string, value any) bool { return value == nil })
	return named
}

// secretNames are parts of names that belong to secrets or to addresses that grant access.
var secretNames = []string{
	"token", "secret", "signature", "password", "credential", "auth", "policy", "accesskey", "apikey", "cookie", "url", "uri", "link", "curl",
	"command", "instruction", "jwt", "bearer", "sas", "session", "grant",
}

// withoutSecrets returns the values that may be stored.
func withoutSecrets(named map[string]any) map[string]string {
	kept := map[string]string{}
	for name, value := range named {
		var text string
		switch value := value.(type) {
		case string:
			text = value
		case json.Number:
			text = value.String()
		default:
			continue
		}
		secret := slices.ContainsFunc(secretNames, func(part string) bool { return strings.Contains(name, part) })
		secret = secret || redact.Message(text) != text
		if !secret && len(text) <= maxID && !strings.ContainsAny(text, "?&=\n ") && !strings.Contains(text, "://") {
			kept[name] = text
		}
	}
	return kept
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
