package loominspect

import (
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
)

// removeQuotes replaces long texts that were replaced in one exchange, such as titles, where another repeats them.
func (r *redaction) removeQuotes(e *inspect.Exchange, secrets []string) {
	remove := func(text string) string {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				text = strings.ReplaceAll(text, secret, r.Text(secret))
			}
		}
		return text
	}
	e.Text = remove(e.Text)
	for name, value := range e.Headers {
		e.Headers[name] = remove(value)
	}
	e.Body, e.Request = mapTexts(e.Body, remove), mapTexts(e.Request, remove)
}

// mapTexts returns a JSON value with other texts. Names of fields remain.
func mapTexts(value any, change func(string) string) any {
	switch value := value.(type) {
	case string:
		return change(value)
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = mapTexts(item, change)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(value))
		for name, item := range value {
			out[name] = mapTexts(item, change)
		}
		return out
	case map[string]string:
		out := make(map[string]string, len(value))
		for name, item := range value {
			out[name] = change(item)
		}
		return out
	}
	return value
}
