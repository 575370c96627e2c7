package hooks

import (
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
)

// sharePages serves shared recordings to anybody who knows a link. It sets no cookies, and logs no link and no viewer.
type sharePages struct {
	handlers
	pages     *limit.Rate // of each network
	bytes     *limit.Rate // of each network
	rendering *limit.Concurrency
	streams   *limit.Concurrency
	mediaFrom string // where pages may play recordings from
}

// bindSharePages adds the pages. There is no robots.txt that forbids them: search engines would not see that they must not
// be indexed, and services that show a preview of a link would get none.
func (h handlers) bindSharePages() {
	h.onServe("sharePages", func(e *core.ServeEvent) error {
		p := sharePages{
			handlers:  h,
			pages:     limit.NewRate(limit.SharePagesPerSecond, limit.SharePageBurst, h.Now),
			bytes:     limit.NewRate(limit.ShareBytesPerSecond, limit.ShareByteBurst, h.Now),
			rendering: limit.NewConcurrency(limit.MaxSharePages, limit.MaxSharePagesPerNetwork),
			streams:   limit.NewConcurrency(limit.MaxShareStreams, limit.MaxShareStreamsPerNetwork),
			mediaFrom: "'self'",
		}
		if h.Blobs.S3 != nil {
			p.mediaFrom += " " + h.Blobs.S3.Origin()
		}
		const link = share.Path + "{id}" // everybody may call these routes; the id, and perhaps a password, is the permission
		e.Router.GET(link, p.show(false))
		e.Router.POST(link, p.unlock(false))
		e.Router.GET(link+"/embed", p.show(true))
		e.Router.POST(link+"/embed", p.unlock(true))
		e.Router.GET(link+"/video", p.sendVideo)
		e.Router.GET(link+"/captions", p.sendCaptions)
		e.Router.GET(link+"/poster", p.sendPoster)
		e.Router.GET(share.Path+"oembed", p.sendOEmbed)
		return nil
	})
}

// find returns the link of a request. The error is share.ErrNotFound, a *share.RateError or one of the global database.
func (p sharePages) find(e *core.RequestEvent, rate *limit.Rate) (*share.Share, error) {
	e.Response.Header().Set("X-Robots-Tag", "noindex, nofollow")
	e.Response.Header().Set("Cache-Control", "no-store")
	if wait, ok := rate.Take(network(e)); !ok {
		return nil, &share.RateError{Wait: wait}
	}
	return p.Shares.Find(e.Request.Context(), e.Request.PathValue("id"))
}

// beginRendering admits a request that reads a meeting, until end is called. The error is a *share.RateError.
func (p sharePages) beginRendering(e *core.RequestEvent) (end func(), err error) {
	end, ok := p.rendering.Acquire(network(e))
	if !ok {
		return nil, &share.RateError{Wait: 2 * time.Second}
	}
	return end, nil
}

// show responds with the page of a link, or with a form for its password.
func (p sharePages) show(embedded bool) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		page := newSharePage(e, embedded)
		found, err := p.find(e, p.pages)
		if err != nil {
			return p.refuse(e, page, err)
		}
		if found.HasPassword() { // a grant is in the addresses that the page loads, never in its own
			return p.render(e, http.StatusOK, "password", page)
		}
		return p.watch(e, page, found, "")
	}
}

// unlock responds with the page of a link if the password in a form is right. The page isn't a redirect's target, because
// people pass on what their browser shows as the address.
func (p sharePages) unlock(embedded bool) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		page := newSharePage(e, embedded)
		found, err := p.find(e, p.pages)
		if err != nil {
			return p.refuse(e, page, err)
		}
		if !found.HasPassword() { // removed since the form was shown
			return p.watch(e, page, found, "")
		}
		grant, err := p.Shares.Unlock(e.Request.Context(), found, e.Request.PostFormValue("password"), network(e))
		if err == nil {
			return p.watch(e, page, found, grant)
		}
		rate, isLimited := errors.AsType[*share.RateError](err)
		switch {
		case isLimited:
			setRetryAfter(e, rate.Wait)
			page.Problem = "Too many attempts. Wait a moment and try again."
			return p.render(e, http.StatusTooManyRequests, "password", page)
		case errors.Is(err, share.ErrPassword):
			page.Problem = "Wrong password."
			return p.render(e, http.StatusForbidden, "password", page)
		}
		return p.refuse(e, page, err)
	}
}

