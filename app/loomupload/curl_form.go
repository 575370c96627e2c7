package loomupload

import "strings"

// readCurlForm reads the fields of a command's form, of which exactly one is the file.
func readCurlForm(fields []string, f file) (*form, error) {
	body := &form{fileName: f.name, fileType: f.contentType}
	for _, field := range fields {
		field, literal := strings.CutPrefix(field, literalForm)
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" || strings.ContainsAny(name, "\"\r\n\x00;") {
			return nil, curlProblem("a form field has no name")
		}
		reference, isFile := strings.CutPrefix(value, "@")
		switch {
		case literal:
		case isFile:
			if body.fileField != "" {
				return nil, curlProblem("it sends several files")
			}
			body.fileField = name
			if err := readFileReference(reference, body); err != nil {
				return nil, err
			}
			continue
		case strings.HasPrefix(value, "<"):
			return nil, curlProblem("it reads a field from a file")
		case strings.HasPrefix(value, `"`), strings.Contains(value, ";"):
			return nil, curlProblem("a form field has a form that isn't known") // curl would not take it literally
		}
		if len(body.fields)+len(body.after) == maxFields {
			return nil, curlProblem("it has too many form fields")
		}
		if body.fileField == "" {
			body.fields = append(body.fields, formField{name, value})
		} else {
			body.after = append(body.after, formField{name, value})
		}
	}
	if body.fileField == "" {
		return nil, curlProblem("it sends no file")
	}
	return body, nil
}

// readFileReference reads what follows the @ of a form field: a file name, perhaps in quotes, and then perhaps its type
// and the name to send.
func readFileReference(reference string, body *form) error {
	rest := ""
	if strings.HasPrefix(reference, `"`) {
		end := closingQuote(reference)
		if end < 0 {
			return curlProblem("a file name isn't closed")
		}
		if rest = reference[end+1:]; rest != "" && rest[0] != ';' {
			return curlProblem("a file name has a form that isn't known")
		}
		reference = reference[1:end]
	} else if i := strings.IndexAny(reference, ";,"); i >= 0 {
		reference, rest = reference[:i], reference[i:]
	}
	if reference == "" {
		return curlProblem("it sends no file")
	}
	if strings.HasPrefix(rest, ",") {
		return curlProblem("it sends several files")
	}
	for option := range strings.SplitSeq(strings.TrimPrefix(rest, ";"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), "=")
		value = strings.Trim(value, `"`)
		if strings.ContainsAny(value, "\"\\\r\n\x00") {
			return curlProblem("a file name has a form that isn't known")
		}
		switch {
		case option == "" && rest == "":
		case name == "type" && value != "":
			body.fileType = value
		case name == "filename" && value != "":
			body.fileName = value
		default:
			return curlProblem("a form field has an option that isn't known")
		}
	}
	return nil
}

// closingQuote returns the position of the quote that closes the one at the start, or -1.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
