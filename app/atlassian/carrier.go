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
	endpoint   string
	now        func() time.Time

	connected atomic.Bool    // whether the session has been initialized
	open      sync.WaitGroup // requests whose body is not closed yet
}

// client returns an HTTP client that only the MCP library uses. It follows no redirects, which could lead the
// credential to another host.
func (c *carrier) client() *http.Client {
	return &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// wait returns when all requests have ended. The library sends some in goroutines of its own.
func (c *carrier) wait() { c.open.Wait() }

// RoundTrip implements http.RoundTripper.
func (c *carrier) RoundTrip(req *http.Request) (*http.Response, error) {
	c.open.Add(1)
	x := recordOf(req.Context())
	res, err := c.send(req, x)
	if err != nil {
		c.open.Done()
		return nil, err
	}
	if res.StatusCode >= 300 {
		text, _ := outbound.ReadBody(res.Body, maxRefusal)
		_ = res.Body.Close()
		x.refuse(res, string(text), c.now())
		res.Body = io.NopCloser(strings.NewReader(string(text)))
	}
	res.Body = &answerBody{source: res.Body, record: x, done: c.open.Done}
	return res, nil
}

// send sends a request, and once more if its credential was refused and there is a newer one. A refused request has
// certainly not been executed.
func (c *carrier) send(req *http.Request, x *record) (*http.Response, error) {
	header, err := c.credential.Authorization(req.Context())
	if err != nil {
		x.failCredential(err)
		return nil, err
	}
	res, err := c.attempt(req, header, x)
	if err != nil || !c.isCredentialRefused(res) {
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
