package loomupload

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

const (
	maxHeaders = 50
	maxFields  = 100
)

// readHeaders reads the headers of a request, an object or a list of names and values. They are the only ones that a
// request gets, apart from those that describe its body and its sender.
func readHeaders(value any, target *url.URL, size int64) (http.Header, error) {
	header := http.Header{}
	pairs, ok := readPairs(value)
	if !ok || len(pairs) > maxHeaders {
		return nil, contractProblem("Atlassian's answer has headers in a form that this version doesn't know.")
	}
	for _, pair := range pairs {
		if err := addHeader(header, pair.name, pair.value, target, size); err != nil {
			return nil, err
		}
	}
	return header, nil
}

// addHeader adds a header that someone else has chosen, unless the HTTP client sets it. It refuses those that would
// change where or how the request is sent. size is that of the body, or 0 if it is not known.
func addHeader(header http.Header, name, value string, target *url.URL, size int64) error {
	if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
		return contractProblem("Atlassian's answer has a malformed header.")
	}
	name = http.CanonicalHeaderKey(name)
	switch name {
	case "Content-Length":
		if size > 0 && value != strconv.FormatInt(size, 10) {
			return contractProblem("Atlassian's answer expects a file of another size.")
		}
		return nil
	case "Host":
		if !strings.EqualFold(value, target.Host) && !strings.EqualFold(value, target.Hostname()) {
			return contractProblem("Atlassian's answer wants the file to be sent to one host in the name of another.")
		}
		return nil
	case "Connection", "Keep-Alive", "Expect", "Te", "Accept-Encoding", "User-Agent":
		return nil
	case "Transfer-Encoding", "Trailer", "Upgrade", "Cookie", "Proxy-Authorization", "Proxy-Connection", "Content-Encoding", "Content-Range":
		return contractProblem("Atlassian's answer wants the header %s, which is not sent.", name)
	}
	if header.Get(name) != "" {
		return contractProblem("Atlassian's answer has the header %s twice.", name)
	}
	header.Set(name, value)
	return nil
}

// isForm reports whether a request's body is multipart/form-data.
func isForm(header http.Header) bool {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return kind == "multipart/form-data"
}

// readForm reads the fields of a form. The file comes last, as S3 wants it.
func readForm(o object, value any, f file) (*form, error) {
	pairs, ok := readPairs(value)
	if !ok || len(pairs) > maxFields {
		return nil, contractProblem("Atlassian's answer has form fields in a form that this version doesn't know.")
	}
	body := &form{fileField: o.text(fileFieldKeys...), fileName: f.name, fileType: f.contentType}
	if body.fileField == "" {
		body.fileField = "file"
	}
	for _, pair := range pairs {
		if pair.name != body.fileField { // a placeholder for the file
			body.fields = append(body.fields, pair)
		}
	}
	return body, nil
}

// readPairs reads names with values: an object, or a list of objects with name and value. The order of a list is kept,
// and that of an object is alphabetical.
func readPairs(value any) (pairs []formField, ok bool) {
	switch value := value.(type) {
	case nil:
		return nil, true
	case map[string]any:
		for _, name := range sortedKeys(value) {
			text, ok := plainText(value[name])
			if !ok {
				return nil, false
			}
			pairs = append(pairs, formField{name, text})
		}
		return pairs, true
	case []any:
		for _, item := range value {
			fields, ok := item.(map[string]any)
			o := object{fields: fields}
			name := o.text("name", "key", "header", "field")
			text, plain := plainText(o.get("value"))
			if !ok || name == "" || !plain {
				return nil, false
			}
			pairs = append(pairs, formField{name, text})
		}
		return pairs, true
	}
	return nil, false
}

func plainText(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	case bool:
		return strconv.FormatBool(value), true
	case []any: // the values of one header
		if len(value) == 1 {
			return plainText(value[0])
		}
	}
	return "", false
}
