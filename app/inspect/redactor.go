package inspect

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// minSecret is the length in characters from which a replaced text must not occur anywhere in the report. Shorter ones
// may be words that the report contains anyway, such as "meeting".
const minSecret = 12

var (
	fieldName   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)
	enumWord    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/+.-]{0,40}$`)
	dateAndTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)((?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)$`)
	clockTime   = regexp.MustCompile(`^\d{2}:\d{2}:\d{2}$`)
	emailText   = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	madeName    = regexp.MustCompile(`^(person\d+@)?(company|host)\d+\.example$`)
	typedPrefix = regexp.MustCompile(`^[a-z]{1,8}_`)
	wholeNumber = regexp.MustCompile(`^\d+$`)
)

// enumFields hold words of the API instead of words of people.
var enumFields = map[string]bool{
	"status": true, "calendar_invitees_domains_type": true, "shared_with": true, "transcript_language": true,
	"level": true, "content_type": true, "triggered_for": true, "failure_reason": true,
}

// plainNumbers hold numbers that say nothing about people.
var plainNumbers = map[string]bool{"limit": true, "file_size_bytes": true, "start_time": true, "end_time": true}

// pathWords are parts of Fathom's own URLs.
var pathWords = map[string]bool{"calls": true, "share": true, "downloads": true, "recordings": true, "embed": true}

// redactor replaces values so that their shape remains: types, lengths, formats, and which values are equal. The same
// value is always replaced by the same one.
type redactor struct {
	shift   time.Duration // by which dates are moved
	ids     map[string]string
	texts   map[string]string
	emails  map[string]string
	domains map[string]string
	hosts   map[string]string
	secrets map[string]bool // the long texts that were replaced
}

func newRedactor(shift time.Duration) *redactor {
	return &redactor{
		shift: shift, ids: map[string]string{}, texts: map[string]string{}, emails: map[string]string{},
		domains: map[string]string{}, hosts: map[string]string{}, secrets: map[string]bool{},
	}
}

// value returns a decoded JSON value without its contents. field is the name of the field that contains it.
func (r *redactor) value(field string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for _, name := range sortedKeys(value) { // in order, so that a report doesn't depend on the map
			item := value[name]
			if !fieldName.MatchString(name) {
				name = r.text(name) // names of fields are not names of people, but who knows
			}
			out[name] = r.value(name, item)
		}
		return out
	case []any:
		out := make([]any, 0, min(len(value), maxItems))
		for _, item := range value[:min(len(value), maxItems)] {
			out = append(out, r.value(field, item))
		}
		return out
	case json.Number:
		return json.Number(r.number(field, value.String()))
	case string:
		return r.string(field, value)
	default:
		return value // null, true, false
	}
}

func (r *redactor) number(field, number string) string {
	switch {
	case plainNumbers[field]:
		return number
	case strings.HasSuffix(field, "id") && wholeNumber.MatchString(number):
		return r.id(number)
	default:
		return strings.Map(func(c rune) rune {
			if c >= '1' && c <= '9' {
				return '1'
			}
			return c
		}, number)
	}
}

// id returns another number with as many digits.
func (r *redactor) id(number string) string {
	return memoize(r.ids, number, func(n int) string {
		made := fmt.Sprintf("%0*d", len(number)-1, (n+1)*7)
		return "1" + made[len(made)-(len(number)-1):]
	})
}

func (r *redactor) string(field, value string) string {
	if value == "" || clockTime.MatchString(value) || enumFields[field] && enumWord.MatchString(value) {
		return value
	}
	if moved, ok := r.date(value); ok {
		return moved
	}
	switch {
	case strings.HasPrefix(value, "https://"), strings.HasPrefix(value, "http://"):
		return r.url(value)
	case emailText.MatchString(value):
		return r.email(value)
	case field == "email_domain":
		return r.domain(value)
	case wholeNumber.MatchString(value):
		return r.id(value)
	}
	prefix := typedPrefix.FindString(value)
	return prefix + r.text(value[len(prefix):])
}

