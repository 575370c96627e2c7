package loomupload

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// file is what is known about the file to send.
type file struct {
	name        string
	size        int64 // bytes
	contentType string
}

// ticket is what the first step of an upload answers: how to send the file, and what publishing it needs. It prints as
// [redacted], because its addresses grant access.
type ticket struct {
	redact.Value
	video    string // id of the video, or blank
	named    map[string]any
	requests []request // one, or one for each part
}

// request is one request that sends the file or a part of it. It prints as [redacted].
type request struct {
	redact.Value
	method string
	url    *url.URL
	header http.Header
	form   *form // nil if the file itself is the body

	number int   // of the part, from 1; 0 for the whole file
	offset int64 // of the first byte
	size   int64 // bytes of the file
}

// form is a body of multipart/form-data.
type form struct {
	fields    []formField // before the file
	after     []formField // behind the file
	fileField string
	fileName  string
	fileType  string
}

type formField struct{ name, value string }

// ranks of descriptions of an upload. If an answer has several, the one that says most counts. A curl command counts
// only if nothing else describes the upload, or if it completes a bare address.
const (
	rankAddress = iota + 1 // an address and nothing else
	rankCurl
	rankRequest // an address with a method or headers
	rankForm
	rankParts
)

// description is one way to send the file that an answer describes.
type description struct {
	rank     int
	requests []request
}

// readTicket reads the answer of the first step, which may have any of the forms that are known. It returns a *[Problem]
// of KindContract if the answer has none of them, or one that isn't clear.
func readTicket(answer json.RawMessage, f file) (*ticket, error) {
	value := decodeAnswer(answer)
	descriptions, err := describe(value, f)
	if err != nil {
		return nil, err
	}
	if len(descriptions) == 0 {
		return nil, contractProblem("Atlassian's answer doesn't say where to send the file, or not in a form that this version knows.")
	}
	best := slices.MaxFunc(descriptions, func(a, b description) int { return a.rank - b.rank })
	for _, other := range descriptions {
		if other.rank == best.rank && other.requests[0].url.String() != best.requests[0].url.String() {
			return nil, contractProblem("Atlassian's answer has several addresses for the file.")
		}
	}
	t := &ticket{named: namedValues(value), requests: best.requests}
	t.video = videoIDOf(value)
	t.completeIDs()
	return t, nil
}

// completeIDs adds the two names under which the id of what the first step created may be asked for.
func (t *ticket) completeIDs() {
	upload, hasUpload := t.named["uploadid"]
	id, hasID := t.named["id"]
	switch {
	case hasID && !hasUpload:
		t.named["uploadid"] = id
	case hasUpload && !hasID && t.video == "":
		t.named["id"] = upload
	}
}

// describe returns all descriptions of an upload in an answer.
func describe(answer any, f file) (found []description, err error) {
	objects := objectsOf(answer, requestParts...)
	for _, o := range objects {
		d, err := describeObject(o, f)
		if err != nil {
			return nil, err
		}
		if d.requests != nil {
			found = append(found, d)
		}
	}
	commands, err := describeTexts(answer, objects, f)
	if len(found) == 0 {
		return commands, err
	}
	// Texts may quote anything, such as a title. They neither replace what the fields say nor make it invalid.
	for _, command := range commands {
		if slices.ContainsFunc(found, func(d description) bool { return d.requests[0].url.String() == command.requests[0].url.String() }) {
			found = append(found, command)
		}
	}
	return found, nil
}

// describeTexts returns the curl commands in the texts of an answer, and the first error in one of them.
func describeTexts(answer any, objects []object, f file) (found []description, first error) {
	var texts []any
	for _, o := range objects {
		for _, key := range sortedKeys(o.fields) {
			texts = append(texts, o.fields[key])
		}
	}
	for _, value := range append(texts, answer) {
		text, ok := value.(string)
		if !ok {
			continue
		}
		d, err := describeCurl(text, f)
		if err != nil && first == nil {
			first = err
		}
		if err == nil && d.requests != nil {
			found = append(found, d)
		}
	}
	return found, first
}

func describeCurl(text string, f file) (description, error) {
	command, ok, err := findCurl(text)
	if err != nil || !ok {
		return description{}, err
	}
	r, err := parseCurl(command, f)
	return description{rankCurl, []request{r}}, err
}

// addressKeys are names of addresses that can only be those of an upload; url and others are so in an object that also
// has a method or headers, or that is called upload.
var (
	addressKeys = []string{
		"uploadurl", "uploadlink", "uploaduri", "uploadaddress", "uploadendpoint", "signedurl", "presignedurl", "signeduploadurl", "presigneduploadurl", "puturl",
		"posturl", "upload",
	}
	weakAddressKeys = []string{"url", "uri", "href", "address", "endpoint", "target"}
	methodKeys      = []string{"method", "httpmethod", "verb", "uploadmethod", "requestmethod"}
	headerKeys      = []string{"headers", "httpheaders", "uploadheaders", "requestheaders", "requiredheaders"}
	fieldKeys       = []string{"fields", "formfields", "formdata", "form", "postfields", "uploadfields"}
	fileFieldKeys   = []string{"filefield", "filefieldname", "fileparameter", "fileparam", "formfilefield", "fileformfield"}
)

// describeObject reads an object that has an address, or a list of parts with addresses.
func describeObject(o object, f file) (description, error) {
	parts, err := describeParts(o, f)
	if err != nil || parts.requests != nil {
		return parts, err
	}
	method, header, fields := o.get(methodKeys...), o.get(headerKeys...), o.get(fieldKeys...)
	address := o.text(addressKeys...)
	if address == "" && (method != nil || header != nil || fields != nil || strings.Contains(o.key, "upload")) {
		address = o.text(weakAddressKeys...)
	}
	if address == "" {
		return description{}, nil
	}
	r := request{size: f.size}
	if r.url, err = parseAddress(address); err != nil {
		return description{}, err
	}
	if r.header, err = readHeaders(header, r.url, f.size); err != nil {
		return description{}, err
	}
	d := description{rank: rankAddress}
	if method != nil || header != nil {
		d.rank = rankRequest
	}
	if fields != nil || isForm(r.header) {
		if r.form, err = readForm(o, fields, f); err != nil {
			return description{}, err
		}
		r.header.Del("Content-Type") // the boundary is ours
		d.rank = rankForm
	}
	if r.method, err = readMethod(method, r.form != nil); err != nil {
		return description{}, err
	}
	d.requests = []request{r}
	return d, nil
}

// readMethod returns PUT or POST. A form is posted unless the answer says otherwise.
func readMethod(value any, isForm bool) (string, error) {
	name, isText := value.(string)
	switch {
	case value == nil && isForm:
		return http.MethodPost, nil
	case value == nil:
		return http.MethodPut, nil
	case isText && strings.EqualFold(name, http.MethodPut):
		return http.MethodPut, nil
	case isText && strings.EqualFold(name, http.MethodPost):
		return http.MethodPost, nil
	}
	return "", contractProblem("Atlassian's answer wants the file to be sent with a method other than PUT and POST.")
}
