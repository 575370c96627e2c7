package userdb

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// FindRecord returns the record of a recording in a collection of a user database, or nil.
func FindRecord(app core.App, collection string, recordingID int64) (*core.Record, error) {
	record := &core.Record{}
	err := app.RecordQuery(collection).AndWhere(dbx.HashExp{"recording_id": recordingID}).Limit(1).One(record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find recording %d in %s: %w", recordingID, collection, err)
	}
	return record, nil
}

// Utterances returns what the transcript of a recording contains, which is nothing if there is none.
func Utterances(app core.App, recordingID int64) ([]captions.Utterance, error) {
	record, err := FindRecord(app, schema.Transcripts, recordingID)
	if err != nil || record == nil {
		return nil, err
	}
	var items []captions.Spoken
	if err := json.Unmarshal([]byte(record.GetString("items")), &items); err != nil {
		return nil, nil // only a damaged database has another form
	}
	return captions.Utterances(items), nil
}

// Captions returns the captions of a recording, from its transcript. They end with its file if the length of that is known.
func Captions(app core.App, recordingID int64) ([]captions.Cue, error) {
	said, err := Utterances(app, recordingID)
	if err != nil {
		return nil, err
	}
	recording, err := FindRecord(app, schema.Recordings, recordingID)
	if err != nil {
		return nil, err
	}
	var length time.Duration
	if recording != nil && recording.GetBool("measured") {
		length = time.Duration(recording.GetFloat("duration") * float64(time.Second))
	}
	return captions.Cues(said, length), nil
}
