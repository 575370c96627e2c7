package loomupload

import (
	"encoding/json"
	"slices"
	"strings"
)

// decodeList is decodeAnswer for answers that may be a list themselves.
func decodeList(raw json.RawMessage) any {
	value := decodeJSON(raw)
	if text, ok := value.(string); ok {
		value = decodeJSON([]byte(strings.TrimSpace(text)))
	}
	return value
}

// listKeys are the keys under which lists are found, besides their own name.
var listKeys = []string{"items", "results", "nodes", "edges", "data", "values"}

// readList returns the objects of a list in an answer, and the cursor of the next page, or a blank one. names are the
// names of what is listed, simplified. ok is false if there is no list.
func readList(answer any, names ...string) (items []object, next string, ok bool) {
	if list, isList := answer.([]any); isList {
		if page := onlyObject(list); page != nil { // an answer in a list of one
			if items, next, ok := readList(page, names...); ok {
				return items, next, true
			}
		}
		return objectsIn(list), "", true
	}
	objects := objectsOf(answer)
	for _, keys := range [][]string{names, listKeys} {
		for _, o := range objects {
			if list, isList := o.get(keys...).([]any); isList {
				return objectsIn(list), nextCursor(objects), true
			}
		}
	}
	return nil, "", false
}

func onlyObject(list []any) map[string]any {
	if len(list) != 1 {
		return nil
	}
	only, _ := list[0].(map[string]any)
	return only
}

// objectsIn returns the objects of a list. Those of a GraphQL connection are within another one.
func objectsIn(list []any) (items []object) {
	for _, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			continue
		}
		o := object{fields: fields}
		if inner, ok := o.get("node", "video", "folder").(map[string]any); ok && o.id("id") == "" {
			fields = inner
		}
		items = append(items, object{fields: fields})
	}
	return items
}

// nextCursor returns the cursor of the next page. An address isn't one.
func nextCursor(objects []object) string {
	for _, o := range objects {
		if more, ok := o.get("hasnextpage", "hasmore", "hasnext").(bool); ok && !more {
			return ""
		}
	}
	for _, key := range []string{"nextcursor", "nextpagetoken", "endcursor", "next"} {
		i := slices.IndexFunc(objects, func(o object) bool { return o.id(key) != "" })
		if i < 0 {
			continue
		}
		if cursor := objects[i].id(key); !strings.Contains(cursor, "://") {
			return cursor
		}
	}
	return ""
}
