// Package filename names the files of recordings. Every name is valid on Windows, macOS and Linux, in any script.
package filename

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Default is the template of people who have not chosen another one.
const Default = "{date} {time} {title}"

const (
	maxName     = 180 // bytes, including the extension
	maxTemplate = 200 // bytes
	maxField    = 40  // bytes of the type and of the host

	timeFormat = "15.04" // Windows allows no colons
)

// Recording is what a file name can say about a recording. Zero fields are left out.
type Recording struct {
	ID    int64
	Title string
	Type  string // of the meeting
	Host  string // who recorded it
	Start time.Time
}

// Template is a text with placeholders, such as Default. The zero Template is Default.
type Template struct{ text string }

// TemplateError means that a text can't be a Template. Message is a sentence for the user.
type TemplateError struct{ Message string }

// Error returns the message.
func (e *TemplateError) Error() string { return "file name template: " + e.Message }

var (
	placeholder  = regexp.MustCompile(`\{[^{}]*\}?`)
	placeholders = []string{"{date}", "{time}", "{title}", "{type}", "{host}", "{id}"}
)

// Parse checks a template. Names must tell recordings apart, so they contain the title, the id, or the date and the
// time. The error is a *TemplateError.
func Parse(text string) (Template, error) {
	if len(text) > maxTemplate {
		return Template{}, &TemplateError{fmt.Sprintf("A file name template can have %d characters.", maxTemplate)}
	}
	found := placeholder.FindAllString(text, -1)
	for _, name := range found {
		if !slices.Contains(placeholders, name) {
			return Template{}, &TemplateError{fmt.Sprintf("%s is not a placeholder. Use %s.", name, strings.Join(placeholders, ", "))}
		}
	}
	has := func(name string) bool { return slices.Contains(found, name) }
	if !has("{title}") && !has("{id}") && !(has("{date}") && has("{time}")) {
		return Template{}, &TemplateError{"A file name needs {title}, {id}, or {date} with {time}."}
	}
	return Template{text}, nil
}

// Name names the file of a recording, with the date and the time of a time zone. ext may have a leading dot. Names
// have at most 180 bytes; a long title is cut so that everything else fits.
func (t Template) Name(r Recording, zone *time.Location, ext string) string {
	ext = cleanExt(ext)
	limit := maxName - len(ext)
	values := map[string]string{
		"{type}": sanitize.TruncateBytes(clean(r.Type), maxField), "{host}": sanitize.TruncateBytes(clean(r.Host), maxField),
	}
	if r.ID != 0 {
		values["{id}"] = strconv.FormatInt(r.ID, 10)
	}
	if !r.Start.IsZero() {
		start := r.Start.In(zone)
		values["{date}"], values["{time}"] = start.Format(time.DateOnly), start.Format(timeFormat)
	}
	template := cmp.Or(t.text, Default)
	replace := func(title string) string {
		values["{title}"] = title
		return placeholder.ReplaceAllStringFunc(template, func(name string) string { return values[name] })
	}
	title := titleWithout(clean(r.Title), values["{date}"], ext)
	if title == "" {
		title = fallback
	}
	if excess := len(clean(replace(title))) - limit; excess > 0 {
		title = sanitize.TruncateBytes(title, max(len(title)-excess, 1))
	}
	name := trim(sanitize.TruncateBytes(clean(replace(title)), limit))
	if !hasVisibleCharacter(name) {
		name = fallback
	}
	if isReserved(name) {
		name = trim(sanitize.TruncateBytes(fallback+" "+name, limit))
	}
	return name + ext
}

// titleWithout removes from a title what the name says anyway: its extension and the date.
func titleWithout(title, date, ext string) string {
	if ext != "" && len(title) > len(ext) && strings.EqualFold(title[len(title)-len(ext):], ext) {
		title = title[:len(title)-len(ext)]
	}
	if date != "" {
		title = strings.TrimPrefix(strings.TrimSuffix(title, date), date)
	}
	if title = trim(title); !hasVisibleCharacter(title) {
		return ""
	}
	return title
}

// Unique returns name or, if it is taken, the name with the first free number: "Weekly sync (2).mp4". isTaken is
// called with names as Fold returns them.
func Unique(name string, isTaken func(folded string) bool) string {
	ext := path.Ext(name)
	if strings.Contains(ext, " ") { // a name without extension that contains a time
		ext = ""
	}
	base := strings.TrimSuffix(name, ext)
	for candidate, n := name, 2; ; n++ {
		if !isTaken(Fold(candidate)) {
			return candidate
		}
		candidate = fmt.Sprintf("%s (%d)%s", base, n, ext)
	}
}

// Fold returns a form that is the same for names that Windows or macOS take for one.
func Fold(name string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(name))) }
