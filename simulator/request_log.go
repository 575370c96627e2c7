package simulator

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"sync"
	"time"
)

// maxRequests bounds the log; the oldest go first.
const maxRequests = 10_000

// Request is what one request looked like when it arrived and how it was answered.
type Request struct {
	Time             time.Time  `json:"time"`
	Method           string     `json:"method"`
	Path             string     `json:"path"`
	Query            url.Values `json:"query,omitempty"`
	HasAPIKey        bool       `json:"has_api_key"`       // X-Api-Key was there
	HasAuthorization bool       `json:"has_authorization"` // Authorization was there
	Range            string     `json:"range,omitempty"`
	UserAgent        string     `json:"user_agent,omitempty"`
	Status           int        `json:"status"`              // 0 while unanswered, and when the connection was cut before
	Violation        string     `json:"violation,omitempty"` // what a client must never do, such as a key at the file host
}

// requestLog remembers the latest requests and wakes who waits for one.
type requestLog struct {
	mu      sync.Mutex
	entries []*Request
	changed chan struct{} // closed and replaced at every change
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
		if len(l.entries) >= maxRequests {
			l.entries = append(l.entries[:0], l.entries[maxRequests/10:]...)
		}
		l.entries = append(l.entries, entry)
	})
	return entry
}

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

// Requests lists what arrived, oldest first; requests to /_simulator/ are left out, but for uploads.
func (s *Server) Requests() []Request {
	out, _ := s.log.snapshot()
	return out
}

// Violations lists what a client did that it must never do. A test of a client ends by finding it empty.
func (s *Server) Violations() []string {
	var out []string
	for _, r := range s.Requests() {
		if r.Violation != "" {
			out = append(out, r.Violation)
		}
	}
	return out
}

// WaitRequests waits until at least n requests with this method ("" for any) and path pattern (see Fault.Path) have
// arrived, answered or not, so that a test need not sleep.
func (s *Server) WaitRequests(ctx context.Context, method, pattern string, n int) error {
	for {
		requests, changed := s.log.snapshot()
		seen := 0
		for _, r := range requests {
			matched, err := path.Match(pattern, r.Path)
			if err != nil {
				return err
			}
			if matched && (method == "" || method == r.Method) {
				seen++
			}
		}
		if seen >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
