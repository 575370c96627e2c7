package assistants

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// meeting is what every result says about a meeting.
type meeting struct {
	RecordingID     int64  `json:"recording_id"`
	Title           string `json:"title"`
	RecordedAt      string `json:"recorded_at" jsonschema:"when the recording began, in UTC; blank if unknown"`
	DurationSeconds int64  `json:"duration_seconds" jsonschema:"0 if unknown"`
}

// meetingRow has the columns of a meeting.
type meetingRow struct {
	RecordingID int64   `db:"recording_id"`
	Title       string  `db:"title"`
	RecordedAt  string  `db:"recorded_at"`
	Duration    float64 `db:"duration"`
}

var meetingColumns = []string{"recording_id", "title", "recorded_at", "duration"}

func (r meetingRow) meeting() meeting {
	m := meeting{RecordingID: r.RecordingID, Title: shortLine(r.Title), RecordedAt: utc(r.RecordedAt), DurationSeconds: int64(math.Round(min(max(r.Duration, 0), 1e9)))}
	if m.Title == "" {
		m.Title = "Untitled meeting"
	}
	return m
}

func (r meetingRow) cursor() meetingCursor { return meetingCursor{r.RecordedAt, r.RecordingID} }

// utc returns a stored time in RFC 3339.
func utc(stored string) string {
	at, err := types.ParseDateTime(stored)
	if err != nil || at.IsZero() {
		return ""
	}
	return at.Time().UTC().Format(time.RFC3339)
}

// introduce adds a meeting to an answer.
func (a *answer) introduce(m meeting) {
	date := "at an unknown time"
	if m.RecordedAt != "" {
		date = m.RecordedAt
	}
	a.say("Recording %d, recorded %s, %s long:", m.RecordingID, date, clockTime(float64(m.DurationSeconds)))
	a.quote(m.Title)
}

// findMeeting reads columns of a meeting into row. It returns a refusal if there is none.
func findMeeting(ctx context.Context, app core.App, recordingID int64, row any, columns ...string) error {
	err := app.ConcurrentDB().Select(slices.Concat(meetingColumns, columns)...).From(schema.Meetings).
		Where(dbx.HashExp{"recording_id": recordingID}).WithContext(ctx).One(row)
	if errors.Is(err, sql.ErrNoRows) {
		return noRecording(recordingID)
	}
	if err != nil {
		return fmt.Errorf("read meeting %d: %w", recordingID, err)
	}
	return nil
}

func noRecording(id int64) refusal {
	return refusal(fmt.Sprintf("There is no recording with the recording_id %d. Find one with list_meetings or search_meetings.", id))
}

// period restricts meetings to days.
type period struct {
	After  string `json:"after"`
	Before string `json:"before"`
}

func periodArguments(properties map[string]*jsonSchema) map[string]*jsonSchema {
	properties["after"] = dateArgument("Only meetings on this day (UTC) or later")
	properties["before"] = dateArgument("Only meetings before this day (UTC)")
	return properties
}

// isEmpty reports whether the period restricts nothing.
func (p period) isEmpty() bool { return p.After == "" && p.Before == "" }

// selectMeetings returns a query for columns of one more than limit meetings, the newest first.
func selectMeetings(app core.App, p period, cursor string, limit int, columns ...string) (*dbx.SelectQuery, error) {
	query := app.ConcurrentDB().Select(slices.Concat(meetingColumns, columns)...).From(schema.Meetings).
		OrderBy("recorded_at DESC", "recording_id DESC").Limit(int64(limit) + 1)
	for _, bound := range []struct{ name, day, condition string }{
		{"after", p.After, "[[recorded_at]] >= {:after}"},
		{"before", p.Before, "[[recorded_at]] < {:before} AND [[recorded_at]] != ''"},
	} {
		if bound.day == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, bound.day)
		if err != nil {
			return nil, refusal(fmt.Sprintf("%q must be a day such as 2026-01-31.", bound.name))
		}
		query.AndWhere(dbx.NewExp(bound.condition, dbx.Params{bound.name: day.Format(types.DefaultDateLayout)}))
	}
	if cursor != "" {
		last, err := parseMeetingCursor(cursor)
		if err != nil {
			return nil, err
		}
		query.AndWhere(dbx.NewExp("([[recorded_at]], [[recording_id]]) < ({:at}, {:id})", dbx.Params{"at": last.recordedAt, "id": last.recordingID}))
	}
	return query, nil
}

// partsColumn selects the states of the parts of a meeting, for stateOfPart.
const partsColumn = "COALESCE([[parts]], '') AS [[states]]"

// stateOfPart returns a sentence about a part of a meeting that isn't stored, such as summary.
func stateOfPart(parts, name, what string) string {
	if fathom.Decode[map[string]string](parts)[name] == "none" {
		return "Fathom has no " + what + " of this recording."
	}
	return "Fathom hasn't delivered the " + what + " of this recording yet."
}
