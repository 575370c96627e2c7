package simulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Transcripts are between shortest and longest lines.
const (
	shortestTranscript = 6
	longestTranscript  = 40
)

// write fills in what was said and what Fathom made of it.
func (m *meeting) write(rng *rand.Rand, subject topic, speakers []person) {
	all, err := clips()
	if err != nil {
		panic(err) // embedded, and read by New before anything is generated
	}
	length := all[subject.Clip].duration
	lines := script(rng, subject)
	turn := 0
	for i, line := range lines {
		at := time.Duration(float64(length) * float64(i) / float64(len(lines)))
		who := speakers[turn]
		if others := len(speakers) - 1; others > 0 { // nobody answers themselves
			turn = (turn + 1 + rng.IntN(others)) % len(speakers)
		}
		said := transcriptItem{Speaker: speaker{DisplayName: who.Name}, Text: line, Timestamp: clockTime(at)}
		if m.meetingTitle != nil {
			said.Speaker.Email = optional(who.Email)
		}
		m.transcript = append(m.transcript, said)
	}
	markdown := m.markdown(subject)
	m.summary = &summary{TemplateName: optional("General"), Markdown: &markdown}
	for i, text := range subject.Actions {
		at := length * time.Duration(i+1) / time.Duration(len(subject.Actions)+1)
		who := speakers[i%len(speakers)]
		m.actions = append(m.actions, actionItem{
			Description: text, UserGenerated: i == 1, Completed: rng.IntN(3) == 0,
			Timestamp: clockTime(at), PlaybackURL: fmt.Sprintf("%s?timestamp=%d", m.callURL(), int(at.Seconds())),
			Assignee: assignee{Name: optional(who.Name), Email: optional(who.Email), Team: optional(who.Team)},
		})
	}
	for i, text := range subject.Decisions {
		from := length.Seconds() * float64(i+1) / float64(len(subject.Decisions)+2)
		m.highlights = append(m.highlights, highlight{
			Type: "Decision", Summary: optional(text), Text: lines[int(from/length.Seconds()*float64(len(lines)))], StartTime: from, EndTime: from + 2.5,
		})
	}
	m.crm = matches(speakers)
}

// script is what is said about the topic, with what is said in every meeting after the first line, in the middle and
// before the last one.
func script(rng *rand.Rand, subject topic) []string {
	total := shortestTranscript + rng.IntN(longestTranscript-shortestTranscript+1)
	lines := subject.Lines
	if total <= len(lines) {
		return lines[:total]
	}
	asides := book().asides
	asides = asides[:min(total-len(lines), len(asides))]
	third, middle, last := (len(asides)+2)/3, len(lines)/2, len(lines)-1
	return slices.Concat(
		lines[:1], asides[:third],
		lines[1:middle], asides[third:min(2*third, len(asides))],
		lines[middle:last], asides[min(2*third, len(asides)):],
		lines[last:],
	)
}

// markdown is a summary in the form Fathom gives it.
func (m *meeting) markdown(subject topic) string {
	var b strings.Builder
	section := func(title string, items []string) {
		fmt.Fprintf(&b, "## %s\n\n", title)
		for _, item := range items {
			fmt.Fprintf(&b, "- %s\n", item)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "## Meeting purpose\n\n[%s](%s?timestamp=0)\n\n", strings.NewReplacer("[", "", "]", "").Replace(m.title), m.callURL())
	section("Key takeaways", subject.Summary)
	section("Decisions", subject.Decisions)
	section("Next steps", subject.Actions)
	return strings.TrimSpace(b.String()) + "\n"
}

// matches is what a CRM knows about the guests, or that there is none to ask.
func matches(speakers []person) crmMatches {
	var out crmMatches
	for _, p := range speakers {
		if p.Company == "" {
			continue
		}
		base := "https://crm.northwind.example/"
		out.Contacts = append(out.Contacts, crmRecord{Name: p.Name, Email: p.Email, RecordURL: base + "contacts/" + slug(p.Name)})
		if len(out.Companies) == 0 {
			amount := p.Deal
			out.Companies = []crmRecord{{Name: p.Company, RecordURL: base + "companies/" + slug(p.Company)}}
			out.Deals = []crmRecord{{Name: p.Company + ", yearly plan", Amount: &amount, RecordURL: base + "deals/" + slug(p.Company)}}
		}
	}
	if out.Contacts == nil {
		out.Error = optional("No CRM connected")
	}
	return out
}

// clockTime is an offset as HH:MM:SS.
func clockTime(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}
