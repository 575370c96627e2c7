package atlassian

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	maxAnswer  = 8 << 20 // bytes after decompression: one page of operations with their schemas
	maxRefusal = 8 << 10 // of the body of an error
)

// carrier sends the requests of a session. It adds the credential, and records what the MCP library hides: status,
// Retry-After and text of a refusal. It is an http.RoundTripper.
type carrier struct {
	base       http.RoundTripper
	credential Credential
	now        func() time.Time

	connected atomic.Bool // whether the session has been initialized

	mu       sync.Mutex
	idle     *sync.Cond // signals that open has become 0
	open     int        // requests whose body is not closed yet
	finished bool       // sends nothing more
}

func newCarrier(base http.RoundTripper, credential Credential, now func() time.Time) *carrier {
	c := &carrier{base: base, credential: credential, now: now}
	c.idle = sync.NewCond(&c.mu)
	return c
}

// client returns an HTTP client that only the MCP library uses. It follows no redirects, which could lead the
// credential to another host.
func (c *carrier) client() *http.Client {
	return &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// finish returns when all requests have ended, and prevents further ones. The library sends some in goroutines of its
// own, for which it doesn't wait.
func (c *carrier) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finished = true
	for c.open > 0 {
		c.idle.Wait()
	}
}

func (c *carrier) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.finished {
		c.open++
	}
	return !c.finished
}

func (c *carrier) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if c.open == 0 {
		c.idle.Broadcast()
	}
}

// RoundTrip implements http.RoundTripper.
func (c *carrier) RoundTrip(req *http.Request) (*http.Response, error) {
	if !c.begin() {
		return nil, errLostSession
	}
	x := recordOf(req.Context())
	res, err := c.send(req, x)
	if err != nil {
		c.end()
		return nil, err
	}
	if res.StatusCode >= 300 {
		text, _ := outbound.ReadBody(res.Body, maxRefusal)
		_ = res.Body.Close()
		x.refuse(res, string(text), c.now())
		res.Body = io.NopCloser(strings.NewReader(string(text)))
	}
	res.Body = &answerBody{source: res.Body, record: x, done: c.end}
	return res, nil
}

// send sends a request, and once more if its credential was refused and there is a newer one. A refused request has
// certainly not been executed. The end of a session, a DELETE, is not worth a renewal.
func (c *carrier) send(req *http.Request, x *record) (*http.Response, error) {
	header, err := c.credential.Authorization(req.Context())
	if err != nil {
		x.failCredential(err)
		return nil, err
	}
	res, err := c.attempt(req, header, x)
	if err != nil || req.Method != http.MethodPost || !c.isCredentialRefused(res) {
		return res, err
	}
	renewed, err := c.credential.Renew(req.Context(), header)
	if err == nil && renewed && req.GetBody != nil {
		_, _ = outbound.ReadBody(res.Body, maxRefusal) // keeps the connection usable
		_ = res.Body.Close()
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
		if header, err = c.credential.Authorization(req.Context()); err == nil {
			return c.attempt(req, header, x)
		}
	}
	if err != nil {
		_ = res.Body.Close()
		x.failCredential(err)
		return nil, err
	}
	return res, nil
}

// isCredentialRefused reports whether a newer credential may help. A dead token was once answered with 400 at
// connect; later in a session, 400 has other causes.
func (c *carrier) isCredentialRefused(res *http.Response) bool {
	return res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusBadRequest && !c.connected.Load()
}

func (c *carrier) attempt(req *http.Request, header string, x *record) (*http.Response, error) {
	x.start(header)
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{WroteHeaders: x.markSent})
	req = req.Clone(ctx)
	req.Header.Set("Authorization", header)
	req.Header.Set("User-Agent", outbound.UserAgent)
	res, err := c.base.RoundTrip(req)
	if err != nil {
		x.failNetwork(err)
		return nil, err
	}
	x.answer(res)
	return res, nil
}

type recordKey struct{}

func recordOf(ctx context.Context) *record {
	if x, ok := ctx.Value(recordKey{}).(*record); ok {
		return x
	}
	return &record{} // the library ends a session with a context of its own
}
