package assistants

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// maxTranscript is how many characters of a transcript a result has, with names and times. It is half an hour of speech.
const maxTranscript = 20_000

// lineOverhead is what a time takes in a line of a transcript.
const lineOverhead = 14

type transcriptInput struct {
	RecordingID  int64    `json:"recording_id"`
	StartSeconds float64  `json:"start_seconds"`
	EndSeconds   *float64 `json:"end_seconds"`
	Cursor       string   `json:"cursor"`
}

type transcriptResult struct {
	About      string           `json:"about"`
	Meeting    meeting          `json:"meeting"`
	Lines      []transcriptLine `json:"lines"`
	NextCursor string           `json:"next_cursor,omitempty" jsonschema:"the cursor of what follows, if the result doesn't contain everything"`
}

type transcriptLine struct {
	StartSeconds float64 `json:"start_seconds"`
	Speaker      string  `json:"speaker"`
	Text         string  `json:"text"`
}

func (s *Service) transcriptTool() tool[transcriptInput, transcriptResult] {
	return tool[transcriptInput, transcriptResult]{
		name: "get_transcript", title: "Get transcript",
		description: "Returns what was said in a meeting, or in a part of it: who said what, and when. " +
			"A result has up to 20,000 characters and says where to continue.",
		input: arguments(map[string]*jsonSchema{
			"recording_id":  recordingArgument(),
			"start_seconds": secondsArgument("Where the part begins, in seconds from the start of the recording."),
			"end_seconds":   secondsArgument("Where the part ends. Without it, at the end of the recording."),
			"cursor":        cursorArgument(),
		}, "recording_id"),
		run: s.runTranscript,
	}
}

func (s *Service) runTranscript(ctx context.Context, c *call, in transcriptInput) (out transcriptResult, text string, err error) {
	page := transcriptPage{start: in.StartSeconds, end: in.EndSeconds, lines: []transcriptLine{}}
	if in.EndSeconds != nil && *in.EndSeconds <= in.StartSeconds {
		return out, "", refusal("end_seconds must be larger than start_seconds.")
	}
	if in.Cursor != "" {
		if page.from, err = parseTextCursor(in.Cursor); err != nil {
			return out, "", err
		}
	}
	var row struct {
		meetingRow
		Parts string `db:"states"`
	}
	found := false
	err = c.owner.Read(ctx, func(ctx context.Context, db *userdb.Database) error {
		if err := findMeeting(ctx, db.App, in.RecordingID, &row, partsColumn); err != nil {
			return err
		}
		var items string
		err := db.App.ConcurrentDB().Select("COALESCE([[items]], '')").From(schema.Transcripts).
			Where(dbx.HashExp{"recording_id": in.RecordingID}).WithContext(ctx).Row(&items)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read transcript %d: %w", in.RecordingID, err)
		}
		found, err = page.read(ctx, items)
		return err
	})
	if err != nil {
		return out, "", err
	}
	out = transcriptResult{About: about, Meeting: row.meeting(), Lines: page.lines}
	a := newAnswer()
	a.introduce(out.Meeting)
	switch {
	case !found:
		a.say("\n%s", stateOfPart(row.Parts, "transcript", "transcript"))
	case len(out.Lines) == 0:
		a.say("\nNothing was said in this part.")
	default:
		a.say("\nThe transcript:")
	}
	for _, line := range out.Lines {
		a.quote("[" + clockTime(line.StartSeconds) + "] " + line.Speaker + ": " + line.Text)
	}
	if page.next != nil {
		out.NextCursor = page.next.String()
		a.say("\nIt continues at %s: call get_transcript again with the same arguments and cursor %s.", clockTime(page.nextAt), out.NextCursor)
	}
	return out, a.String(), nil
}

// transcriptPage is a part of a transcript.
type transcriptPage struct {
	start float64  // seconds
	end   *float64 // seconds; nil for the end of the recording
	from  textCursor

	lines  []transcriptLine
	size   int
	next   *textCursor // nil at the end
	nextAt float64     // seconds
}

// read reads the page from the JSON of a transcript, one item at a time. It reports whether there is any item.
func (p *transcriptPage) read(ctx context.Context, items string) (found bool, err error) {
	decoder := json.NewDecoder(strings.NewReader(items))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('[') {
		return false, nil // only a damaged database has another form
	}
	at := 0.0
	for i := 0; decoder.More() && p.next == nil; i++ {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		var item fathom.TranscriptItem
		if err := decoder.Decode(&item); err != nil {
			if _, isOtherType := errors.AsType[*json.UnmarshalTypeError](err); isOtherType {
				continue
			}
			return found, fmt.Errorf("decode item %d of a transcript: %w", i, err)
		}
		found = true
		if start, ok := captions.ParseTimestamp(item.Timestamp); ok {
			at = start.Seconds()
		}
		if i < p.from.item || at < p.start || p.end != nil && at >= *p.end {
			continue
		}
		line := transcriptLine{StartSeconds: at, Speaker: shortLine(item.Speaker.DisplayName), Text: oneLine(item.Text)}
		if line.Speaker == "" {
			line.Speaker = "Unknown speaker"
		}
		p.add(i, line)
	}
	return found, nil
}

// add adds an item, or as much of a long one as there is space for.
func (p *transcriptPage) add(i int, line transcriptLine) {
	offset := 0
	if i == p.from.item {
		offset = p.from.offset
		line.Text = line.Text[len(sanitize.Truncate(line.Text, offset)):]
	}
	if line.Text == "" {
		return
	}
	overhead := lineOverhead + utf8.RuneCountInString(line.Speaker)
	length := utf8.RuneCountInString(line.Text)
	if space := maxTranscript - p.size - overhead; length > space {
		if len(p.lines) > 0 {
			p.next, p.nextAt = &textCursor{item: i}, line.StartSeconds
			return
		}
		line.Text, length = sanitize.Truncate(line.Text, space), space
		p.next, p.nextAt = &textCursor{item: i, offset: offset + space}, line.StartSeconds
	}
	p.lines = append(p.lines, line)
	p.size += overhead + length
}
