package assistants

import (
	"context"
	"fmt"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const (
	defaultMeetings = 20
	maxMeetings     = 100
	maxPeople       = 20 // of a meeting in a list
)

type listInput struct {
	period
	Limit  int    `json:"limit"`
	Cursor string `json:"cursor"`
}

type listResult struct {
	About      string          `json:"about"`
	Meetings   []listedMeeting `json:"meetings"`
	NextCursor string          `json:"next_cursor,omitempty" jsonschema:"the cursor of the next meetings, if there are more"`
}

type listedMeeting struct {
	RecordingID     int64    `json:"recording_id"`
	Title           string   `json:"title"`
	RecordedAt      string   `json:"recorded_at"`
	DurationSeconds int64    `json:"duration_seconds"`
	RecordedBy      string   `json:"recorded_by"`
	Invitees        []string `json:"invitees" jsonschema:"up to 20 names or addresses"`
	HasSummary      bool     `json:"has_summary"`
	HasTranscript   bool     `json:"has_transcript"`
}

// listedRow has the columns of a meeting in a list.
type listedRow struct {
	meetingRow
	RecordedBy    string `db:"host"`
	Invitees      string `db:"people"`
	HasSummary    bool   `db:"has_summary"`
	HasTranscript bool   `db:"has_transcript"`
}

var listedColumns = []string{
	"COALESCE([[recorded_by]], '') AS [[host]]", "COALESCE([[invitees]], '') AS [[people]]", "[[summary]] != '' AS [[has_summary]]",
	"EXISTS (SELECT 1 FROM {{" + schema.Transcripts + "}} WHERE {{" + schema.Transcripts + "}}.[[recording_id]] = {{" + schema.Meetings +
		"}}.[[recording_id]]) AS [[has_transcript]]",
}

func (s *Service) listTool() tool[listInput, listResult] {
	return tool[listInput, listResult]{
		name: "list_meetings", title: "List meetings",
		description: "Lists recorded meetings, the newest first, with the people and what can be read of each.",
		input: arguments(periodArguments(map[string]*jsonSchema{
			"limit": limitArgument("meetings", defaultMeetings, maxMeetings), "cursor": cursorArgument(),
		})),
		run: s.runList,
	}
}

func (s *Service) runList(ctx context.Context, c *call, in listInput) (out listResult, text string, err error) {
	var rows []listedRow
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) error {
		query, err := selectMeetings(db.App, in.period, in.Cursor, in.Limit, listedColumns...)
		if err != nil {
			return err
		}
		if err := query.WithContext(ctx).All(&rows); err != nil {
			return fmt.Errorf("list meetings: %w", err)
		}
		return nil
	})
	if err != nil {
		return out, "", err
	}
	out = listResult{About: about, Meetings: []listedMeeting{}}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.NextCursor = rows[in.Limit-1].cursor().String()
	}
	a := newAnswer()
	a.say("%d meetings.", len(rows))
	for _, row := range rows {
		m := row.listed()
		out.Meetings = append(out.Meetings, m)
		a.say("")
		a.introduce(row.meeting())
		if m.RecordedBy != "" {
			a.quote("Recorded by " + m.RecordedBy)
		}
		if len(m.Invitees) > 0 {
			a.quote("Invited: " + strings.Join(m.Invitees, ", "))
		}
		a.say("Summary: %s. Transcript: %s.", yesNo(m.HasSummary), yesNo(m.HasTranscript))
	}
	if out.NextCursor != "" {
		a.say("\nThere are more: list again with cursor %s.", out.NextCursor)
	}
	return out, a.String(), nil
}

func (r listedRow) listed() listedMeeting {
	m := r.meeting()
	listed := listedMeeting{
		RecordingID: m.RecordingID, Title: m.Title, RecordedAt: m.RecordedAt, DurationSeconds: m.DurationSeconds,
		Invitees: []string{}, HasSummary: r.HasSummary, HasTranscript: r.HasTranscript,
	}
	host := fathom.Decode[fathom.Host](r.RecordedBy)
	listed.RecordedBy = personName(host.Name, host.Email)
	for _, invitee := range fathom.Decode[[]fathom.Invitee](r.Invitees) {
		if name := personName(invitee.Name, invitee.Email); name != "" && len(listed.Invitees) < maxPeople {
			listed.Invitees = append(listed.Invitees, name)
		}
	}
	return listed
}

// personName returns a name, or an address if there is none.
func personName(name, email string) string {
	if name = shortLine(name); name != "" {
		return name
	}
	return shortLine(email)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
