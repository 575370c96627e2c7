package loominspect

import (
	"net/http"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
)

// shownHeaders are the headers of responses that are shown with their values.
var shownHeaders = wordSet("mcp-protocol-version content-length location www-authenticate allow accept-ranges cache-control server via")

// headers returns the headers that say how the service works. Of others, only the name is shown.
func (r *redaction) headers(header http.Header) map[string]string {
	out := inspect.Headers(header)
	for name, values := range header {
		lower := strings.ToLower(name)
		if _, known := out[lower]; known || lower == "date" {
			continue
		}
		switch {
		case lower == "location":
			out[lower] = r.String("", values[0])
		case shownHeaders[lower]:
			out[lower] = r.sentence(strings.Join(values, ", "))
		default:
			out[lower] = "present"
		}
	}
	return out
}

// requestHeaders shows the headers that a file was sent with, which are those that Atlassian's answer asks for.
func (r *redaction) requestHeaders(header http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range header {
		if strings.EqualFold(name, "User-Agent") {
			out[name] = values[0]
			continue
		}
		out[name] = r.String("", values[0])
	}
	return out
}
