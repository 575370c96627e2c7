package inspect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Format is the version of the report's format. Readers ignore fields that they don't know.
const Format = 1

// Report is what a service answered, without anything that identifies people or opens recordings.
type Report struct {
	Format    int        `json:"format"`
	Service   string     `json:"service,omitempty"` // blank for Fathom
	Program   string     `json:"program"`           // the version that wrote the report
	Exchanges []Exchange `json:"exchanges"`
	Answers   []Answer   `json:"answers"`
}

// Exchange is one request and its response. All its values are redacted.
type Exchange struct {
	Method string              `json:"method"`
	Path   string              `json:"path"` // below the base URL, or what stands for an address that isn't
	Query  map[string][]string `json:"query,omitempty"`

	Call    string `json:"call,omitempty"`    // what is called, where the path doesn't say it
	At      string `json:"at,omitempty"`      // time of the request; dates in the report are moved by the same duration
	Request any    `json:"request,omitempty"` // body of the request

	Failure string            `json:"failure,omitempty"` // why there is no response
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	TookMS  int64             `json:"took_ms"` // milliseconds until the body was read
	Bytes   int               `json:"bytes"`   // of the body
	Body    any               `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"` // the beginning of a body that is not JSON
}

// Answer is what the responses say about a question that the service's documentation leaves open.
type Answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// errLeak is returned instead of a report that would contain an original text. It can only be a fault of this package.
var errLeak = errors.New("the report would contain an original text and was not written; please report this fault")

// Write encodes the report after a last check that no exchange contains one of the secrets.
func (r Report) Write(to io.Writer, secrets []string) error {
	exchanges, err := encode(r.Exchanges)
	if err != nil {
		return err
	}
	for _, secret := range secrets {
		encoded, err := encode(secret)
		if err != nil {
			return err
		}
		if bytes.Contains(exchanges, bytes.Trim(encoded, "\"\n")) {
			return errLeak
		}
	}
	report, err := encode(r)
	if err == nil {
		_, err = to.Write(report)
	}
	return err
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(value)
	return out.Bytes(), err
}

// String returns the exchange in one line, for people who watch a run.
func (e Exchange) String() string {
	line := e.Method + " " + e.Path
	if e.Call != "" {
		line += " " + e.Call
	}
	if len(e.Query) > 0 {
		line += "?" + strings.Join(sortedKeys(e.Query), "&")
	}
	if e.Failure != "" {
		return line + ": " + e.Failure
	}
	return fmt.Sprintf("%s: status %d in %d ms", line, e.Status, e.TookMS)
}
