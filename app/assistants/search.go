package assistants

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// defaultResults is smaller than that of people: an assistant reads every result.
const defaultResults = 10

type searchInput struct {
	Query  string `json:"query"`
	Limit  int    `json:"limit"`
	Offset int    `json:"offset"`
}

type searchResult struct {
	About      string       `json:"about"`
	Complete   bool         `json:"complete" jsonschema:"false while new recordings are being indexed: search again later"`
	Total      int64        `json:"total" jsonschema:"recordings that match"`
	NextOffset int          `json:"next_offset,omitempty" jsonschema:"the offset of the next results, if there are more"`
	Meetings   []foundMatch `json:"meetings"`
}

type foundMatch struct {
	RecordingID int64   `json:"recording_id"`
	Title       string  `json:"title"`
	RecordedAt  string  `json:"recorded_at"`
	Matches     []match `json:"matches"`
}

type match struct {
	Field        string   `json:"field" jsonschema:"title, people, summary, action_item, highlight or transcript"`
	StartSeconds *float64 `json:"start_seconds" jsonschema:"the moment in the recording; null if the text has none"`
	Speaker      string   `json:"speaker,omitempty"`
	Text         string   `json:"text"`
}

func (s *Service) searchTool() tool[searchInput, searchResult] {
	return tool[searchInput, searchResult]{
		name: "search_meetings", title: "Search meetings",
		description: "Finds recordings by words in their titles, people, summaries, action items, highlights and transcripts, the best first, " +
			"with up to three matches of each. All words must occur. \"several words\" are a phrase, budg* is the beginning of a word, " +
			"AND, OR, NOT and parentheses combine; from:ada or from:ada@example.com restricts who speaks or recorded, " +
			"after:2026-01-31 and before:2026-01-31 the day.",
		input: arguments(map[string]*jsonSchema{
			"query":  textArgument("The words to find.", 500),
			"limit":  limitArgument("recordings", defaultResults, search.MaxLimit),
			"offset": integerArgument("The next_offset of an earlier result.", 0, search.MaxOffset),
		}, "query"),
		run: s.runSearch,
	}
}

func (s *Service) runSearch(ctx context.Context, c *call, in searchInput) (out searchResult, text string, err error) {
	query, err := search.Parse(in.Query)
	if err != nil {
		return out, "", err
	}
	var found search.Result
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) (err error) {
		found, err = s.search.Search(ctx, db, search.Request{Query: query, Limit: in.Limit, Offset: in.Offset})
		return err
	})
	if err != nil {
		return out, "", err
	}
	out = searchResult{About: about, Complete: found.Complete, Total: found.Total, Meetings: []foundMatch{}}
	if next := in.Offset + in.Limit; int64(next) < found.Total && next <= search.MaxOffset {
		out.NextOffset = next
	}
	a := newAnswer()
	a.say("%d recordings match.", found.Total)
	if !found.Complete {
		a.say("Some recordings are not indexed yet. Search again later.")
	}
	for _, item := range found.Items {
		m := meetingRow{RecordingID: item.RecordingID, Title: item.Title, RecordedAt: item.RecordedAt}.meeting()
		shown := foundMatch{RecordingID: m.RecordingID, Title: m.Title, RecordedAt: m.RecordedAt, Matches: []match{}}
		a.say("\nRecording %d, recorded %s:", m.RecordingID, m.RecordedAt)
		a.quote(m.Title)
		for _, found := range item.Matches {
			match := match{Field: found.Field, StartSeconds: found.Start, Speaker: shortLine(found.Speaker), Text: oneLine(found.Text)}
			shown.Matches = append(shown.Matches, match)
			a.quote(match.String())
		}
		out.Meetings = append(out.Meetings, shown)
	}
	if out.NextOffset > 0 {
		a.say("\nThere are more: search again with offset %d.", out.NextOffset)
	}
	return out, a.String(), nil
}

// String returns a match such as [transcript 00:01:04] Ada: Let us talk about the budget.
func (m match) String() string {
	text := "[" + m.Field
	if m.StartSeconds != nil {
		text += " " + clockTime(*m.StartSeconds)
	}
	text += "] "
	if m.Speaker != "" {
		text += m.Speaker + ": "
	}
	return text + m.Text
}
