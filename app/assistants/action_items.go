package assistants

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	maxActionItems      = 200    // in a result
	maxActionItemsText  = 20_000 // characters in a result
	maxActionItemLength = 2_000  // characters
	maxActionMeetings   = 50
)

type actionItemsInput struct {
	RecordingID int64 `json:"recording_id"`
	period
	Limit  int    `json:"limit"`
	Cursor string `json:"cursor"`
}

type actionItemsResult struct {
	About      string               `json:"about"`
	Meetings   []meetingActionItems `json:"meetings"`
	NextCursor string               `json:"next_cursor,omitempty" jsonschema:"the cursor of the next meetings, if there are more"`
}

type meetingActionItems struct {
	Meeting     meeting      `json:"meeting"`
	ActionItems []actionItem `json:"action_items"`
	Truncated   bool         `json:"truncated" jsonschema:"true if the meeting has more action items than shown"`
}

type actionItem struct {
	Description  string   `json:"description"`
	Completed    bool     `json:"completed"`
	Assignee     string   `json:"assignee" jsonschema:"blank if nobody is assigned"`
	StartSeconds *float64 `json:"start_seconds" jsonschema:"the moment in the recording; null if unknown"`
}

type actionItemsRow struct {
	meetingRow
	ActionItems string `db:"items"`
}

// hasActionItems is the SQL condition of the meetings that have some.
const hasActionItems = "CASE WHEN json_valid([[action_items]]) THEN json_type([[action_items]]) = 'array' AND json_array_length([[action_items]]) > 0 END"

func (s *Service) actionItemsTool() tool[actionItemsInput, actionItemsResult] {
	return tool[actionItemsInput, actionItemsResult]{
		name: "get_action_items", title: "Get action items",
		description: "Returns the action items of one meeting, or of all meetings in a period, the newest meeting first. " +
			"Without recording_id, after and before, it starts with the latest meeting.",
		input: arguments(periodArguments(map[string]*jsonSchema{
			"recording_id": recordingArgument(), "limit": limitArgument("meetings", defaultMeetings, maxActionMeetings), "cursor": cursorArgument(),
		})),
		run: s.runActionItems,
	}
}

func (s *Service) runActionItems(ctx context.Context, c *call, in actionItemsInput) (out actionItemsResult, text string, err error) {
	if in.RecordingID > 0 && (!in.isEmpty() || in.Cursor != "") {
		return out, "", refusal("Ask for the action items of one recording_id or of a period, not for both.")
	}
	var rows []actionItemsRow
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) error {
		const column = "COALESCE([[action_items]], '') AS [[items]]"
		if in.RecordingID > 0 {
			rows = make([]actionItemsRow, 1)
			return findMeeting(ctx, db.App, in.RecordingID, &rows[0], column)
		}
		query, err := selectMeetings(db.App, in.period, in.Cursor, in.Limit, column)
		if err != nil {
			return err
		}
		if err := query.AndWhere(dbx.NewExp(hasActionItems)).WithContext(ctx).All(&rows); err != nil {
			return fmt.Errorf("list action items: %w", err)
		}
		return nil
	})
	if err != nil {
		return out, "", err
	}
	out = actionItemsResult{About: about, Meetings: []meetingActionItems{}}
	space := &actionItemsSpace{maxActionItems, maxActionItemsText}
	for i, row := range rows {
		shown := row.read(space)
		if i > 0 && (shown.Truncated || i == in.Limit) {
			out.NextCursor = rows[i-1].cursor().String()
			break
		}
		out.Meetings = append(out.Meetings, shown)
	}
	return out, out.text(), nil
}

// actionItemsSpace is what a result has space for.
type actionItemsSpace struct{ items, characters int }

func (r actionItemsRow) read(space *actionItemsSpace) meetingActionItems {
	shown := meetingActionItems{Meeting: r.meeting(), ActionItems: []actionItem{}}
	for _, stored := range fathom.Decode[[]fathom.ActionItem](r.ActionItems) {
		item := actionItem{
			Description: sanitize.Truncate(oneLine(stored.Description), maxActionItemLength), Completed: stored.Completed,
			Assignee: personName(stored.Assignee.Name, stored.Assignee.Email),
		}
		if at, ok := captions.ParseTimestamp(stored.Timestamp); ok {
			seconds := at.Seconds()
			item.StartSeconds = &seconds
		}
		if space.items--; space.items < 0 || len(item.Description) > space.characters {
			shown.Truncated = true
			break
		}
		space.characters -= len(item.Description)
		shown.ActionItems = append(shown.ActionItems, item)
	}
	return shown
}

func (r actionItemsResult) text() string {
	a := newAnswer()
	for _, m := range r.Meetings {
		a.introduce(m.Meeting)
		if len(m.ActionItems) == 0 {
			a.say("It has no action items.")
		}
		for _, item := range m.ActionItems {
			a.quote(item.String())
		}
		if m.Truncated {
			a.say("It has more action items, which are left out.")
		}
		a.say("")
	}
	if len(r.Meetings) == 0 {
		a.say("No meeting has action items.")
	}
	if r.NextCursor != "" {
		a.say("There are more: ask again with cursor %s.", r.NextCursor)
	}
	return a.String()
}

// String returns an item of a list in Markdown.
func (i actionItem) String() string {
	text := "- [ ] "
	if i.Completed {
		text = "- [x] "
	}
	text += i.Description
	if i.Assignee != "" {
		text += " (" + i.Assignee + ")"
	}
	if i.StartSeconds != nil {
		text += " [" + clockTime(*i.StartSeconds) + "]"
	}
	return text
}
