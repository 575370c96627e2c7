package loomupload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	maxSends    = 4        // attempts of one request
	maxResponse = 64 << 10 // bytes that are read of an upload host's response

	// maxWait is the longest wait within a call. A longer one is left to the caller, who has other things to do.
	maxWait = time.Minute
)

var sendBackoff = backoff.Policy{Base: time.Second, Max: 30 * time.Second, Jitter: 0.2}

var errIdle = errors.New("no bytes were accepted within the idle timeout")

// expiredError means that an address isn't accepted any more, or never was, so that a new one is needed.
type expiredError struct{ status int }

func (e *expiredError) Error() string {
	return fmt.Sprintf("address of the upload has expired (status %d)", e.status)
}

// receipt is the upload host's response to a request.
type receipt struct {
	etag  string
	value any // JSON, or nil
}

// sendRequest sends a request, again if that may help. sent receives the bytes of the recording that this request has
// sent. Its errors are an *expiredError, a *[Problem], those of the recording and of ctx.
func (u *Uploads) sendRequest(ctx context.Context, recording loom.Recording, r request, sent func(int64)) (receipt, error) {
	for attempt := 1; ; attempt++ {
		got, err := u.attempt(ctx, recording, r, sent)
		if err == nil {
			return got, nil
		}
		problem, ok := errors.AsType[*Problem](err)
		if !ok || !problem.Temporary() || attempt == maxSends {
			return receipt{}, err
		}
		wait := max(problem.RetryAfter, sendBackoff.Delay(attempt))
		if wait > maxWait {
			return receipt{}, err
		}
		u.logger.DebugContext(ctx, "sending a recording again", "attempt", attempt, "wait", wait, "error", err)
		if err := u.sleep(ctx, wait); err != nil {
			return receipt{}, fmt.Errorf("send recording: %w", err)
		}
	}
}

// attempt sends a request once.
func (u *Uploads) attempt(ctx context.Context, recording loom.Recording, r request, sent func(int64)) (receipt, error) {
	if err := u.checkHost(r.url); err != nil {
		return receipt{}, err
	}
	sending, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(u.idleTimeout, func() { cancel(errIdle) })
	defer idle.Stop()
	b, err := openBody(sending, recording, r, func() { idle.Reset(u.idleTimeout) }, sent, u.onBytes)
	if err != nil {
		return receipt{}, contextError(ctx, err)
	}
	req, err := http.NewRequestWithContext(sending, r.method, r.url.String(), b)
	if err != nil {
		_ = b.Close()
		return receipt{}, contractProblem("Atlassian's answer has an address for the file that can't be used.")
	}
	req.ContentLength = b.size
	req.Header = r.header.Clone()
	req.Header.Set("User-Agent", outbound.UserAgent)
	if b.contentType != "" {
		req.Header.Set("Content-Type", b.contentType)
	}
	res, err := u.http.Do(req)
	if err != nil {
		cancel(nil)
		_, failed := b.wait()
		switch {
		case ctx.Err() != nil:
			return receipt{}, fmt.Errorf("send recording: %w", ctx.Err())
		case failed != nil:
			return receipt{}, failed
		}
		return receipt{}, networkProblem(sending, err)
	}
	text, err := outbound.ReadBody(res.Body, maxResponse)
	_ = res.Body.Close()
	status, cause := res.StatusCode, context.Cause(sending)
	cancel(nil) // ends a request that was answered before it was sent completely
	read, failed := b.wait()
	u.logger.DebugContext(ctx, "sent a recording", "host", r.url.Hostname(), "method", r.method, "status", status, "bytes", read)
	switch {
	case ctx.Err() != nil:
		return receipt{}, fmt.Errorf("send recording: %w", ctx.Err())
	case status/100 != 2:
		return receipt{}, u.refusedBy(res, string(text))
	case failed != nil:
		return receipt{}, failed
	case read != r.size:
		return receipt{}, hostProblem(fmt.Sprintf("The host of the upload said that it has the file before it had been sent (status %d).", status))
	case err != nil && !errors.Is(err, outbound.ErrBodyTooLarge):
		if cause != nil {
			err = cause
		}
		return receipt{}, networkProblem(sending, err)
	}
	return receipt{etag: res.Header.Get("ETag"), value: decodeJSON(text)}, nil
}

func contextError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("send recording: %w", ctx.Err())
	}
	return err
}

// networkProblem never contains the address.
func networkProblem(ctx context.Context, err error) error {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok && !refusal.Temporary {
		p := hostProblem("The file can't be sent to the host that Atlassian named, because this server doesn't connect to it.")
		p.err = refusal
		return p
	}
	if errors.Is(context.Cause(ctx), errIdle) {
		err = errIdle
	}
	return &Problem{
		Kind: KindUnavailable, Message: "The connection to the host of the upload broke.",
		err: fmt.Errorf("send recording: %w", withoutAddress(err)),
	}
}

// withoutAddress returns an error that can't contain a part of an address.
func withoutAddress(err error) error {
	err = outbound.WithoutURL(err)
	if strings.ContainsAny(err.Error(), "?&%") {
		return errors.New("request failed")
	}
	return err
}

// refusedBy explains a response that isn't a success. Its body is never repeated, because it may quote the address.
func (u *Uploads) refusedBy(res *http.Response, text string) error {
	status := res.StatusCode
	cause := fmt.Errorf("send recording: status %d", status)
	switch {
	case status >= 300 && status < 400:
		p := hostProblem("The host of the upload wants the file to be sent elsewhere, which is not done.")
		p.err = cause
		return p
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusGone, status == http.StatusNotFound,
		status == http.StatusBadRequest && strings.Contains(strings.ToLower(text), "expired"):
		return &expiredError{status}
	case status == http.StatusRequestEntityTooLarge:
		return refuse(ReasonSize, "The file is larger than Loom accepts.")
	case status == http.StatusUnsupportedMediaType:
		return refuse(ReasonType, "Loom doesn't accept files of this type.")
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		p := &Problem{Kind: KindUnavailable, Message: "The host of the upload is busy or has failed.", err: cause}
		if status == http.StatusTooManyRequests {
			p.Kind = KindBusy
		}
		wait, _ := outbound.RetryAfter(res.Header, u.now())
		p.RetryAfter = min(wait, maxPostponed)
		return p
	}
	return refusedWith(status, cause)
}

func refusedWith(status int, cause error) error {
	p := hostProblem(fmt.Sprintf("The host of the upload refused the file (status %d).", status))
	p.err = cause
	return p
}

// named returns the plain values of a receipt.
func (r receipt) named() map[string]any {
	switch r.value.(type) {
	case map[string]any:
		return namedValues(r.value)
	case []any:
		raw, err := json.Marshal(r.value)
		if err == nil {
			return namedValues(decodeAnswer(raw))
		}
	}
	return nil
}
