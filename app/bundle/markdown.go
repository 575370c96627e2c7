package bundle

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// writeNote writes the note about a meeting: its facts as YAML front matter, links, summary, action items and
// highlights.
func (m *meeting) writeNote(w io.Writer) error {
	out := bufio.NewWriter(w)
	m.writeFrontMatter(out)
	fmt.Fprintf(out, "# %s\n\n", escapeMarkdown(m.title()))
	var links []string
	if m.video != "" {
		links = append(links, link("Recording", relativeURL(m.video)))
	}
	if len(m.said) > 0 {
		links = append(links, link("Transcript", relativeURL(m.transcriptName())))
	}
	for _, page := range []struct{ name, url string }{{"Fathom", m.record.GetString("fathom_url")}, {"Loom", m.loomURL()}} {
		if page.url != "" {
			links = append(links, link(page.name, page.url))
		}
	}
	if len(links) > 0 {
		fmt.Fprintf(out, "%s\n\n", strings.Join(links, " · "))
	}
	m.writeActionItems(out)
	m.writeHighlights(out)
	if summary := m.record.GetString("summary"); summary != "" { // last, because it is Markdown and may leave a block open
		fmt.Fprintf(out, "## Summary\n\n%s\n", strings.TrimSpace(summary))
	}
	return out.Flush()
}

func (m *meeting) loomURL() string {
	if url := m.record.GetString("loom_url"); url != "" || m.transfer == nil {
		return url
	}
	return m.transfer.GetString("share_url")
}

// writeFrontMatter writes the facts about a meeting. JSON strings are YAML strings.
func (m *meeting) writeFrontMatter(out io.Writer) {
	fmt.Fprintf(out, "---\ntitle: %s\n", quote(m.title()))
	if start := m.start(); !start.IsZero() {
		fmt.Fprintf(out, "date: %s\n", start.Format(time.RFC3339))
	}
	if seconds := m.seconds(); seconds > 0 {
		fmt.Fprintf(out, "duration: %d\n", int64(math.Round(seconds)))
	}
	for _, field := range []struct{ name, value string }{
		{"host", m.host()},
		{"type", sanitize.SingleLine(m.record.GetString("meeting_type"))},
		{"fathom", m.record.GetString("fathom_url")},
		{"loom", m.loomURL()},
	} {
		if field.value != "" {
			fmt.Fprintf(out, "%s: %s\n", field.name, quote(field.value))
		}
	}
	if people := m.people(); len(people) > 0 {
		fmt.Fprintln(out, "people:")
		for _, name := range people {
			fmt.Fprintf(out, "  - %s\n", quote(name))
		}
	}
	fmt.Fprintf(out, "recording_id: %d\ntags:\n  - meeting\n---\n\n", m.recordingID())
}

func (m *meeting) writeActionItems(out io.Writer) {
	var items []struct {
		Description string `json:"description"`
		Completed   bool   `json:"completed"`
		Timestamp   string `json:"recording_timestamp"`
		Assignee    person `json:"assignee"`
	}
	_ = m.record.UnmarshalJSONField("action_items", &items) // malformed ones are left out
	if len(items) == 0 {
		return
	}
	fmt.Fprint(out, "## Action items\n\n")
	for _, item := range items {
		box := " "
		if item.Completed {
			box = "x"
		}
		fmt.Fprintf(out, "- [%s] %s", box, escapeMarkdown(item.Description))
		if name := item.Assignee.text(); name != "" {
			fmt.Fprintf(out, " — %s", escapeMarkdown(name))
		}
		if item.Timestamp != "" {
			fmt.Fprintf(out, " (%s)", escapeMarkdown(item.Timestamp))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
}

func (m *meeting) writeHighlights(out io.Writer) {
	var highlights []struct {
		Type      string  `json:"type"`
		Summary   string  `json:"summary"`
		Text      string  `json:"text"`
		StartTime float64 `json:"start_time"` // seconds
	}
	_ = m.record.UnmarshalJSONField("highlights", &highlights) // malformed ones are left out
	if len(highlights) == 0 {
		return
	}
	fmt.Fprint(out, "## Highlights\n\n")
	for _, h := range highlights {
		seconds := int(min(max(h.StartTime, 0), 1e6))
		fmt.Fprintf(out, "- %02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
		for _, text := range []string{h.Type, h.Summary, h.Text} {
			if text != "" {
				fmt.Fprintf(out, " · %s", escapeMarkdown(text))
			}
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
}

// writeTranscript writes a paragraph for each turn of a speaker.
func (m *meeting) writeTranscript(w io.Writer) error {
	out := bufio.NewWriter(w)
	m.writeFrontMatter(out)
	fmt.Fprintf(out, "# %s\n\n%s\n", escapeMarkdown("Transcript: "+m.title()), link("Meeting", relativeURL(m.base+".md")))
	for i, u := range m.said {
		if i == 0 || u.Speaker.Name != m.said[i-1].Speaker.Name {
			name := sanitize.SingleLine(u.Speaker.Name)
			if name == "" {
				name = "Unknown speaker"
			}
			fmt.Fprintf(out, "\n**%s** \\[%s\\]", escapeMarkdown(name), escapeMarkdown(u.Timestamp))
		}
		fmt.Fprintf(out, "\n%s", escapeMarkdown(u.Text))
		if i+1 == len(m.said) || u.Speaker.Name != m.said[i+1].Speaker.Name {
			fmt.Fprintln(out)
		}
	}
	return out.Flush()
}

// escapeMarkdown returns Markdown that shows a text as it is, on one line.
func escapeMarkdown(text string) string {
	text = strings.Join(strings.Fields(sanitize.SingleLine(text)), " ")
	var escaped strings.Builder
	for i, r := range text {
		if needsEscape(text, i) {
			escaped.WriteByte('\\')
		}
		escaped.WriteRune(r)
	}
	return escaped.String()
}

// needsEscape reports whether the character at i could mean something in Markdown, or in Obsidian's variant of it.
func needsEscape(text string, i int) bool {
	startsLine := strings.Trim(text[:i], "0123456789") == ""
	switch c := text[i]; c {
	case '\\', '`', '*', '_', '[', ']', '<', '#', '|', '~', '$', '^':
		return true
	case '>', '+', '-', '.', ')': // a quotation or a list
		return startsLine
	case '=', '%': // a heading, a highlight or a comment
		return startsLine || text[i-1] == c || strings.HasPrefix(text[i+1:], string(c))
	case '&': // a character reference
		rest := text[i+1:]
		return rest != "" && rest[0] != ' '
	}
	return false
}

func link(text, target string) string {
	return "[" + escapeMarkdown(text) + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", "\n", "%0A", "\r", "%0D").Replace(target) + ">)"
}

// relativeURL returns the URL of a file in the same folder or, with a slash, in another.
func relativeURL(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// quote returns a text as a JSON string.
func quote(text string) string {
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string can always be encoded
	return strings.TrimSuffix(quoted.String(), "\n")
}
