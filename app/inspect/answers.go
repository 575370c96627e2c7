package inspect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// answerFromHeaders tells which rate limits the responses announced.
func (p *probe) answerFromHeaders() {
	light, heavy := map[string]int{}, map[string]int{}
	for _, exchange := range p.report.Exchanges {
		limit, ok := exchange.Headers["ratelimit-limit"]
		if !ok {
			continue
		}
		if isHeavy(exchange) {
			heavy[limit]++
		} else if exchange.Method != "POST" {
			light[limit]++
		}
	}
	p.answer("RateLimit-Limit of ordinary calls", "%s", counts(light))
	p.answer("RateLimit-Limit of calls that include texts", "%s", counts(heavy))
}

// isHeavy reports whether a call is charged to the budget for texts.
func isHeavy(e Exchange) bool {
	if strings.HasSuffix(e.Path, "/summary") || strings.HasSuffix(e.Path, "/transcript") {
		return true
	}
	return e.Query["include_summary"] != nil || e.Query["include_transcript"] != nil
}

// shapeOf describes a body without its values.
func shapeOf(r response) string {
	switch body := r.decoded.(type) {
	case map[string]any:
		return "an object with " + strings.Join(sortedKeys(body), ", ")
	case []any:
		return fmt.Sprintf("a list of %d", len(body))
	case nil:
		if len(r.body) == 0 {
			return "an empty body"
		}
		return "a body that is not JSON"
	default:
		return "a JSON value that is not an object"
	}
}

// counts describes how often each of some values was seen.
func counts(seen map[string]int) string {
	if len(seen) == 0 {
		return "never"
	}
	var out []string
	for _, value := range sortedKeys(seen) {
		out = append(out, fmt.Sprintf("%s (%d times)", value, seen[value]))
	}
	return strings.Join(out, ", ")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
