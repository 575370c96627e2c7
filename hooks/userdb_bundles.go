package hooks

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// bundles sends meetings as zip archives of ordinary files.
type bundles struct {
	handlers
	limit *limit.Concurrency
}

// issueLink responds with the path of a bundle of the selected meetings. The path contains a token, because a browser's
// download can't send an Authorization header, and the selection, so that the server needn't keep it.
func (b bundles) issueLink(e *core.RequestEvent) error {
	body := struct {
		meetingSelection
		Video bool `json:"video"`
	}{Video: true}
	if err := bindJSON(e, &body, "recording_ids, filter or library"); err != nil {
		return err
	}
	ids, err := b.recordingIDs(e, body.meetingSelection, limit.MaxSelectedMeetings)
	if err != nil {
		return selectionError(e, err)
	}
	bytes, err := bundle.Size(e.Request.Context(), e.App, ids, bundle.Options{WithoutVideo: !body.Video})
	if err != nil {
		return e.InternalServerError("", err)
	}
	query, err := body.query()
	if err != nil {
		return e.InternalServerError("", err)
	}
	if !body.Video {
		query.Set("video", "false")
	}
	token, err := b.Gateway.BundleToken(e.Request.Context(), gateway.DatabaseOf(e), query)
	if err != nil {
		return e.InternalServerError("", err)
	}
	path := "/api/bundles?token=" + url.QueryEscape(token)
	if len(query) > 0 {
		path += "&" + query.Encode()
	}
	return e.JSON(http.StatusOK, map[string]any{"path": path, "meetings": len(ids), "bytes": bytes})
}

// send streams the archive. The database may be closed in the meantime.
func (b bundles) send(e *core.RequestEvent) error {
	db, query := gateway.DatabaseOf(e), e.Request.URL.Query()
	release, ok := b.limit.Acquire(limit.Account(db.UserID))
	if !ok {
		e.Response.Header().Set("Retry-After", "30")
		return e.TooManyRequestsError("Too many bundles are being downloaded. Wait until one has finished.", nil)
	}
	defer release()
	selection, err := selectionFrom(e, query)
	if err != nil {
		return err
	}
	ids, err := b.recordingIDs(e, selection, limit.MaxSelectedMeetings)
	if err != nil {
		return selectionError(e, err)
	}
	gateway.ReleaseDatabase(e)
	b.Audit.Record(e.Request.Context(), audit.Event{Owner: db.UserID, Kind: audit.MeetingsExported, Database: db.Name})
	name := "meetings-" + time.Now().UTC().Format(time.DateOnly) + ".zip"
	if len(selection.RecordingIDs) == 1 {
		name = fmt.Sprintf("meeting-%d.zip", selection.RecordingIDs[0])
	}
	err = sendArchive(e, name, func(w io.Writer) error {
		return b.Bundles.Write(e.Request.Context(), db.Name, ids, bundle.Options{WithoutVideo: query.Get("video") == "false"}, w)
	})
	if err == nil {
		return nil
	}
	if e.Written() {
		return b.abort(e, "failed to bundle meetings", err)
	}
	if failure, ok := errors.AsType[*blob.Error](err); ok {
		b.Transfers.ReportStorageFailure(e.Request.Context(), db.Name, err)
		e.Response.Header().Set("Retry-After", "60")
		return e.Error(http.StatusServiceUnavailable, failure.UserMessage()+" Try again later.", err)
	}
	return e.InternalServerError("", err)
}

// selectionError returns an API error as it is, and hides any other.
func selectionError(e *core.RequestEvent, err error) error {
	if _, ok := errors.AsType[*router.ApiError](err); ok {
		return err
	}
	return e.InternalServerError("", err)
}
