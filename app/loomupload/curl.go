package loomupload

import (
	"net/http"
	"slices"
	"strings"
)

// curlFlags are the only flags that are known, by their long names: those that say what is sent, and those that only
// change what curl prints, how long it waits or which protocol it prefers.
var curlFlags = map[string]struct{ takesValue, ignored bool }{
	"request": {takesValue: true}, "header": {takesValue: true}, "upload-file": {takesValue: true}, "form": {takesValue: true},
	"form-string": {takesValue: true}, "data-binary": {takesValue: true}, "url": {takesValue: true},

	"silent": {ignored: true}, "show-error": {ignored: true}, "fail": {ignored: true}, "fail-with-body": {ignored: true}, "include": {ignored: true},
	"verbose": {ignored: true}, "progress-bar": {ignored: true}, "no-progress-meter": {ignored: true}, "globoff": {ignored: true},
	"compressed": {ignored: true}, "http1.1": {ignored: true}, "http2": {ignored: true}, "location": {ignored: true},
	"max-time": {true, true}, "connect-timeout": {true, true}, "retry": {true, true}, "retry-delay": {true, true}, "output": {true, true},
	"write-out": {true, true}, "user-agent": {true, true},
}

// shortFlags are the names of flags with one letter.
var shortFlags = map[byte]string{
	'X': "request", 'H': "header", 'T': "upload-file", 'F': "form", 's': "silent", 'S': "show-error", 'f': "fail", 'i': "include", 'v': "verbose",
	'#': "progress-bar", 'g': "globoff", 'L': "location", 'm': "max-time", 'o': "output", 'w': "write-out", 'A': "user-agent",
}

// curlCommand is what the words of a command say.
type curlCommand struct {
	method  string
	urls    []string
	headers []string
	forms   []string // values of --form, or of --form-string behind literalForm
	file    string   // how the file is sent: upload-file, data-binary or form
}

const literalForm = "\x00"

// parseCurl reads the words of a curl command as one request that sends the file. It never runs anything and opens no
// file: whatever the command calls the file, it is the one that is to be sent.
func parseCurl(words []string, f file) (request, error) {
	c, err := readCurlWords(words)
	if err != nil {
		return request{}, err
	}
	if len(c.urls) != 1 {
		return request{}, curlProblem("it needs exactly one address")
	}
	if strings.ContainsAny(c.urls[0], "{}[]") {
		return request{}, curlProblem("its address is a pattern")
	}
	r := request{size: f.size}
	if r.url, err = parseAddress(c.urls[0]); err != nil {
		return request{}, err
	}
	if c.file == "upload-file" && (r.url.Path == "" || strings.HasSuffix(r.url.Path, "/")) {
		return request{}, curlProblem("its address is that of a folder")
	}
	if err := c.readBody(&r, f); err != nil {
		return request{}, err
	}
	r.method = http.MethodPost
	if c.file == "upload-file" {
		r.method = http.MethodPut
	}
	if c.method != "" {
		if r.method, err = readMethod(c.method, false); err != nil {
			return request{}, err
		}
	}
	return r, nil
}

// readBody reads the headers and the body of a request.
func (c *curlCommand) readBody(r *request, f file) (err error) {
	r.header = http.Header{}
	for _, line := range c.headers {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(value) == "" || strings.HasPrefix(name, "@") {
			return curlProblem("a header has no value")
		}
		size := f.size
		if len(c.forms) > 0 {
			size = 0 // that of the whole form, which is not known yet
		}
		if err := addHeader(r.header, strings.TrimSpace(name), strings.TrimSpace(value), r.url, size); err != nil {
			return err
		}
	}
	if len(c.forms) > 0 {
		if c.file != "" {
			return curlProblem("it sends both a form and a file")
		}
		r.form, err = readCurlForm(c.forms, f)
		if r.header.Get("Content-Type") != "" && !isForm(r.header) {
			return curlProblem("it gives a form another type")
		}
		r.header.Del("Content-Type") // the boundary is ours
		return err
	}
	if isForm(r.header) {
		return curlProblem("it announces a form and sends none")
	}
	switch c.file {
	case "":
		return curlProblem("it sends no file")
	case "data-binary":
		if r.header.Get("Content-Type") == "" {
			r.header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl does
		}
	}
	return nil
}

// readCurlWords sorts the words of a command. Every flag must be known.
func readCurlWords(words []string) (*curlCommand, error) {
	c := &curlCommand{}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case strings.HasPrefix(word, "--"):
			words, err = c.addLong(word[2:], words)
		case len(word) > 1 && word[0] == '-':
			words, err = c.addShort(word[1:], words)
		default:
			c.urls = append(c.urls, word)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *curlCommand) addLong(name string, rest []string) ([]string, error) {
	flag, known := curlFlags[name]
	if !known {
		return nil, curlProblem("it has an unknown flag")
	}
	value := ""
	if flag.takesValue {
		if len(rest) == 0 {
			return nil, curlProblem("a flag has no value")
		}
		value, rest = rest[0], rest[1:]
	}
	return rest, c.set(name, value)
}

// addShort reads flags with one letter, of which several may follow one dash, the last one perhaps with its value.
func (c *curlCommand) addShort(letters string, rest []string) ([]string, error) {
	for i := range len(letters) {
		name, known := shortFlags[letters[i]]
		if !known {
			return nil, curlProblem("it has an unknown flag")
		}
		if curlFlags[name].takesValue {
			if value := letters[i+1:]; value != "" {
				return rest, c.set(name, value)
			}
			return c.addLong(name, rest)
		}
	}
	return rest, nil
}

// set applies a flag.
func (c *curlCommand) set(name, value string) error {
	switch name {
	case "request":
		if c.method != "" {
			return curlProblem("it has several methods")
		}
		c.method = value
	case "header":
		c.headers = append(c.headers, value)
	case "url":
		c.urls = append(c.urls, value)
	case "form":
		c.forms = append(c.forms, value)
	case "form-string":
		c.forms = append(c.forms, literalForm+value)
	case "data-binary":
		if !strings.HasPrefix(value, "@") || len(value) == 1 {
			return curlProblem("it sends data other than the file")
		}
		return c.setFile(name)
	case "upload-file":
		if value == "" || strings.ContainsAny(value, "{}[]") {
			return curlProblem("it sends several files")
		}
		return c.setFile(name)
	case "output":
		if !slices.Contains([]string{"/dev/null", "-", "NUL"}, value) {
			return curlProblem("it writes a file")
		}
	}
	return nil
}

func (c *curlCommand) setFile(how string) error {
	if c.file != "" {
		return curlProblem("it sends several files")
	}
	c.file = how
	return nil
}
