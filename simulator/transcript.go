package simulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// The shortest and the longest generated transcript, in lines.
const (
	shortestTranscript = 6
	longestTranscript  = 40
)

// addContent generates the transcript, the summary, the action items, the highlights and the CRM matches.
func (m *meeting) addContent(rng *rand.Rand, subject topic, speakers []person) {
	all, err := clips()
	if err != nil {
		panic(err) // the clips are embedded
	}
	length := all[subject.Clip].duration
	lines := transcriptLines(rng, subject)
	turn := 0
	for i, line := range lines {
		at := time.Duration(float64(length) * float64(i) / float64(len(lines)))
		p := speakers[turn]
		if others := len(speakers) - 1; others > 0 { // the next line is spoken by another person
			turn = (turn + 1 + rng.IntN(others)) % len(speakers)
		}
		item := transcriptItem{Speaker: speaker{DisplayName: p.Name}, Text: line, Timestamp: formatOffset(at)}
		if m.meetingTitle != nil {
			item.Speaker.Email = nullable(p.Email)
		}
		m.transcript = append(m.transcript, item)
	}
	markdown := m.summaryMarkdown(subject)
	m.summary = &summary{TemplateName: nullable("General"), Markdown: &markdown}
	for i, text := range subject.Actions {
		at := length * time.Duration(i+1) / time.Duration(len(subject.Actions)+1)
		p := speakers[i%len(speakers)]
		m.actions = append(m.actions, actionItem{
			Description: text, UserGenerated: i == 1, Completed: rng.IntN(3) == 0,
			Timestamp: formatOffset(at), PlaybackURL: fmt.Sprintf("%s?timestamp=%d", m.callURL(), int(at.Seconds())),
			Assignee: assignee{Name: nullable(p.Name), Email: nullable(p.Email), Team: nullable(p.Team)},
		})
	}
	for i, text := range subject.Decisions {
		from := length.Seconds() * float64(i+1) / float64(len(subject.Decisions)+2)
		m.highlights = append(m.highlights, highlight{
			Type: "Decision", Summary: nullable(text),
			Text:      lines[int(from/length.Seconds()*float64(len(lines)))],
			StartTime: from, EndTime: from + 2.5,
		})
	}
	m.crm = crmMatchesFor(speakers)
}

// transcriptLines returns the lines of a transcript of random length. A transcript longer than the topic
// has asides, which fit any meeting, after the first line, in the middle and before the last line.
func transcriptLines(rng *rand.Rand, subject topic) []string {
	total := shortestTranscript + rng.IntN(longestTranscript-shortestTranscript+1)
	lines := subject.Lines
	if total <= len(lines) {
		return lines[:total]
	}
	asides := embeddedContent().asides
	asides = asides[:min(total-len(lines), len(asides))]
	third, middle, last := (len(asides)+2)/3, len(lines)/2, len(lines)-1
	return slices.Concat(
		lines[:1], asides[:third],
		lines[1:middle], asides[third:min(2*third, len(asides))],
		lines[middle:last], asides[min(2*third, len(asides)):],
		lines[last:],
	)
}

// summaryMarkdown formats a summary as Fathom does.
func (m *meeting) summaryMarkdown(subject topic) string {
	var b strings.Builder
	section := func(title string, items []string) {
		fmt.Fprintf(&b, "## %s\n\n", title)
		for _, item := range items {
			fmt.Fprintf(&b, "- %s\n", item)
		}
		b.WriteString("\n")
	}
	title := strings.NewReplacer("[", "", "]", "").Replace(m.title)
	fmt.Fprintf(&b, "## Meeting purpose\n\n[%s](%s?timestamp=0)\n\n", title, m.callURL())
	section("Key takeaways", subject.Summary)
	section("Decisions", subject.Decisions)
	section("Next steps", subject.Actions)
	return strings.TrimSpace(b.String()) + "\n"
}

// crmMatchesFor returns the CRM records of the guests, or an error text if there were no guests.
func crmMatchesFor(speakers []person) crmMatches {
	const base = "https://crm.northwind.example/"
	var out crmMatches
	for _, p := range speakers {
		if p.Company == "" {
			continue
		}
		out.Contacts = append(out.Contacts, crmRecord{
			Name: p.Name, Email: p.Email, RecordURL: base + "contacts/" + slug(p.Name),
		})
		if len(out.Companies) == 0 {
			amount := p.Deal
			out.Companies = []crmRecord{{Name: p.Company, RecordURL: base + "companies/" + slug(p.Company)}}
			out.Deals = []crmRecord{{
				Name: p.Company + ", yearly plan", Amount: &amount, RecordURL: base + "deals/" + slug(p.Company),
			}}
		}
	}
	if out.Contacts == nil {
		out.Error = nullable("No CRM connected")
	}
	return out
}

// formatOffset formats an offset into the recording as HH:MM:SS.
func formatOffset(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}
