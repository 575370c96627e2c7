package hooks

import (
	"database/sql"
	"errors"
	"net/http"

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

// requestedMeeting returns the meeting whose record id is in the path, or a response for the client.
func requestedMeeting(e *core.RequestEvent) (*core.Record, error) {
	meeting, err := e.App.FindRecordById(schema.Meetings, e.Request.PathValue("id"))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, e.NotFoundError("There is no such meeting.", nil)
	}
	if err != nil {
		return nil, e.InternalServerError("", err)
	}
	return meeting, nil
}
