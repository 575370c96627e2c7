package assistants

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/tools/types"
)

// maxCursor is the length of the longest cursor.
const maxCursor = 100

const unknownCursor refusal = "This cursor is not valid. Use the next_cursor of an earlier result, or none to begin at the start."

// meetingCursor is a place in the list of meetings, the newest first: after this meeting.
type meetingCursor struct {
	recordedAt  string // as in the record; may be blank
	recordingID int64
}

func (c meetingCursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.recordedAt + "|" + strconv.FormatInt(c.recordingID, 10)))
}

func parseMeetingCursor(text string) (c meetingCursor, err error) {
	content, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(text) > maxCursor {
		return c, unknownCursor
	}
	recordedAt, id, _ := strings.Cut(string(content), "|")
	c.recordedAt = recordedAt
	if date, err := types.ParseDateTime(recordedAt); recordedAt != "" && (err != nil || date.String() != recordedAt) {
		return meetingCursor{}, unknownCursor
	}
	if c.recordingID, err = strconv.ParseInt(id, 10, 64); err != nil || c.recordingID <= 0 || c.String() != text {
		return meetingCursor{}, unknownCursor
	}
	return c, nil
}

// textCursor is a place in a transcript.
type textCursor struct {
	item   int // from 0
	offset int // characters of its text to leave out
}

func (c textCursor) String() string { return strconv.Itoa(c.item) + "." + strconv.Itoa(c.offset) }

func parseTextCursor(text string) (c textCursor, err error) {
	item, offset, _ := strings.Cut(text, ".")
	if c.item, err = strconv.Atoi(item); err == nil {
		c.offset, err = strconv.Atoi(offset)
	}
	if err != nil || c.item < 0 || c.offset < 0 || c.String() != text {
		return textCursor{}, unknownCursor
	}
	return c, nil
}
