package transfer

import (
	"encoding/json"
	"fmt"
	"path"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// nameFile gives a recording a file name that no other recording of the user has. A name that it has already stays,
// because Loom may show it. tx must be the transaction that saves the recording.
func nameFile(tx core.App, recording, meeting *core.Record, ext string) error {
	if path.Ext(recording.GetString("file_name")) == ext {
		return nil
	}
	var names []string
	err := tx.DB().Select("file_name").From(schema.Recordings).Where(dbx.Not(dbx.HashExp{"id": recording.Id})).Column(&names)
	if err != nil {
		return fmt.Errorf("list the names of recordings: %w", err)
	}
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[filename.Fold(name)] = true
	}
	wanted := preferences.FileNames(tx).Name(describeMeeting(meeting), preferences.TimeZone(tx), ext)
	recording.Set("file_name", filename.Unique(wanted, func(folded string) bool { return taken[folded] }))
	return nil
}

// describeMeeting returns what a file name can say about the recording of a meeting.
func describeMeeting(meeting *core.Record) filename.Recording {
	var host struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal([]byte(meeting.GetString("recorded_by")), &host) // the name stays blank
	return filename.Recording{
		ID: int64(meeting.GetInt("recording_id")), Title: meeting.GetString("title"), Type: meeting.GetString("meeting_type"), Host: host.Name,
		Start: meeting.GetDateTime("recorded_at").Time(),
	}
}
