package hooks

import (
	"mime"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindFiles() {
	bind(d.db.App.OnFileTokenRequest(), "gatewayFileToken", d.issueFileToken)
	bind(d.db.App.OnFileDownloadRequest(schema.Recordings), "nameRecording", nameRecording)
	// Innermost, when only the file remains to be sent.
	bindWithPriority(d.db.App.OnFileDownloadRequest(), "releaseDatabase", 1000, releaseDatabase)
	bind(d.db.App.OnRecordDeleteRequest(schema.Recordings), "keepFileInUse", keepFileInUse)
	bind(d.db.App.OnRecordAfterDeleteSuccess(schema.Recordings), "recordingDeleted", d.recordingDeleted)
}

func (d databaseHandlers) issueFileToken(e *core.FileTokenRequestEvent) (err error) {
	if e.Token, err = d.Gateway.FileToken(e.RequestEvent, d.db); err != nil {
		return e.InternalServerError("", err)
	}
	return e.Next()
}

// nameRecording serves a recording under the name that Loom should show. PocketBase would use the name of
// the stored file, without quotes.
func nameRecording(e *core.FileDownloadRequestEvent) error {
	// The content type comes from Fathom, so let browsers display only audio and video.
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

// releaseDatabase lets the database be closed while a slow client receives a file.
func releaseDatabase(e *core.FileDownloadRequestEvent) error {
	gateway.ReleaseDatabase(e.RequestEvent)
	return e.Next()
}

// keepFileInUse refuses to delete a recording while it is being transferred.
func keepFileInUse(e *core.RecordRequestEvent) error {
	inTransfer, err := transfer.HasActiveTransfer(e.App, e.Record.GetInt("recording_id"))
	if err != nil {
		return e.InternalServerError("", err)
	}
	if inTransfer {
		return e.BadRequestError("This recording is being transferred. Delete it once the transfer has ended.", nil)
	}
	return e.Next()
}

func (d databaseHandlers) recordingDeleted(e *core.RecordEvent) error {
	d.db.StorageChanged()
	return e.Next()
}
