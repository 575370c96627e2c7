package hooks

import (
	"mime"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func bindFiles(a *app.App, db *userdb.Database) {
	db.App.OnFileTokenRequest().Bind(&hook.Handler[*core.FileTokenRequestEvent]{
		Id: "gatewayFileToken", Func: func(e *core.FileTokenRequestEvent) (err error) {
			if e.Token, err = a.Gateway.FileToken(e.RequestEvent, db); err != nil {
				return e.InternalServerError("", err)
			}
			return e.Next()
		}})
	db.App.OnFileDownloadRequest(schema.Recordings).Bind(&hook.Handler[*core.FileDownloadRequestEvent]{
		Id: "nameRecording", Func: nameRecording})
	db.App.OnFileDownloadRequest().Bind(&hook.Handler[*core.FileDownloadRequestEvent]{
		Id: "releaseDatabase", Priority: 1000, // innermost: nothing but the sending of the file is left
		Func: func(e *core.FileDownloadRequestEvent) error {
			gateway.Release(e.RequestEvent)
			return e.Next()
		}})
	db.App.OnRecordDeleteRequest(schema.Recordings).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "keepFileInUse", Func: keepFileInUse})
	db.App.OnRecordAfterDeleteSuccess(schema.Recordings).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "recordingDeleted", Func: func(e *core.RecordEvent) error {
			db.StorageChanged()
			return e.Next()
		}})
}

// keepFileInUse refuses to delete a recording that a transfer is working on.
func keepFileInUse(e *core.RecordRequestEvent) error {
	active, err := transfer.HasActiveTransfer(e.App, e.Record.GetInt("recording_id"))
	if err != nil {
		return e.InternalServerError("", err)
	}
	if active {
		return e.BadRequestError("This recording is being transferred. Delete it when that has ended.", nil)
	}
	return e.Next()
}

// nameRecording serves a recording under the name Loom should show. PocketBase
// would use the stored name, and unquoted.
func nameRecording(e *core.FileDownloadRequestEvent) error {
	// The type is what Fathom said it was: only what a player plays is shown.
	contentType, disposition := e.Record.GetString("content_type"), "inline"
	if !strings.HasPrefix(contentType, "video/") && !strings.HasPrefix(contentType, "audio/") {
		contentType, disposition = "application/octet-stream", "attachment"
	}
	if e.Request.URL.Query().Get("download") != "" {
		disposition = "attachment"
	}
	header := e.Response.Header()
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": e.Record.GetString("file_name")}))
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "private, no-cache")
	return e.Next()
}
