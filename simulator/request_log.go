package simulator

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"sync"
	"time"
)

// maxLoggedRequests limits the log. The oldest entries are dropped first.
const maxLoggedRequests = 10_000

// Request describes one request as it arrived and the status of its response.
type Request struct {
	Time             time.Time  `json:"time"`
	Method           string     `json:"method"`
	Path             string     `json:"path"`
	Query            url.Values `json:"query,omitempty"`
	HasAPIKey        bool       `json:"has_api_key"`       // whether it had an X-Api-Key header
	HasAuthorization bool       `json:"has_authorization"` // whether it had an Authorization header
	Range            string     `json:"range,omitempty"`
	UserAgent        string     `json:"user_agent,omitempty"`
	Status           int        `json:"status"`              // 0 until the response starts
	Sent             int64      `json:"sent"`                // bytes of the body of the response so far
	Violation        string     `json:"violation,omitempty"` // forbidden behaviour, such as a key sent to the file host
}

// requestLog keeps the latest requests and wakes callers of WaitRequests.
type requestLog struct {
	mu      sync.Mutex
	entries []*Request
	changed chan struct{} // closed and replaced on every change
}

func newRequestLog() *requestLog { return &requestLog{changed: make(chan struct{})} }

func (l *requestLog) add(r *http.Request, now time.Time) *Request {
	entry := &Request{
		Time:             now,
		Method:           r.Method,
		Path:             r.URL.Path,
		Query:            r.URL.Query(),
		HasAPIKey:        r.Header.Get("X-Api-Key") != "",
		HasAuthorization: r.Header.Get("Authorization") != "",
		Range:            r.Header.Get("Range"),
		UserAgent:        r.UserAgent(),
	}
	l.update(func() {
		if len(l.entries) >= maxLoggedRequests {
			l.entries = append(l.entries[:0], l.entries[maxLoggedRequests/10:]...)
		}
		l.entries = append(l.entries, entry)
	})
	return entry
}

// update applies a change to the log or to one of its entries and wakes all waiting callers.
func (l *requestLog) update(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *requestLog) reset() { l.update(func() { l.entries = nil }) }

func (l *requestLog) snapshot() ([]Request, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Request, len(l.entries))
	for i, entry := range l.entries {
		out[i] = *entry
	}
	return out, l.changed
}

// Requests returns the requests that arrived, oldest first. Requests below /_simulator/ are not
// included, except uploads.
func (s *Server) Requests() []Request {
	out, _ := s.log.snapshot()
	return out
}

// Violations returns descriptions of forbidden behaviour by clients, oldest first, on the Atlassian side last. A test of a client
// should end by asserting that it is empty.
func (s *Server) Violations() []string {
	var out []string
	for _, r := range s.Requests() {
		if r.Violation != "" {
			out = append(out, r.Violation)
		}
	}
	if s.atlassian != nil {
		out = append(out, s.atlassian.listViolations()...)
	}
	return out
}

// WaitRequests waits until at least n requests with the given method ("" for any) and path pattern
// (see Fault.Path) have arrived. The requests need not have been answered. It returns ctx.Err when ctx
// ends, and path.ErrBadPattern for a malformed pattern.
func (s *Server) WaitRequests(ctx context.Context, method, pattern string, n int) error {
	for {
		requests, changed := s.log.snapshot()
		seen, err := CountRequests(requests, method, pattern)
		if err != nil || seen >= n {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// CountRequests returns how many requests have the given method ("" for any) and path pattern (see Fault.Path). It returns
// path.ErrBadPattern for a malformed pattern.
func CountRequests(requests []Request, method, pattern string) (count int, err error) {
	for _, r := range requests {
		matched, err := path.Match(pattern, r.Path)
		if err != nil {
			return 0, err
		}
		if matched && (method == "" || method == r.Method) {
			count++
		}
	}
	return count, nil
}