// date moves a date. What follows the seconds remains, because dates move by whole seconds.
func (r *redactor) date(value string) (string, bool) {
	if day, err := time.Parse(time.DateOnly, value); err == nil {
		return day.Add(r.shift).Format(time.DateOnly), true
	}
	parts := dateAndTime.FindStringSubmatch(value)
	if parts == nil {
		return "", false
	}
	t, err := time.Parse(time.DateTime, parts[1]+" "+parts[3])
	if err != nil {
		return "", false
	}
	t = t.Add(r.shift)
	return t.Format(time.DateOnly) + parts[2] + t.Format(time.TimeOnly) + parts[4], true
}

func (r *redactor) email(address string) string {
	return memoize(r.emails, strings.ToLower(address), func(n int) string {
		r.keepSecret(address)
		_, domain, _ := strings.Cut(address, "@")
		return fmt.Sprintf("person%d@%s", n+1, r.domain(domain))
	})
}

func (r *redactor) domain(name string) string {
	return memoize(r.domains, strings.ToLower(name), func(n int) string {
		r.keepSecret(name)
		return fmt.Sprintf("company%d.example", n+1)
	})
}

// url keeps Fathom's hosts, the names of parameters, and the number and lengths of the parts of the path.
func (r *redactor) url(raw string) string {
	parsed, err := url.Parse(raw)
	if err != nil {
		return "https://" + r.text(raw)
	}
	out := parsed.Scheme + "://" + r.host(parsed.Hostname())
	for part := range strings.SplitSeq(strings.TrimPrefix(parsed.EscapedPath(), "/"), "/") {
		out += "/" + r.pathPart(part)
	}
	query := url.Values{}
	for name, values := range parsed.Query() {
		if !fieldName.MatchString(strings.ToLower(strings.ReplaceAll(name, "-", "_"))) {
			name = r.text(name)
		}
		for _, value := range values {
			query.Add(name, r.text(value))
		}
	}
	if len(query) > 0 {
		out += "?" + query.Encode()
	}
	if parsed.Fragment != "" {
		out += "#" + url.PathEscape(r.text(parsed.Fragment))
	}
	return out
}

func (r *redactor) host(name string) string {
	for _, own := range []string{"fathom.ai", "fathom.video"} {
		if name == own || strings.HasSuffix(name, "."+own) {
			return name
		}
	}
	return memoize(r.hosts, name, func(n int) string {
		r.keepSecret(name)
		return fmt.Sprintf("host%d.example", n+1)
	})
}

func (r *redactor) pathPart(part string) string {
	switch {
	case part == "" || pathWords[part]:
		return part
	case wholeNumber.MatchString(part):
		return r.id(part)
	default:
		return url.PathEscape(r.text(part))
	}
}

// filler replaces letters.
const filler = "loremipsumdolorsitametconsecteturadipiscingelit"

// text replaces letters by others and digits by 0. Spaces and punctuation remain, because they show whether a text is
// Markdown.
func (r *redactor) text(text string) string {
	return memoize(r.texts, text, func(n int) string {
		r.keepSecret(text)
		i := n * 7
		return strings.Map(func(c rune) rune {
			switch {
			case unicode.IsLetter(c):
				i++
				letter := rune(filler[i%len(filler)])
				if unicode.IsUpper(c) {
					letter = unicode.ToUpper(letter)
				}
				return letter
			case unicode.IsDigit(c):
				return '0'
			case unicode.IsMark(c):
				return -1
			default:
				return c
			}
		}, text)
	})
}

// keepSecret remembers a text that was replaced, unless it is a replacement itself, as in a replayed report.
func (r *redactor) keepSecret(text string) {
	letters := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
	isFiller := strings.Contains(strings.Repeat(filler, 2+len(letters)/len(filler)), letters)
	if utf8.RuneCountInString(text) >= minSecret && !isFiller && !madeName.MatchString(text) {
		r.secrets[text] = true
	}
}

// memoize returns what was made for a key before, or makes it. make gets the number of earlier entries.
func memoize(made map[string]string, key string, makeOne func(n int) string) string {
	if known, ok := made[key]; ok {
		return known
	}
	made[key] = makeOne(len(made))
	return made[key]
}
