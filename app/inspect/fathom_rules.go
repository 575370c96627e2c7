package inspect

import (
	"regexp"
	"strings"
	"time"
)

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)

// enumFields hold words of the API instead of words of people.
var enumFields = map[string]bool{
	"status": true, "calendar_invitees_domains_type": true, "shared_with": true, "transcript_language": true,
	"level": true, "content_type": true, "triggered_for": true, "failure_reason": true,
}

// plainNumbers hold numbers that say nothing about people.
var plainNumbers = map[string]bool{"limit": true, "file_size_bytes": true, "start_time": true, "end_time": true}

// pathWords are parts of Fathom's own URLs.
var pathWords = map[string]bool{"calls": true, "share": true, "downloads": true, "recordings": true, "embed": true}

// newRedactor returns a redactor for Fathom's answers.
func newRedactor(shift time.Duration) *Redactor {
	return NewRedactor(shift, Rules{
		FieldName:   fieldName,
		Keep:        func(field, value string) bool { return enumFields[field] && enumWord.MatchString(value) },
		PlainNumber: func(field, _ string) bool { return plainNumbers[field] },
		Host:        fathomHost,
		PathWord:    func(part string) bool { return pathWords[part] },
	})
}

func fathomHost(name string) (string, bool) {
	for _, own := range []string{"fathom.ai", "fathom.video"} {
		if name == own || strings.HasSuffix(name, "."+own) {
			return name, true
		}
	}
	return "", false
}
