package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	pause    = time.Second      // between two requests
	timeout  = time.Minute      // of one request
	maxBody  = 32 << 20         // bytes
	maxItems = 25               // of an array in the report; the longest page of Fathom
	maxText  = 500              // characters of a body that is not JSON
	maxWait  = 90 * time.Second // that Fathom may ask for
)

// probe sends the requests and records the exchanges.
type probe struct {
	cfg      Config
	base     *url.URL
	api      *http.Client
	files    *http.Client
	redactor *Redactor
	report   Report
	newest   json.Number // recording id of the newest meeting; blank without meetings
	sent     int
}

// request is one request to the API, or to the host of a file if url is set.
type request struct {
	method string
	path   string // below the base URL
	query  url.Values
	body   any
	url    string            // of a file; the key is not sent there
	header map[string]string // of a request for a file
}

// response is a response before it is redacted. Its Status is 0 if there was none.
type response struct {
	status  int
	header  http.Header
	body    []byte
	decoded any // nil unless the body is JSON
}

// field returns a field of an object in the response, or nil.
func (r response) field(name string) any {
	object, _ := r.decoded.(map[string]any)
	return object[name]
}

// items returns the objects of a page.
func (r response) items() []map[string]any {
	list, _ := r.field("items").([]any)
	var out []map[string]any
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}

// send sends a request and records the exchange. It repeats one that is refused with 429 after the time that Fathom asks
// for. The error is that of ctx; a request that gets no response yields the zero response.
func (p *probe) send(ctx context.Context, r request) (response, error) {
	got, err := p.sendOnce(ctx, r)
	if err != nil || got.status != http.StatusTooManyRequests {
		return got, err
	}
	wait, ok := outbound.RetryAfter(got.header, time.Now())
	if !ok {
		wait = time.Minute
	}
	if err := p.cfg.Sleep(ctx, min(wait, maxWait)); err != nil {
		return response{}, err
	}
	return p.sendOnce(ctx, r)
}

func (p *probe) sendOnce(ctx context.Context, r request) (response, error) {
	if p.sent++; p.sent > 1 {
		if err := p.cfg.Sleep(ctx, pause); err != nil {
			return response{}, err
		}
	}
	started := time.Now()
	got, failure := p.exchange(ctx, r)
	if err := ctx.Err(); err != nil {
		return response{}, err
	}
	exchange := p.redact(r, got)
	exchange.TookMS = time.Since(started).Milliseconds()
	if failure != nil {
		exchange.Failure = "no response" // the error may name a host
		p.cfg.Logger.WarnContext(ctx, "no response", "method", r.method, "path", exchange.Path, "error", failure)
	}
	p.report.Exchanges = append(p.report.Exchanges, exchange)
	if p.cfg.Progress != nil {
		p.cfg.Progress(exchange)
	}
	return got, nil
}

func (p *probe) exchange(ctx context.Context, r request) (response, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, client, err := p.newRequest(ctx, r)
	if err != nil {
		return response{}, err
	}
	res, err := client.Do(req)
	if err != nil {
		return response{}, outbound.WithoutURL(err)
	}
	defer res.Body.Close()
	body, err := outbound.ReadBody(res.Body, maxBody)
	got := response{status: res.StatusCode, header: res.Header, body: body}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&got.decoded) != nil {
		got.decoded = nil
	}
	return got, outbound.WithoutURL(err)
}

func (p *probe) newRequest(ctx context.Context, r request) (*http.Request, *http.Client, error) {
	target, client := r.url, p.files
	if target == "" {
		target, client = p.base.String()+r.path, p.api
		if len(r.query) > 0 {
			target += "?" + r.query.Encode()
		}
	}
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, nil, fmt.Errorf("encode request: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, nil, fmt.Errorf("create request: %w", outbound.WithoutURL(err))
	}
	req.Header.Set("User-Agent", outbound.UserAgent)
	if r.url != "" {
		for name, value := range r.header {
			req.Header.Set(name, value)
		}
		return req, client, nil
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Api-Key", p.cfg.Key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, client, nil
}

func (p *probe) redact(r request, got response) Exchange {
	exchange := Exchange{Method: r.method, Path: "file", Status: got.status, Bytes: len(got.body), Headers: Headers(got.header)}
	if r.url != "" {
		return exchange // the content of a file is not recorded
	}
	exchange.Path = p.redactPath(r.path)
	for name, values := range r.query {
		for _, value := range values {
			if exchange.Query == nil {
				exchange.Query = map[string][]string{}
			}
			if value != "true" {
				value = p.redactor.String(strings.TrimSuffix(name, "[]"), value)
			}
			exchange.Query[name] = append(exchange.Query[name], value)
		}
	}
	if got.decoded != nil {
		exchange.Body = p.redactor.Value("", got.decoded)
	} else if len(got.body) > 0 {
		text := []rune(strings.ToValidUTF8(string(got.body[:min(len(got.body), 4*maxText)]), "?"))
		exchange.Text = p.redactor.Text(string(text[:min(len(text), maxText)]))
	}
	return exchange
}

// redactPath replaces the ids in a path, with the same results as in bodies.
func (p *probe) redactPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if i > 0 && (parts[i-1] == "recordings" || parts[i-1] == "downloads" || parts[i-1] == "webhooks") {
			parts[i] = p.redactor.String("id", part)
		}
	}
	return strings.Join(parts, "/")
}

// Headers returns the headers that say how an API works, with lower-case names.
func Headers(header http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range header {
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, "ratelimit"), strings.HasPrefix(lower, "x-ratelimit"):
			out[lower] = values[0]
		case lower == "retry-after", lower == "content-type", lower == "accept-ranges", lower == "content-range":
			out[lower] = values[0]
		case lower == "etag":
			out[lower] = "strong"
			if strings.HasPrefix(values[0], "W/") {
				out[lower] = "weak"
			}
		}
	}
	return out
}
