package hooks

import (
	"bufio"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// bindUserDatabaseRoutes adds routes to all user databases. The gateway authorizes the callers.
func (h handlers) bindUserDatabaseRoutes() {
	x := exports{h, limit.NewConcurrency(limit.MaxExports, limit.MaxExportsPerNetwork)}
	h.UserDatabaseRoutes = func(r *router.Router[*core.RequestEvent]) {
		r.BindFunc(ignoreThumb)
		r.GET("/api/usage", h.showUsage)
		r.POST("/api/export", x.issueLink)
		r.GET("/api/export", x.send)
		r.POST("/api/share-links", h.acceptPastedLinks)
	}
}

// showUsage responds with the size of the database and its quota, in bytes.
func (h handlers) showUsage(e *core.RequestEvent) error {
	usage, err := h.Databases.Usage(gateway.DatabaseOf(e))
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, usage)
}

// exportBuffer is the size in bytes of a single write, which a client must receive within a minute.
const exportBuffer = 1 << 20

// exports sends databases as zip archives.
type exports struct {
	handlers
	limit *limit.Concurrency
}

// issueLink responds with the path of an archive of the database. The path contains a token, because a
// browser's download can't send an Authorization header.
func (x exports) issueLink(e *core.RequestEvent) error {
	token, err := x.Gateway.ExportToken(e.Request.Context(), gateway.DatabaseOf(e))
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, map[string]string{"path": "/api/export?token=" + url.QueryEscape(token)})
}

// send streams the archive. After the first byte, closing the connection is the only way to report an error.
func (x exports) send(e *core.RequestEvent) error {
	release, ok := x.limit.Acquire(gateway.ClientNetwork(e))
	if !ok {
		e.Response.Header().Set("Retry-After", "30")
		return e.Error(http.StatusServiceUnavailable, "Too many exports are running. Try again in a minute.", nil)
	}
	defer release()
	db := gateway.DatabaseOf(e)
	header := e.Response.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{
		"filename": "fathom-to-loom-" + db.Name + "-" + time.Now().UTC().Format(time.DateOnly) + ".zip",
	}))
	header.Set("Cache-Control", "no-store")
	buffered := bufio.NewWriterSize(e.Response, exportBuffer)
	err := x.Databases.Export(e.Request.Context(), db, buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		return nil
	}
	if !e.Written() {
		header.Del("Content-Type")
		header.Del("Content-Disposition")
		return exportError(e, err)
	}
	if e.Request.Context().Err() == nil {
		x.Log.Error("failed to export user database", "database", db.Name, "error", err)
	}
	panic(http.ErrAbortHandler) // closes the connection, so that a partial archive doesn't look complete
}

// exportError translates an error of an export that has sent nothing yet.
func exportError(e *core.RequestEvent, err error) error {
	if errors.Is(err, userdb.ErrExporting) {
		e.Response.Header().Set("Retry-After", "30")
		return e.TooManyRequestsError("An export is already running. Wait until it has finished.", nil)
	}
	if errors.Is(err, userdb.ErrRecordingMissing) {
		return e.Error(http.StatusConflict, "The file of one of your recordings is missing in the storage, so your data can't be exported completely. "+
			"Ask the operator of this server to restore it, or delete the recording.", err)
	}
	failure, failed := errors.AsType[*blob.Error](err)
	if errors.Is(err, userdb.ErrS3NotConfigured) {
		failure, failed = &blob.Error{Kind: blob.KindNotConfigured}, true
	}
	if failed {
		return e.Error(http.StatusServiceUnavailable, failure.UserMessage()+" Try again later.", err)
	}
	return spaceError(e, err)
}
