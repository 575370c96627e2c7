package inspect

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// minSecret is the length in characters from which a replaced text must not occur anywhere in the report. Shorter ones
// may be words that the report contains anyway, such as "meeting".
const minSecret = 12

var (
	enumWord    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/+.-]{0,40}$`)
	dateAndTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)((?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)$`)
	clockTime   = regexp.MustCompile(`^\d{2}:\d{2}:\d{2}$`)
	emailText   = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	madeName    = regexp.MustCompile(`^(person\d+@)?(company|host)\d+\.example$`)
	typedPrefix = regexp.MustCompile(`^[a-z]{1,8}_`)
	unixTime    = regexp.MustCompile(`^1[5-9]\d{8}(?:\d{3})?$`) // from 2017 to 2033
	wholeNumber = regexp.MustCompile(`^\d+$`)
)

// Rules say what a service's answers may keep.
type Rules struct {
	FieldName   *regexp.Regexp                           // names of fields that belong to the API
	Keep        func(field, value string) bool           // words of the API
	PlainNumber func(field, number string) bool          // numbers that say nothing about people
	Host        func(name string) (string, bool)         // what remains of the name of a host of the service
	PathWord    func(part string) bool                   // parts of the service's own URLs
	Parameter   func(name, value string) bool            // parameters of URLs that are kept; may be nil
	Special     func(field, value string) (string, bool) // replaces texts of a special form, before the other rules; may be nil
}

// Redactor replaces values so that their shape remains: types, lengths, formats, and which values are equal. The same
// value is always replaced by the same one. It is not safe for concurrent use.
type Redactor struct {
	rules   Rules
	shift   time.Duration // by which dates are moved
	ids     map[string]string
	texts   map[string]string
	emails  map[string]string
	domains map[string]string
	hosts   map[string]string
	secrets map[string]bool // the long texts that were replaced
}

// NewRedactor returns a redactor that moves dates by a whole number of seconds.
func NewRedactor(shift time.Duration, rules Rules) *Redactor {
	return &Redactor{
		rules: rules, shift: shift, ids: map[string]string{}, texts: map[string]string{}, emails: map[string]string{},
		domains: map[string]string{}, hosts: map[string]string{}, secrets: map[string]bool{},
	}
}

// RandomShift returns a duration in whole seconds, into the past, so that the order of dates and the differences between
// them remain.
func RandomShift() time.Duration { return -time.Duration(24*3600+rand.IntN(364*24*3600)) * time.Second }

// Secrets returns the long texts that were replaced, which a report must not contain.
func (r *Redactor) Secrets() []string { return slices.Sorted(maps.Keys(r.secrets)) }

// Value returns a decoded JSON value without its contents. field is the name of the field that contains it.
func (r *Redactor) Value(field string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for _, name := range sortedKeys(value) { // in order, so that a report doesn't depend on the map
			item := value[name]
			if !r.rules.FieldName.MatchString(name) {
				name = r.Text(name) // names of fields are not names of people, but who knows
			}
			out[name] = r.Value(name, item)
		}
		return out
	case []any:
		out := make([]any, 0, min(len(value), maxItems))
		for _, item := range value[:min(len(value), maxItems)] {
			out = append(out, r.Value(field, item))
		}
		return out
	case json.Number:
		return json.Number(r.number(field, value.String()))
	case string:
		return r.String(field, value)
	default:
		return value // null, true, false
	}
}

func (r *Redactor) number(field, number string) string {
	switch {
	case r.rules.PlainNumber(field, number):
		return number
	case strings.HasSuffix(field, "id") && wholeNumber.MatchString(number):
		return r.id(number)
	case unixTime.MatchString(number):
		return r.unixTime(number)
	default:
		return strings.Map(func(c rune) rune {
			if c >= '1' && c <= '9' {
				return '1'
			}
			return c
		}, number)
	}
}

// unixTime moves a time in seconds or milliseconds since 1970.
func (r *Redactor) unixTime(number string) string {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return number // never: there are 13 digits at most
	}
	shift := int64(r.shift / time.Second)
	if len(number) > len("1700000000") {
		shift *= 1000
	}
	return strconv.FormatInt(n+shift, 10)
}

