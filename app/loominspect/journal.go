package loominspect

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// What an exchange belongs to.
const (
	toServer   = "mcp"      // the MCP server
	toMetadata = "metadata" // the addresses that say how to sign in
	toHost     = "upload"   // the host that receives files
)

const (
	maxRequest = 1 << 20  // bytes of the body of a request to the MCP server
	maxAnswer  = 8 << 20  // bytes of a body that is kept
	maxKept    = 64 << 20 // of all bodies
)

// exchange is one request and its response as they were. It contains secrets.
type exchange struct {
	to            string
	method        string
	url           *url.URL
	at            time.Time
	took          time.Duration
	requestHeader http.Header
	request       []byte // of the MCP server
	requestSize   int64
	failed        bool // there is no complete response
	status        int
	header        http.Header
	body          []byte
	size          int64
}

// journal collects the exchanges of a run. It is safe for concurrent use.
type journal struct {
	now      func() time.Time
	progress func(*exchange) // not called concurrently

	mu        sync.Mutex
	exchanges []*exchange
	kept      int64
}

// transport returns a transport that records what it sends through base.
func (j *journal) transport(to string, base http.RoundTripper) http.RoundTripper {
	return &recorder{journal: j, to: to, base: base}
}

// all returns the exchanges in the order of their requests.
func (j *journal) all() []*exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]*exchange(nil), j.exchanges...)
}

func (j *journal) begin(e *exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.exchanges = append(j.exchanges, e)
}

func (j *journal) end(e *exchange, change func(*exchange)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(e)
	e.took = j.now().Sub(e.at)
	if j.progress != nil {
		j.progress(e)
	}
}

// keep reports whether n more bytes may be kept.
func (j *journal) keep(n int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.kept+int64(n) > maxKept {
		return false
	}
	j.kept += int64(n)
	return true
}

// recorder is an http.RoundTripper.
type recorder struct {
	journal *journal
	to      string
	base    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	e := &exchange{
		to: r.to, method: req.Method, url: req.URL, at: r.journal.now(), requestHeader: req.Header.Clone(), requestSize: max(req.ContentLength, 0),
	}
	if r.to == toServer && req.GetBody != nil {
		if body, err := req.GetBody(); err == nil {
			e.request, _ = outbound.ReadBody(body, maxRequest) // a longer one is not recorded
			_ = body.Close()
		}
	}
	r.journal.begin(e)
	res, err := r.base.RoundTrip(req)
	if err != nil {
		r.journal.end(e, func(e *exchange) { e.failed = true })
		return nil, err
	}
	res.Body = &recordedBody{source: res.Body, journal: r.journal, exchange: e, status: res.StatusCode, header: res.Header.Clone()}
	return res, nil
}

// recordedBody records a body while it is read.
type recordedBody struct {
	source   io.ReadCloser
	journal  *journal
	exchange *exchange
	status   int
	header   http.Header

	once   sync.Once
	body   []byte
	size   int64
	failed bool
}

// Read implements io.Reader.
func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.source.Read(p)
	b.size += int64(n)
	if len(b.body)+n <= maxAnswer && b.journal.keep(n) {
		b.body = append(b.body, p[:n]...)
	}
	if err != nil {
		b.failed = err != io.EOF
		b.end()
	}
	return n, err
}

// Close implements io.Closer.
func (b *recordedBody) Close() error {
	err := b.source.Close()
	b.end()
	return err
}

func (b *recordedBody) end() {
	b.once.Do(func() {
		b.journal.end(b.exchange, func(e *exchange) {
			e.status, e.header, e.body, e.size, e.failed = b.status, b.header, b.body, b.size, b.failed
		})
	})
}
