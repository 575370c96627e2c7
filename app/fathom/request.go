package fathom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

const (
	smallBody = 1 << 20  // lists of names, one summary
	largeBody = 64 << 20 // transcripts, and meetings that carry them
	errorBody = 4 << 10
)

// call is one request to the API, before the key and the base URL.
type call struct {
	op     string // for errors and the log: "list meetings"
	method string
	path   string // below the base URL, escaped
	query  url.Values
	body   any    // sent as JSON when not nil
	bucket bucket // what it is charged to; heavy counts as global too
	limit  int64  // largest answer in bytes, 0 is smallBody
	once   bool   // must not be sent again if it may have had its effect
}

func (c call) buckets() []bucket {
	if c.bucket == bucketHeavy {
		return []bucket{bucketGlobal, bucketHeavy}
	}
	return []bucket{c.bucket}
}

// attempt sends the call once. sent says whether any of it may have reached the
// server.
func (a *Account) attempt(ctx context.Context, c call, out any) (sent bool, err error) {
	client := a.client
	ctx, cancel := context.WithTimeout(ctx, client.timeout)
	defer cancel()

	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote.Store(true) },
	})
	req, err := a.request(ctx, c)
	if err != nil {
		return false, err
	}

	started := client.now()
	res, err := client.api.Do(req)
	if err != nil {
		return wrote.Load(), &Error{Op: c.op, Kind: KindUnavailable, cause: withoutURL(err)}
	}
	defer res.Body.Close()
	client.log.DebugContext(ctx, "fathom call", "op", c.op, "status", res.StatusCode, "took", client.now().Sub(started))

	now := client.now()
	client.budget(a.hash).learn(now, res.StatusCode, res.Header, c.buckets()...)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, errorBody))
		failure := &Error{Op: c.op, Status: res.StatusCode, Kind: kindOf(res.StatusCode), Detail: detail(text, a.key)}
		if failure.Kind == KindRateLimited || failure.Kind == KindUnavailable {
			failure.RetryAfter, _ = serverWait(res.Header, now)
		}
		return true, failure
	}
	return true, decode(c, res, out)
}

func (a *Account) request(ctx context.Context, c call) (*http.Request, error) {
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
		return nil, fmt.Errorf("%s: build request: %w", c.op, withoutURL(err))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", a.client.userAgent)
	req.Header.Set("X-Api-Key", a.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// decode reads a good answer. What is wrong with it is told without quoting it:
// a download's answer holds a signed URL.
func decode(c call, res *http.Response, out any) error {
	limit := c.limit
	if limit == 0 {
		limit = smallBody
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if out == nil {
		return nil // no content is due; the status has said it all
	}
	if err != nil {
		return &Error{Op: c.op, Kind: KindUnavailable, Status: res.StatusCode, cause: fmt.Errorf("read answer: %w", withoutURL(err))}
	}
	invalid := &Error{Op: c.op, Status: res.StatusCode, Kind: KindInvalidResponse}
	if int64(len(body)) > limit {
		invalid.Detail = fmt.Sprintf("answer is larger than %d bytes", limit)
		return invalid
	}
	if err := json.Unmarshal(body, out); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			invalid.Detail = fmt.Sprintf("not JSON at byte %d of %d", syntax.Offset, len(body))
		} else {
			invalid.Detail = cut(err.Error(), detailLimit)
		}
		return invalid
	}
	return nil
}
