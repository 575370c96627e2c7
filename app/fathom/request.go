package fathom

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// call is one request to the API, without the key and the base URL.
type call struct {
	op     string // for errors and logs, such as "list meetings"
	method string
	path   string // below the base URL, escaped
	query  url.Values
	body   any    // sent as JSON unless nil
	bucket bucket // the budget it is charged to; a heavy call is charged to the global one too
	limit  int64  // of the response body in bytes; 0 means smallBody
	values int    // limit of the JSON values in the response; 0 means smallValues
	once   bool   // must not be repeated if it may have taken effect

	patient bool // waits for the budget however long that takes; Config.MaxWait does not apply
}

func (c call) buckets() []bucket {
	if c.bucket == bucketHeavy {
		return []bucket{bucketGlobal, bucketHeavy}
	}
	return []bucket{c.bucket}
}

// attempt sends the call once. sent reports whether any part of it may have reached the server.
func (a *Account) attempt(ctx context.Context, c call, out any) (sent bool, err error) {
	client := a.client
	ctx, cancel := context.WithTimeout(ctx, client.timeout)
	defer cancel()

	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote.Store(true) },
	})
	req, err := a.newRequest(ctx, c)
	if err != nil {
		return false, err
	}

	started := client.now()
	res, err := client.api.Do(req)
	if err != nil {
		return wrote.Load(), &Error{Op: c.op, Kind: KindUnavailable, Unsent: !wrote.Load(), cause: outbound.WithoutURL(err)}
	}
	defer res.Body.Close()
	client.logger.DebugContext(ctx, "called fathom", "op", c.op, "status", res.StatusCode, "took", client.now().Sub(started))

	now := client.now()
	client.budgetOf(a.hash).applyHeaders(now, res.StatusCode, res.Header, c.buckets()...)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		text, _ := outbound.ReadBody(res.Body, errorBody)
		failure := &Error{Op: c.op, Status: res.StatusCode, Kind: kindOfStatus(res.StatusCode), Detail: errorDetail(text, a.key)}
		if failure.Kind == KindRateLimited || failure.Kind == KindUnavailable {
			failure.RetryAfter, _ = requestedWait(res.Header, now)
		}
		return true, failure
	}
	return true, client.decodeResponse(ctx, c, res, out)
}

func (a *Account) newRequest(ctx context.Context, c call) (*http.Request, error) {
	target := a.client.base.String() + c.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	var body io.Reader
	if c.body != nil {
		encoded, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("%s: encode request: %w", c.op, err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, target, body)
	if err != nil {
		return nil, fmt.Errorf("%s: create request: %w", c.op, outbound.WithoutURL(err))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", a.client.userAgent)
	req.Header.Set("X-Api-Key", a.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}
