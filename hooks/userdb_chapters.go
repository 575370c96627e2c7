package hooks

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/chapters"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// listChapters responds with the chapters of a meeting's recording.
func (h handlers) listChapters(e *core.RequestEvent) error {
	meeting, err := requestedMeeting(e)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"chapters": chapters.OfMeeting(meeting)})
}

// sendChapterTrack responds with the chapters as a track for a player.
func (h handlers) sendChapterTrack(e *core.RequestEvent) error {
	meeting, err := requestedMeeting(e)
	if err != nil {
		return err
	}
	e.Response.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	return chapters.WriteVTT(e.Response, chapters.OfMeeting(meeting), meeting.GetFloat("duration"))
}

// meetingColumns are the columns that the routes of a meeting use. What Fathom sent isn't among them, because it can have megabytes.
var meetingColumns = []string{"id", "recording_id", "title", "duration", "summary", "highlights", "poster", "updated"}

// requestedMeeting returns the meeting whose record id is in the path, or a response for the client.
func requestedMeeting(e *core.RequestEvent) (*core.Record, error) {
	meeting := &core.Record{}
	err := e.App.RecordQuery(schema.Meetings).Select(meetingColumns...).AndWhere(dbx.HashExp{"id": e.Request.PathValue("id")}).Limit(1).One(meeting)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, e.NotFoundError("There is no such meeting.", nil)
	}
	if err != nil {
		return nil, e.InternalServerError("", err)
	}
	return meeting, nil
}