// id returns another number with as many digits.
func (r *Redactor) id(number string) string {
	return memoize(r.ids, number, func(n int) string {
		made := fmt.Sprintf("%0*d", len(number)-1, (n+1)*7)
		return "1" + made[len(made)-(len(number)-1):]
	})
}

// String returns a text of a field without its contents.
func (r *Redactor) String(field, value string) string {
	if value == "" || clockTime.MatchString(value) || r.rules.Keep(field, value) {
		return value
	}
	if r.rules.Special != nil {
		if replaced, ok := r.rules.Special(field, value); ok {
			return replaced
		}
	}
	if moved, ok := r.Date(value); ok {
		return moved
	}
	switch {
	case strings.HasPrefix(value, "https://"), strings.HasPrefix(value, "http://"):
		return r.URL(value)
	case emailText.MatchString(value):
		return r.Email(value)
	case field == "email_domain":
		return r.domain(value)
	case wholeNumber.MatchString(value):
		return r.id(value)
	}
	prefix := typedPrefix.FindString(value)
	return prefix + r.Text(value[len(prefix):])
}

// Date moves a date. What follows the seconds remains, because dates move by whole seconds.
func (r *Redactor) Date(value string) (string, bool) {
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

// Email returns another address, with the same domain for addresses of the same domain.
func (r *Redactor) Email(address string) string {
	return memoize(r.emails, strings.ToLower(address), func(n int) string {
		r.keepSecret(address)
		_, domain, _ := strings.Cut(address, "@")
		return fmt.Sprintf("person%d@%s", n+1, r.domain(domain))
	})
}

func (r *Redactor) domain(name string) string {
	return memoize(r.domains, strings.ToLower(name), func(n int) string {
		r.keepSecret(name)
		return fmt.Sprintf("company%d.example", n+1)
	})
}

// URL keeps the service's hosts, the names of parameters, and the number and lengths of the parts of the path.
func (r *Redactor) URL(raw string) string {
	parsed, err := url.Parse(raw)
	if err != nil {
		return "https://" + r.Text(raw)
	}
	out := parsed.Scheme + "://" + r.host(parsed.Hostname())
	for part := range strings.SplitSeq(strings.TrimPrefix(parsed.EscapedPath(), "/"), "/") {
		out += "/" + r.pathPart(part)
	}
	query := url.Values{}
	for name, values := range parsed.Query() {
		if !r.rules.FieldName.MatchString(strings.ToLower(strings.ReplaceAll(name, "-", "_"))) {
			name = r.Text(name)
		}
		for _, value := range values {
			if r.rules.Parameter == nil || !r.rules.Parameter(name, value) {
				value = r.part(value)
			}
			query.Add(name, value)
		}
	}
	if len(query) > 0 {
		out += "?" + query.Encode()
	}
	if parsed.Fragment != "" {
		out += "#" + url.PathEscape(r.Text(parsed.Fragment))
	}
	return out
}

func (r *Redactor) host(name string) string {
	if kept, ok := r.rules.Host(name); ok {
		return kept
	}
	return memoize(r.hosts, name, func(n int) string {
		r.keepSecret(name)
		return fmt.Sprintf("host%d.example", n+1)
	})
}

func (r *Redactor) pathPart(part string) string {
	switch {
	case part == "" || r.rules.PathWord(part):
		return part
	case wholeNumber.MatchString(part):
		return r.id(part)
	default:
		return url.PathEscape(r.part(part))
	}
}

// part replaces a part of a URL.
func (r *Redactor) part(part string) string {
	if r.rules.Special != nil {
		if replaced, ok := r.rules.Special("", part); ok {
			return replaced
		}
	}
	return r.Text(part)
}

// filler replaces letters.
const filler = "loremipsumdolorsitametconsecteturadipiscingelit"

// Text replaces letters by others and digits by 0. Spaces and punctuation remain, because they show whether a text is
// Markdown.
func (r *Redactor) Text(text string) string {
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
func (r *Redactor) keepSecret(text string) {
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
