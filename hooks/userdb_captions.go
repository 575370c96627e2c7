package hooks

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// sendCaptionTrack responds with what is said in a meeting's recording as a track for a player, which has no cues if there
// is no transcript.
func (h handlers) sendCaptionTrack(e *core.RequestEvent) error {
	meeting, err := requestedMeeting(e)
	if err != nil {
		return err
	}
	cues, err := userdb.Captions(e.App, int64(meeting.GetInt("recording_id")))
	if err != nil {
		return e.InternalServerError("", err)
	}
	e.Response.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	return captions.WriteVTT(e.Response, cues)
}
