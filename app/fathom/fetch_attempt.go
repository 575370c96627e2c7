package fathom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var (
	errIdle    = errors.New("no bytes for too long")
	errRestart = errors.New("start over")
)

// attempt asks for what is missing and writes it, until the file is whole (nil)
// or something is in the way.
func (t *transfer) attempt(ctx context.Context) error {
	ctx, timer, stop := idleTimer(ctx, t.client.idleTimeout)
	defer stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.file.URL.Reveal(), nil)
	if err != nil {
		return &Error{Op: fetchOp, Kind: KindRefused, cause: errBadFileURL}
	}
	req.Header.Set("User-Agent", t.client.userAgent)
	req.Header.Set("Accept-Encoding", "identity") // sizes are of the file itself
	if t.done > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", t.done))
		if t.etag != "" {
			req.Header.Set("If-Range", t.etag)
		}
	}

	res, err := t.client.files.Do(req)
	if err != nil {
		return t.networkError(ctx, err)
	}
	defer res.Body.Close()

	finished, err := t.accept(res)
	if err != nil || finished {
		return err
	}
	return t.copy(ctx, timer, res.Body)
}

// accept decides by status and headers what the body is. It says finished when
// the file turns out to be whole without one.
func (t *transfer) accept(res *http.Response) (finished bool, err error) {
	switch res.StatusCode {
	case http.StatusOK:
		if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind == "text/html" {
			return false, t.failure(res, KindInvalidResponse, "a page instead of a file")
		}
		if t.done > 0 { // no ranges here, or the file has changed
			if err := t.startOver(); err != nil {
				return false, err
			}
		}
		t.remember(res)
		return false, t.checkTotal(res, res.ContentLength)

	case http.StatusPartialContent:
		first, total, ok := contentRange(res.Header)
		if !ok || first != t.done || (t.etag != "" && strongTag(res) != "" && strongTag(res) != t.etag) {
			return false, t.restart(res, "not the range that was asked for")
		}
		t.resumed = t.resumed || first > 0
		t.remember(res)
		return false, t.checkTotal(res, total)

	case http.StatusRequestedRangeNotSatisfiable:
		if _, total, ok := contentRange(res.Header); ok && total == t.done && t.file.Size <= 0 {
			return true, nil
		}
		return false, t.restart(res, fmt.Sprintf("file ends before %d of %d bytes", t.done, t.file.Size))

	case http.StatusUnauthorized, http.StatusForbidden, http.StatusGone:
		return false, t.expired(res)
	}

	kind := kindOf(res.StatusCode)
	if res.StatusCode < 500 && kind != KindRateLimited && !t.file.ExpiresAt.IsZero() && t.client.now().After(t.file.ExpiresAt) {
		return false, t.expired(res) // hosts differ in how they put it
	}
	failure := t.failure(res, kind, "")
	failure.RetryAfter, _ = serverWait(res.Header, t.client.now())
	return false, failure
}

// copy writes the body behind what is there.
func (t *transfer) copy(ctx context.Context, timer *time.Timer, body io.Reader) error {
	for {
		if ctx.Err() != nil { // what is buffered would be read none the less
			return t.networkError(ctx, ctx.Err())
		}
		n, readErr := body.Read(t.buffer)
		timer.Stop() // a slow disk is not a silent host
		if n > 0 {
			if t.file.Size > 0 && t.done+int64(n) > t.file.Size {
				return t.tooLong()
			}
			written, err := t.dst.Write(t.buffer[:n])
			t.hash.Write(t.buffer[:written])
			t.done += int64(written)
			if err != nil {
				return fmt.Errorf("write recording file: %w", err)
			}
			t.report()
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return t.networkError(ctx, readErr)
		}
		timer.Reset(t.client.idleTimeout)
	}
	if t.done < t.file.Size {
		return &Error{Op: fetchOp, Kind: KindInvalidResponse, Detail: fmt.Sprintf("file ends at %d of %d bytes", t.done, t.file.Size)}
	}
	return nil
}

// networkError tells silence and refusal from plain trouble. None tells the URL.
func (t *transfer) networkError(ctx context.Context, err error) error {
	if refused(err) {
		return &Error{Op: fetchOp, Kind: KindRefused, cause: withoutURL(err)}
	}
	if errors.Is(context.Cause(ctx), errIdle) {
		err = errIdle
	}
	err = withoutURL(err)
	if u, _ := url.Parse(t.file.URL.Reveal()); u != nil && (quotes(err, u.Path) || quotes(err, u.RawQuery)) {
		err = errors.New("request failed") // a host that repeats what it was asked
	}
	return &Error{Op: fetchOp, Kind: KindUnavailable, cause: err}
}

func quotes(err error, part string) bool { return len(part) > 1 && strings.Contains(err.Error(), part) }

// restart throws away bytes that don't fit what the host has, and has run begin
// anew at once; the second time the host is not believed any more.
func (t *transfer) restart(res *http.Response, why string) error {
	if err := t.startOver(); err != nil {
		return err
	}
	t.best = 0
	if t.restarts++; t.restarts > 1 {
		return t.failure(res, KindInvalidResponse, why)
	}
	return errRestart
}

func (t *transfer) failure(res *http.Response, kind Kind, text string) *Error {
	return &Error{Op: fetchOp, Status: res.StatusCode, Kind: kind, Detail: text}
}

func (t *transfer) expired(res *http.Response) error {
	return fmt.Errorf("%s: status %d: %w", fetchOp, res.StatusCode, ErrLinkExpired)
}

// checkTotal refuses a file that says of itself that it is larger than announced.
func (t *transfer) checkTotal(res *http.Response, total int64) error {
	if t.file.Size > 0 && total > t.file.Size {
		return t.tooLong()
	}
	return nil
}

// tooLong empties dst: the next call would take the right number of wrong bytes
// for the file.
func (t *transfer) tooLong() error {
	if err := t.startOver(); err != nil {
		return err
	}
	return &Error{Op: fetchOp, Kind: KindMismatch, Detail: fmt.Sprintf("file is larger than %d bytes", t.file.Size)}
}

func (t *transfer) remember(res *http.Response) {
	if tag := strongTag(res); tag != "" {
		t.etag = tag
	}
}

// strongTag is the ETag if it vouches for bytes; If-Range takes no weak one.
func strongTag(res *http.Response) string {
	tag := res.Header.Get("ETag")
	if !strings.HasPrefix(tag, `"`) {
		return ""
	}
	return tag
}

// contentRange reads "bytes 5-9/10" as (5, 10) and "bytes */10" as (-1, 10); a
// total of -1 is unknown.
func contentRange(h http.Header) (first, total int64, ok bool) {
	text, found := strings.CutPrefix(strings.TrimSpace(h.Get("Content-Range")), "bytes ")
	span, size, cut := strings.Cut(text, "/")
	if !found || !cut {
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
	from, to, cut := strings.Cut(span, "-")
	first, err = strconv.ParseInt(from, 10, 64)
	last, errLast := strconv.ParseInt(to, 10, 64)
	if !cut || err != nil || errLast != nil || first < 0 || last < first {
		return 0, 0, false
	}
	return first, total, true
}
