package hooks

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/poster"
)

// posters sends and saves the pictures of meetings.
type posters struct {
	handlers
	limit *limit.Rate // of each user
}

// send responds with the poster of a meeting, or with its tile. Clients that put the name of the poster's file into
// the address, as v, never have to ask for it again.
func (p posters) send(e *core.RequestEvent) error {
	meeting, err := requestedMeeting(e)
	if err != nil {
		return err
	}
	picture, err := poster.Of(gateway.DatabaseOf(e), meeting)
	if err != nil {
		return e.InternalServerError("", err)
	}
	gateway.ReleaseDatabase(e)
	header := e.Response.Header()
	header.Set("Content-Type", picture.Type)
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox") // a tile is a document
	header.Set("ETag", `"`+picture.Tag+`"`)
	header.Set("Cache-Control", "private, no-cache")
	if e.Request.URL.Query().Get("v") == picture.Tag {
		header.Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	http.ServeContent(e.Response, e.Request, "", meeting.GetDateTime("updated").Time(), bytes.NewReader(picture.Content))
	return nil
}

// save makes the body of a request the poster of a meeting.
func (p posters) save(e *core.RequestEvent) error {
	db := gateway.DatabaseOf(e)
	if wait, ok := p.limit.Take(limit.Account(db.UserID)); !ok {
		setRetryAfter(e, wait)
		return e.TooManyRequestsError("Too many posters at once. Try again in a moment.", nil)
	}
	body, err := io.ReadAll(io.LimitReader(e.Request.Body, poster.MaxSize+1))
	if err != nil {
		return e.BadRequestError("The body could not be read.", err)
	}
	name, err := poster.Save(e.Request.Context(), db, e.Request.PathValue("id"), body)
	if errors.Is(err, poster.ErrNoMeeting) {
		return e.NotFoundError("There is no such meeting.", nil)
	}
	if refusal, ok := errors.AsType[*poster.InvalidError](err); ok {
		return e.BadRequestError(refusal.Error(), nil)
	}
	if err != nil {
		return spaceError(e, err)
	}
	return e.JSON(http.StatusOK, map[string]string{"poster": name})
}
