package fathom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

var (
	errIdle    = errors.New("no bytes within the idle timeout")
	errRestart = errors.New("download restarted")
)

// attempt requests the missing bytes and writes them. It returns nil when the file is complete.
func (f *fetch) attempt(ctx context.Context) error {
	ctx, timer, stop := withIdleTimeout(ctx, f.client.idleTimeout)
	defer stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.file.URL.Reveal(), nil)
	if err != nil {
		return &Error{Op: fetchOp, Kind: KindRefused, cause: &outbound.Refusal{Reason: outbound.ReasonURL}}
	}
	req.Header.Set("User-Agent", f.client.userAgent)
	req.Header.Set("Accept-Encoding", "identity") // sizes and ranges refer to the file itself
	if f.done > 0 || f.end > 0 {
		req.Header.Set("Range", f.missing())
		if f.etag != "" {
			req.Header.Set("If-Range", f.etag)
		}
	}

	asked := f.client.now()
	res, err := f.client.files.Do(req)
	slow := f.pace.add(0, f.client.now().Sub(asked))
	if err != nil {
		return cmp.Or(slow, f.networkError(ctx, err))
	}
	defer res.Body.Close()

	complete, err := f.checkResponse(res)
	if err != nil || complete {
		return err
	}
	return f.copyBody(ctx, timer, res.Body)
}

// missing returns the range of the missing bytes.
func (f *fetch) missing() string {
	if f.end > 0 {
		return fmt.Sprintf("bytes=%d-%d", f.done, f.end-1)
	}
	return fmt.Sprintf("bytes=%d-", f.done)
}

// checkResponse prepares dst for the body that the status and headers announce. complete reports that
// the file needs no more bytes.
func (f *fetch) checkResponse(res *http.Response) (complete bool, err error) {
	switch res.StatusCode {
	case http.StatusOK:
		if mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); mediaType == "text/html" {
			return false, f.delayedError(res, KindUnavailable, "HTML page instead of a file")
		}
		if f.done > 0 || f.end > 0 { // the host ignores ranges, or the file has changed
			if err := f.discard(); err != nil {
				return false, err
			}
		}
		f.saveETag(res)
		return false, f.checkTotal(res.ContentLength)

	case http.StatusPartialContent:
		first, total, ok := parseContentRange(res.Header)
		if !ok || first != f.done || (f.etag != "" && strongETag(res) != "" && strongETag(res) != f.etag) {
			return false, f.restart(res, "not the requested range")
		}
		f.resumed = f.resumed || first > 0
		f.saveETag(res)
		return false, f.checkTotal(total)

	case http.StatusRequestedRangeNotSatisfiable:
		if _, total, ok := parseContentRange(res.Header); ok && total == f.done && f.file.Size <= 0 {
			f.total = total
			return true, nil
		}
		return false, f.restart(res, fmt.Sprintf("file ends before %d of %d bytes", f.done, f.file.Size))

	case http.StatusUnauthorized, http.StatusForbidden, http.StatusGone:
		return false, linkExpired(res.StatusCode)
	}

	kind := kindOfStatus(res.StatusCode)
	if res.StatusCode < 500 && kind != KindRateLimited && !f.file.ExpiresAt.IsZero() && f.client.now().After(f.file.ExpiresAt) {
		return false, linkExpired(res.StatusCode) // some hosts use other statuses for expired links
	}
	return false, f.delayedError(res, kind, "")
}

// delayedError is responseError with the wait that the host asks for.
func (f *fetch) delayedError(res *http.Response, kind Kind, detail string) *Error {
	failure := responseError(res, kind, detail)
	failure.RetryAfter, _ = requestedWait(res.Header, f.client.now())
	return failure
}

// networkError distinguishes idle and refused hosts from other network errors. Its result never contains
// the URL.
func (f *fetch) networkError(ctx context.Context, err error) error {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok {
		kind := KindRefused
		if refusal.Temporary {
			kind = KindUnavailable
		}
		return &Error{Op: fetchOp, Kind: kind, cause: refusal}
	}
	if errors.Is(context.Cause(ctx), errIdle) {
		err = errIdle
	}
	return &Error{Op: fetchOp, Kind: KindUnavailable, cause: outbound.WithoutPartsOf(err, f.file.URL.Reveal())}
}

// restart discards bytes that don't match the host's file and makes retry continue immediately. A second
// restart is an error, because it means that the host is inconsistent.
func (f *fetch) restart(res *http.Response, reason string) error {
	if err := f.discard(); err != nil {
		return err
	}
	f.furthest = 0
	if f.restarts++; f.restarts > 1 {
		return responseError(res, KindInvalidResponse, reason)
	}
	return errRestart
}

func responseError(res *http.Response, kind Kind, detail string) *Error {
	return &Error{Op: fetchOp, Status: res.StatusCode, Kind: kind, Detail: detail}
}

// checkTotal refuses a response that announces a file larger than Fathom did. total is negative if it is unknown.
func (f *fetch) checkTotal(total int64) error {
	if f.file.Size > 0 && total > f.file.Size {
		return f.tooLarge()
	}
	f.total = max(f.total, total)
	return nil
}

// tooLarge empties dst. Otherwise dst could hold the right number of wrong bytes, which the next call
// would accept as the file.
func (f *fetch) tooLarge() error {
	if err := f.discard(); err != nil {
		return err
	}
	return &Error{Op: fetchOp, Kind: KindMismatch, Detail: fmt.Sprintf("file is larger than %d bytes", f.file.Size)}
}

func (f *fetch) saveETag(res *http.Response) {
	if etag := strongETag(res); etag != "" {
		f.etag = etag
	}
}

// strongETag returns the ETag if it identifies the exact bytes; If-Range doesn't accept a weak one.
func strongETag(res *http.Response) string {
	etag := res.Header.Get("ETag")
	if !strings.HasPrefix(etag, `"`) {
		return ""
	}
	return etag
}

// parseContentRange parses "bytes 5-9/10" as (5, 10) and "bytes */10" as (-1, 10). An unknown total
// is -1.
func parseContentRange(h http.Header) (first, total int64, ok bool) {
	text, hasUnit := strings.CutPrefix(strings.TrimSpace(h.Get("Content-Range")), "bytes ")
	span, size, hasSize := strings.Cut(text, "/")
	if !hasUnit || !hasSize {
		return 0, 0, false
	}
	first, total = -1, -1
	var err error
	if size != "*" {
		if total, err = strconv.ParseInt(size, 10, 64); err != nil || total < 0 {
			return 0, 0, false
		}
	}
	if span == "*" {
		return first, total, true
	}
	from, to, hasEnd := strings.Cut(span, "-")
	first, err = strconv.ParseInt(from, 10, 64)
	last, errLast := strconv.ParseInt(to, 10, 64)
	if !hasEnd || err != nil || errLast != nil || first < 0 || last < first {
		return 0, 0, false
	}
	return first, total, true
}
