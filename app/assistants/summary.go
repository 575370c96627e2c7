package assistants

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// maxSummary is how many characters of a summary are shown.
const maxSummary = 40_000

type recordingInput struct {
	RecordingID int64 `json:"recording_id"`
}

type summaryResult struct {
	About     string  `json:"about"`
	Meeting   meeting `json:"meeting"`
	Summary   string  `json:"summary" jsonschema:"Markdown; blank if there is none"`
	Truncated bool    `json:"truncated" jsonschema:"true if the summary is longer than what is shown"`
}

func (s *Service) summaryTool() tool[recordingInput, summaryResult] {
	return tool[recordingInput, summaryResult]{
		name: "get_summary", title: "Get summary", description: "Returns the summary of a meeting that Fathom has written.",
		input: arguments(map[string]*jsonSchema{"recording_id": recordingArgument()}, "recording_id"),
		run:   s.runSummary,
	}
}

func (s *Service) runSummary(ctx context.Context, c *call, in recordingInput) (out summaryResult, text string, err error) {
	var row struct {
		meetingRow
		Summary string `db:"summary"`
		Parts   string `db:"states"`
	}
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) error {
		return findMeeting(ctx, db.App, in.RecordingID, &row, "summary", partsColumn)
	})
	if err != nil {
		return out, "", err
	}
	whole := clean(row.Summary)
	out = summaryResult{About: about, Meeting: row.meeting(), Summary: sanitize.Truncate(whole, maxSummary)}
	out.Truncated = out.Summary != whole
	a := newAnswer()
	a.introduce(out.Meeting)
	switch {
	case out.Summary == "":
		a.say("\n%s", stateOfPart(row.Parts, "summary", "summary"))
	default:
		a.say("\nThe summary:")
		a.quote(out.Summary)
	}
	if out.Truncated {
		a.say("The rest of the summary is left out.")
	}
	return out, a.String(), nil
}
