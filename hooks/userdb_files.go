package hooks

import (
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// recordingLinkTTL is how long a link to a recording in S3 works, even after its user has signed out. A player that
// seeks later asks the server for another one.
const recordingLinkTTL = 15 * time.Minute

func (d databaseHandlers) bindFiles() {
	bind(d.db.App.OnFileTokenRequest(), "gatewayFileToken", d.issueFileToken)
	bind(d.db.App.OnFileDownloadRequest(), "keepFrameProtection", keepFrameProtection)
	bind(d.db.App.OnFileDownloadRequest(schema.Recordings), "sendRecording", d.sendRecording)
	// Innermost, when only the file remains to be sent.
	bindWithPriority(d.db.App.OnFileDownloadRequest(), "releaseDatabase", 1000, releaseDatabase)
}

// keepFrameProtection sets the header again that PocketBase removes, so that pages of others can embed files.
func keepFrameProtection(e *core.FileDownloadRequestEvent) error {
	e.Response.Header().Set("X-Frame-Options", frameOptions)
	return e.Next()
}

func (d databaseHandlers) issueFileToken(e *core.FileTokenRequestEvent) (err error) {
	if e.Token, err = d.Gateway.FileToken(e.RequestEvent, d.db); err != nil {
		return e.InternalServerError("", err)
	}
	return e.Next()
}

// sendRecording serves a recording under the name that Loom should show. PocketBase would use the name of
// the stored file, without quotes. If the file is in S3, it redirects to a link. A link allows only GET, so HEAD
// requests are answered here, and so are requests with ?proxy=1, from clients that can't reach S3.
func (d databaseHandlers) sendRecording(e *core.FileDownloadRequestEvent) error {
	query := e.Request.URL.Query()
	headers := recordingHeaders(e.Record, query.Get("download") != "")
	header := e.Response.Header()
	ref := userdb.RecordingBlob(d.db.Name, e.Record)
	if ref.Engine == blob.EngineDisk {
		setRecordingHeaders(header, headers)
		return e.Next()
	}
	if e.Request.Method == http.MethodGet && query.Get("proxy") == "" {
		link, err := d.Blobs.Link(e.Request.Context(), ref, headers, recordingLinkTTL)
		if err != nil {
			return d.storageError(e.RequestEvent, err)
		}
		header.Set("Cache-Control", "no-store")
		return e.Redirect(http.StatusFound, link)
	}
	return d.streamRecording(e, ref, headers)
}

// ignoreThumb removes the size of a thumbnail from requests for recordings. To find out that a video has none,
// PocketBase would examine the file on disk, and respond with 404 if it is in S3.
func ignoreThumb(e *core.RequestEvent) error {
	if !strings.HasPrefix(e.Request.URL.Path, "/api/files/") {
		return e.Next()
	}
	query := e.Request.URL.Query()
	if !query.Has("thumb") {
		return e.Next()
	}
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err == nil && collection.Name == schema.Recordings {
		query.Del("thumb")
		e.Request.URL.RawQuery = query.Encode()
	}
	return e.Next()
}

func setRecordingHeaders(header http.Header, headers blob.Headers) {
	header.Set("Content-Disposition", headers.ContentDisposition)
	header.Set("Content-Type", headers.ContentType)
	header.Set("Cache-Control", "private, no-cache")
}

// streamRecording sends a recording that isn't on disk, or the requested range of it.
func (d databaseHandlers) streamRecording(e *core.FileDownloadRequestEvent, ref blob.Ref, headers blob.Headers) error {
	gateway.ReleaseDatabase(e.RequestEvent)
	if strings.Contains(e.Request.Header.Get("Range"), ",") { // each range would be a request to S3
		e.Request.Header.Del("Range")
	}
	file, err := d.Blobs.Open(e.Request.Context(), ref)
	if err != nil {
		return d.storageError(e.RequestEvent, err)
	}
	defer file.Close()
	setRecordingHeaders(e.Response.Header(), headers)
	if sum := e.Record.GetString("sha256"); sum != "" {
		e.Response.Header().Set("ETag", `"`+sum+`"`)
	}
	http.ServeContent(e.Response, e.Request, "", e.Record.GetDateTime("updated").Time(), file)
	return nil
}

// recordingHeaders returns the headers of a recording's file.
func recordingHeaders(recording *core.Record, download bool) blob.Headers {
	// Earlier versions stored the type as Fathom sent it. Browsers may display only audio and video.
	contentType, disposition := fathom.MediaType(recording.GetString("content_type")), "inline"
	if contentType == fathom.OtherMediaType || download {
		disposition = "attachment"
	}
	name := map[string]string{"filename": recording.GetString("file_name")}
	return blob.Headers{ContentType: contentType, ContentDisposition: mime.FormatMediaType(disposition, name)}
}

// storageError translates an error of package blob for the client.
func (d databaseHandlers) storageError(e *core.RequestEvent, err error) error {
	if errors.Is(err, blob.ErrNotFound) {
		return e.NotFoundError("The file of this recording no longer exists. Copy it from Fathom again.", err)
	}
	failure, ok := errors.AsType[*blob.Error](err)
	if !ok {
		return e.InternalServerError("", err)
	}
	d.Transfers.ReportStorageFailure(e.Request.Context(), d.db.Name, err)
	e.Response.Header().Set("Retry-After", "60")
	return e.Error(http.StatusServiceUnavailable, failure.UserMessage()+" Try again later.", err)
}

// releaseDatabase lets the database be closed while a slow client receives a file.
func releaseDatabase(e *core.FileDownloadRequestEvent) error {
	gateway.ReleaseDatabase(e.RequestEvent)
	return e.Next()
}
