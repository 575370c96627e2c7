package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/summary"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// maxText is how many bytes of a recording's text can be found. It is 40 hours of speech.
const maxText = 4 << 20

// maxMarkdown is the size in bytes up to which summaries are indexed without their formatting. Real ones have about 10 kB.
const maxMarkdown = 256 << 10

// Fields of a recording in which a search finds words.
const (
	FieldTitle      = "title"
	FieldPeople     = "people"
	FieldSummary    = "summary"
	FieldActionItem = "action_item"
	FieldHighlight  = "highlight"
	FieldTranscript = "transcript"
)

// fields are all fields; their positions are stored.
var fields = []string{FieldTitle, FieldPeople, FieldSummary, FieldActionItem, FieldHighlight, FieldTranscript}

// document is what can be found of a recording.
type document struct {
	id       int64  // the recording id
	date     string // when the recording begins, as PocketBase stores it; blank if unknown
	sections []section
	speakers []string // names and addresses of the people who speak or record
	size     int      // bytes of text
}

// section is a text in which a phrase can match: what somebody says before somebody else does, for example.
type section struct {
	field   string
	speaker string // of a transcript
	pieces  []piece
}

// piece is a part of a section that has a time of its own.
type piece struct {
	start float64 // seconds from the start of the recording; unknown if negative
	text  string  // normalized
}

const unknown = -1

// meetingRow has the columns of a meeting that are indexed.
type meetingRow struct {
	Title        string `db:"title"`
	MeetingTitle string `db:"meeting_title"`
	RecordedAt   string `db:"recorded_at"`
	Invitees     string `db:"invitees"`
	RecordedBy   string `db:"recorded_by"`
	Summary      string `db:"summary"`
	ActionItems  string `db:"action_items"`
	Highlights   string `db:"highlights"`
}

// readDocument reads a recording from a user database. It returns nil if there is none with this id.
func readDocument(ctx context.Context, db dbx.Builder, id int64) (*document, error) {
	var row meetingRow
	err := db.NewQuery("SELECT [[title]], [[meeting_title]], [[recorded_at]], COALESCE([[invitees]], '') AS [[invitees]]," +
		" COALESCE([[recorded_by]], '') AS [[recorded_by]], [[summary]], COALESCE([[action_items]], '') AS [[action_items]]," +
		" COALESCE([[highlights]], '') AS [[highlights]] FROM {{" + schema.Meetings + "}} WHERE [[recording_id]] = {:id}").
		Bind(dbx.Params{"id": id}).WithContext(ctx).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read meeting %d: %w", id, err)
	}
	var items string
	err = db.NewQuery("SELECT COALESCE([[items]], '') FROM {{" + schema.Transcripts + "}} WHERE [[recording_id]] = {:id}").
		Bind(dbx.Params{"id": id}).WithContext(ctx).Row(&items)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read transcript %d: %w", id, err)
	}
	return newDocument(id, row, items), nil
}

// newDocument ignores what it can't read: the rest can still be found.
func newDocument(id int64, row meetingRow, items string) *document {
	d := &document{id: id, date: row.RecordedAt}
	d.add(FieldTitle, "", piece{unknown, row.Title})
	if row.MeetingTitle != row.Title {
		d.add(FieldTitle, "", piece{unknown, row.MeetingTitle})
	}
	transcript := fathom.Decode[[]fathom.TranscriptItem](items)
	d.addPeople(fathom.Decode[fathom.Host](row.RecordedBy), fathom.Decode[[]fathom.Invitee](row.Invitees), transcript)
	d.addSummary(row.Summary)
	for _, item := range fathom.Decode[[]fathom.ActionItem](row.ActionItems) {
		d.add(FieldActionItem, "", piece{seconds(item.Timestamp), item.Description})
	}
	for _, highlight := range fathom.Decode[[]fathom.Highlight](row.Highlights) {
		for _, text := range []string{highlight.Summary, highlight.Text} {
			d.add(FieldHighlight, "", piece{max(highlight.StartTime, 0), text})
		}
	}
	d.addTranscript(transcript)
	return d
}

// add adds a section, unless it is blank or the document is large enough.
func (d *document) add(field, speaker string, pieces ...piece) {
	s := section{field: field, speaker: normalize(speaker)}
	for _, p := range pieces {
		if p.text = normalize(p.text); strings.TrimSpace(p.text) == "" || d.size+len(p.text) > maxText {
			continue
		}
		d.size += len(p.text)
		s.pieces = append(s.pieces, p)
	}
	if len(s.pieces) > 0 {
		d.sections = append(d.sections, s)
	}
}

// addSummary adds a section for each heading of a summary. Links to moments say when something was said; a line without
// one belongs to that of the line before.
func (d *document) addSummary(markdown string) {
	var pieces []piece
	for line := range strings.Lines(markdown) {
		p := piece{unknown, line}
		if len(markdown) <= maxMarkdown {
			p.text = summary.Text(line)
		}
		if at, ok := summary.Moment(line); ok {
			p.start = at
		}
		if summary.IsHeading(line) {
			d.add(FieldSummary, "", pieces...)
			pieces = nil
		}
		pieces = append(pieces, p)
	}
	d.add(FieldSummary, "", pieces...)
}

// addPeople adds everybody who was invited, records or speaks, once each.
func (d *document) addPeople(host fathom.Host, invitees []fathom.Invitee, transcript []fathom.TranscriptItem) {
	seen, speaking := map[string]bool{"": true}, map[string]bool{"": true}
	person := func(texts ...string) {
		text := strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
		if !seen[text] {
			seen[text] = true
			d.add(FieldPeople, "", piece{unknown, text})
		}
	}
	speaks := func(texts ...string) {
		for _, text := range texts {
			if !speaking[text] {
				speaking[text] = true
				d.speakers = append(d.speakers, normalize(text))
			}
		}
	}
	for _, invitee := range invitees {
		person(invitee.Name, invitee.Email)
	}
	person(host.Name, host.Email)
	speaks(host.Name, host.Email)
	for _, item := range transcript {
		person(item.Speaker.DisplayName, item.Speaker.InviteeEmail)
		speaks(item.Speaker.DisplayName, item.Speaker.InviteeEmail)
	}
}

// addTranscript adds a section for each change of the speaker.
func (d *document) addTranscript(items []fathom.TranscriptItem) {
	for first := 0; first < len(items); {
		speaker, after := items[first].Speaker.DisplayName, first
		var pieces []piece
		for ; after < len(items) && items[after].Speaker.DisplayName == speaker; after++ {
			pieces = append(pieces, piece{seconds(items[after].Timestamp), items[after].Text})
		}
		d.add(FieldTranscript, speaker, pieces...)
		first = after
	}
}

func seconds(timestamp string) float64 {
	if at, ok := captions.ParseTimestamp(timestamp); ok {
		return at.Seconds()
	}
	return unknown
}

// text returns the whole text of a section. The lines of a summary remain lines.
func (s section) text() string {
	if len(s.pieces) == 1 {
		return s.pieces[0].text
	}
	separator := byte(' ')
	if s.field == FieldSummary {
		separator = '\n'
	}
	var b strings.Builder
	for i, p := range s.pieces {
		if i > 0 {
			b.WriteByte(separator)
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// startAt returns when the word at a position of the text of a section, in bytes, is said.
func (s section) startAt(position int) float64 {
	start := s.pieces[0].start
	for _, p := range s.pieces {
		if position < 0 {
			break
		}
		if p.start >= 0 {
			start = p.start
		}
		position -= len(p.text) + 1
	}
	return start
}
