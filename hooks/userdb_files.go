package hooks

import (
	"mime"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func (d databaseHandlers) bindFiles() {
	bind(d.db.App.OnFileTokenRequest(), "gatewayFileToken", d.issueFileToken)
	bind(d.db.App.OnFileDownloadRequest(schema.Recordings), "nameRecording", nameRecording)
	// Innermost, when only the file remains to be sent.
	bindWithPriority(d.db.App.OnFileDownloadRequest(), "releaseDatabase", 1000, releaseDatabase)
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
	// Earlier versions stored the type as Fathom sent it. Browsers may display only audio and video.
	contentType, disposition := fathom.MediaType(e.Record.GetString("content_type")), "inline"
	if contentType == fathom.OtherMediaType {
		disposition = "attachment"
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
