package fathom

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// TranscriptItem is one utterance.
type TranscriptItem struct {
	Speaker   Speaker `json:"speaker"`
	Text      string  `json:"text"`
	Timestamp string  `json:"timestamp"` // HH:MM:SS from the recording's start
}

// Speaker is who said it, and whom of the invitees Fathom takes them for.
type Speaker struct {
	DisplayName  string `json:"display_name"`
	InviteeEmail string `json:"matched_calendar_invitee_email"`
}

// Offset is Timestamp as a span; false when it is in no known form.
func (t TranscriptItem) Offset() (time.Duration, bool) {
	parts := strings.Split(t.Timestamp, ":")
	if len(parts) != 3 {
		return 0, false
	}
	var seconds int64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || (i > 0 && n > 59) {
			return 0, false
		}
		seconds = seconds*60 + int64(n)
	}
	return time.Duration(seconds) * time.Second, true
}

// Summary returns a recording's summary, nil when Fathom has none. An unknown or
// invisible recording is KindNotFound. Charged to the heavy budget.
// https://developers.fathom.ai/api-reference
func (a *Account) Summary(ctx context.Context, recordingID int64) (*Summary, error) {
	var answer struct {
		Summary *Summary `json:"summary"`
	}
	c := call{op: "get summary", method: "GET", path: recordingPath(recordingID, "summary"), bucket: bucketHeavy}
	if err := a.do(ctx, c, &answer); err != nil {
		return nil, err
	}
	return answer.Summary, nil
}

// Transcript returns all that was said, empty when Fathom has nothing. Charged to
// the heavy budget.
// https://developers.fathom.ai/api-reference
func (a *Account) Transcript(ctx context.Context, recordingID int64) ([]TranscriptItem, error) {
	var answer struct {
		Transcript []TranscriptItem `json:"transcript"`
	}
	c := call{op: "get transcript", method: "GET", path: recordingPath(recordingID, "transcript"), bucket: bucketHeavy, limit: largeBody}
	if err := a.do(ctx, c, &answer); err != nil {
		return nil, err
	}
	return answer.Transcript, nil
}

func recordingPath(id int64, rest string) string {
	return fmt.Sprintf("/recordings/%d/%s", id, rest)
}
