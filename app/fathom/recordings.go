package fathom

import (
	"context"
	"encoding/json"
	"fmt"
)

// TranscriptItem is one utterance.
type TranscriptItem struct {
	Speaker   Speaker `json:"speaker"`
	Text      string  `json:"text"`
	Timestamp string  `json:"timestamp"` // HH:MM:SS from the start of the recording
}

// Speaker is the person who spoke, and the invitee that Fathom matched.
type Speaker struct {
	DisplayName  string `json:"display_name"`
	InviteeEmail string `json:"matched_calendar_invitee_email"`
}

// Summary returns a recording's summary, or nil when Fathom has none. It returns KindNotFound for a
// recording that is unknown or invisible to the key. It is charged to the heavy budget.
// https://developers.fathom.ai/api-reference
func (a *Account) Summary(ctx context.Context, recordingID int64) (*Summary, error) {
	var answer struct {
		Summary *Summary `json:"summary"`
	}
	c := call{op: "get summary", method: "GET", path: recordingPath(recordingID, "summary"), bucket: bucketHeavy}
	if err := a.send(ctx, c, &answer); err != nil {
		return nil, err
	}
	return answer.Summary, nil
}

// Transcript returns a recording's transcript, which is empty when Fathom has none. It is charged to the
// heavy budget.
// https://developers.fathom.ai/api-reference
func (a *Account) Transcript(ctx context.Context, recordingID int64) ([]TranscriptItem, error) {
	var answer transcript
	c := call{
		op: "get transcript", method: "GET", path: recordingPath(recordingID, "transcript"), bucket: bucketHeavy,
		limit: transcriptBody, values: transcriptValues,
	}
	if err := a.send(ctx, c, &answer); err != nil {
		return nil, err
	}
	return answer.items, nil
}

// transcript is the response to a request for a transcript.
type transcript struct{ items []TranscriptItem }

func (t *transcript) decodeStream(decoder *json.Decoder) error {
	t.items = nil // an earlier attempt may have failed midway
	return decodeObject(decoder, map[string]func() error{
		"transcript": func() error {
			return decodeArray(decoder, func() error {
				if len(t.items) >= maxUtterances {
					return fmt.Errorf("transcript has more than %d utterances", maxUtterances)
				}
				var item TranscriptItem
				err := decoder.Decode(&item)
				t.items = append(t.items, item)
				return err
			})
		},
	})
}

func recordingPath(id int64, rest string) string {
	return fmt.Sprintf("/recordings/%d/%s", id, rest)
}