// watch responds with the page of a link for somebody whom it admits.
func (p sharePages) watch(e *core.RequestEvent, page *sharePage, found *share.Share, grant string) error {
	if problem := problemOf(found.State); problem != nil {
		return p.refuse(e, page, problem)
	}
	end, err := p.beginRendering(e)
	if err != nil {
		return p.refuse(e, page, err)
	}
	defer end()
	content, err := p.Shares.Content(e.Request.Context(), found)
	if err != nil {
		return p.refuse(e, page, err)
	}
	page.addContent(content, found, grant)
	page.addAddresses(p.Config.BaseURL())
	if e.Request.Method != http.MethodHead {
		p.Shares.Viewed(found)
	}
	return p.render(e, http.StatusOK, "watch", page)
}

// shareProblem is why a valid link shows nothing.
type shareProblem struct {
	status         int
	title, message string
	retryAfter     time.Duration // 0 if there is no sense in trying again
}

// Error implements error.
func (p *shareProblem) Error() string { return p.title }

// What a link says to those who have a valid one, and its password.
var (
	accountClosed    = &shareProblem{http.StatusGone, "Account closed", "The account that shared this recording was closed.", 0}
	recordingDeleted = &shareProblem{http.StatusGone, "Recording deleted", "This recording was deleted.", 0}
	archived         = &shareProblem{http.StatusServiceUnavailable, "Recording archived", "This recording is archived. It can be watched again when its owner has signed in.", time.Hour}
	unavailable      = &shareProblem{http.StatusServiceUnavailable, "Not available now", "This recording isn’t available at the moment. Try again in a minute.", time.Minute}
)

// problemOf returns an error, or nil for an active link.
func problemOf(state share.State) error {
	switch state {
	case share.Active:
		return nil
	case share.Closed:
		return accountClosed
	case share.Deleted:
		return recordingDeleted
	case share.Archived:
		return archived
	default:
		return unavailable
	}
}

// explain translates an error for viewers, and logs what they can't do anything about.
func (p sharePages) explain(e *core.RequestEvent, err error) *shareProblem {
	if rate, ok := errors.AsType[*share.RateError](err); ok {
		return &shareProblem{http.StatusTooManyRequests, "Too many requests", "Too many requests came from your network. Wait a moment and try again.", rate.Wait}
	}
	if problem, ok := errors.AsType[*shareProblem](err); ok {
		return problem
	}
	switch {
	case errors.Is(err, share.ErrNotFound):
		return &shareProblem{http.StatusNotFound, "Page not found", "This link doesn’t exist, has expired or was revoked. Ask the person who sent it for another one.", 0}
	case errors.Is(err, share.ErrNoRecording):
		return recordingDeleted
	case errors.Is(err, share.ErrUnavailable), e.Request.Context().Err() != nil:
		return unavailable
	}
	err = p.Gateway.ExplainUnavailable(e, err)
	gateway.LogFailure(p.Log, e, e.InternalServerError("", err))
	return unavailable
}

// refuse responds with a page that says why there is nothing to see.
func (p sharePages) refuse(e *core.RequestEvent, page *sharePage, err error) error {
	problem := p.explain(e, err)
	if problem.retryAfter > 0 {
		setRetryAfter(e, problem.retryAfter)
	}
	page.Title, page.Problem = problem.title, problem.message
	return p.render(e, problem.status, "notice", page)
}
