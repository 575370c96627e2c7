package hooks

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
	"github.com/fathom-to-loom/fathom-to-loom/app/sse"
)

// sharedLinkTTL is how long a link to a shared recording in S3 works, also if the share is revoked meanwhile. A player that
// seeks later asks the server for another one.
const sharedLinkTTL = 5 * time.Minute

// admitted returns the link of a request for a part of its page, if it is active and needs no password, or the request has
// a grant.
func (p sharePages) admitted(e *core.RequestEvent, rate *limit.Rate) (*share.Share, error) {
	found, err := p.find(e, rate)
	if err != nil {
		return nil, err
	}
	if !p.Shares.Admits(found, e.Request.URL.Query().Get("g")) {
		return nil, &shareProblem{status: http.StatusForbidden, title: "Password required", message: "Open the page again and enter the password."}
	}
	return found, problemOf(found.State)
}

// refuseFile responds to a request for a part of a page.
func (p sharePages) refuseFile(e *core.RequestEvent, err error) error {
	problem := p.explain(e, err)
	if problem.retryAfter > 0 {
		setRetryAfter(e, problem.retryAfter)
	}
	return router.NewApiError(problem.status, problem.message, nil)
}

// sendVideo sends the recording, or the requested range of it. As for its owner, it redirects to a link if the file is in
// S3, except for HEAD requests and clients that can't reach S3.
func (p sharePages) sendVideo(e *core.RequestEvent) error {
	found, err := p.admitted(e, p.bytes)
	if err != nil {
		return p.refuseFile(e, err)
	}
	media, err := p.Shares.Media(e.Request.Context(), found)
	if err != nil {
		return p.refuseFile(e, err)
	}
	if media.Ref.Engine == blob.EngineS3 && e.Request.Method == http.MethodGet && e.Request.URL.Query().Get("proxy") == "" {
		link, err := p.Blobs.Link(e.Request.Context(), media.Ref, media.Headers, sharedLinkTTL)
		if err != nil {
			return p.storageFailure(e, found, err)
		}
		return e.Redirect(http.StatusFound, link)
	}
	end, ok := p.streams.Acquire(network(e))
	if !ok {
		return p.refuseFile(e, &share.RateError{Wait: 5 * time.Second})
	}
	defer end()
	return p.stream(e, found, media)
}

func (p sharePages) stream(e *core.RequestEvent, found *share.Share, media *share.Media) error {
	ctx, cancel := context.WithCancel(e.Request.Context())
	defer cancel()
	file, err := p.Blobs.Open(ctx, media.Ref)
	if err != nil {
		return p.storageFailure(e, found, err)
	}
	defer file.Close()
	if strings.Contains(e.Request.Header.Get("Range"), ",") { // no player needs several, and each could be a request to S3
		e.Request.Header.Del("Range")
	}
	setRecordingHeaders(e.Response.Header(), media.Headers)
	if media.SHA256 != "" {
		e.Response.Header().Set("ETag", `"`+media.SHA256+`"`)
	}
	writer := sse.NewDeadlineWriter(ctx, e.Response)
	defer writer.Finish()
	http.ServeContent(writer, e.Request, "", media.Modified, file)
	return nil
}

// storageFailure translates an error of package blob for viewers.
func (p sharePages) storageFailure(e *core.RequestEvent, found *share.Share, err error) error {
	if errors.Is(err, blob.ErrNotFound) {
		return p.refuseFile(e, share.ErrNoRecording)
	}
	if _, ok := errors.AsType[*blob.Error](err); ok {
		p.Transfers.ReportStorageFailure(e.Request.Context(), found.Database, err)
		return p.refuseFile(e, unavailable)
	}
	return p.refuseFile(e, err)
}

// sendCaptions sends what is said in the recording, as WebVTT.
func (p sharePages) sendCaptions(e *core.RequestEvent) error {
	found, err := p.admitted(e, p.pages)
	if err == nil && !found.Shows.Transcript {
		err = share.ErrNotFound
	}
	if err != nil {
		return p.refuseFile(e, err)
	}
	end, err := p.beginRendering(e)
	if err != nil {
		return p.refuseFile(e, err)
	}
	defer end()
	cues, err := p.Shares.Captions(e.Request.Context(), found)
	if err != nil {
		return p.refuseFile(e, err)
	}
	e.Response.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	return captions.WriteVTT(e.Response, cues)
}
