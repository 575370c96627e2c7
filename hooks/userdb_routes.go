package hooks

import (
	"errors"
	"io"
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
	b := bundles{h, limit.NewConcurrency(limit.MaxBundles, limit.MaxBundlesPerUser)}
	p := posters{h, limit.NewRate(limit.PostersPerSecond, limit.PosterBurst, time.Now)}
	h.UserDatabaseRoutes = func(r *router.Router[*core.RequestEvent]) {
		r.BindFunc(ignoreThumb)
		r.GET("/api/usage", h.showUsage)
		r.POST("/api/export", x.issueLink)
		r.GET("/api/export", x.send)
		r.GET("/api/usage/meetings", h.showUsageByMeeting)
		r.GET("/api/search", h.search)
		r.GET("/api/library", h.showLibrary)
		r.GET("/api/meetings/{id}/chapters", h.listChapters)
		r.GET("/api/meetings/{id}/chapters.vtt", h.sendChapterTrack)
		r.GET("/api/meetings/{id}/captions.vtt", h.sendCaptionTrack)
		r.GET("/api/meetings/{id}/poster", p.send)
		r.PUT("/api/meetings/{id}/poster", p.save)
		r.GET("/api/fathom-webhook", h.showWebhookState)
		r.POST("/api/bundles", b.issueLink)
		r.GET("/api/bundles", b.send)
		r.POST("/api/share-links", h.acceptPastedLinks)
		r.POST("/api/transfers", h.transferSelection)
		r.POST("/api/rules/test", h.testRule)
		r.POST("/api/loom/sign-in", h.beginLoomSignIn)
		r.POST("/api/loom/sign-in/complete", h.completeLoomSignIn)
		r.POST("/api/loom/check", h.checkLoomConnection)
		r.GET("/api/loom/folders", h.listLoomFolders)
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

// send streams the archive.
func (x exports) send(e *core.RequestEvent) error {
	release, ok := x.limit.Acquire(gateway.ClientNetwork(e))
	if !ok {
		e.Response.Header().Set("Retry-After", "30")
		return e.Error(http.StatusServiceUnavailable, "Too many exports are running. Try again in a minute.", nil)
	}
	defer release()
	db := gateway.DatabaseOf(e)
	err := sendArchive(e, "fathom-to-loom-"+db.Name+"-"+time.Now().UTC().Format(time.DateOnly)+".zip", func(w io.Writer) error {
		return x.Databases.Export(e.Request.Context(), db, w)
	})
	if err == nil {
		return nil
	}
	if !e.Written() {
		return exportError(e, err)
	}
	return x.abort(e, "failed to export user database", err)
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
