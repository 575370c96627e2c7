package simulator

import (
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Fault changes how the simulator responds to matching requests. Without Status and CloseConnection, it
// only delays or distorts the real response.
type Fault struct {
	Method string            // "" matches every method
	Path   string            // path.Match pattern such as "/external/v1/recordings/*/download"; "" matches every path
	Query  map[string]string // parameters that a matching request has, with these values; it may have others
	Times  int               // number of requests affected: 0 means 1, negative means all until Reset or ClearFaults

	// Before the response.
	Delay           time.Duration   // time to wait
	Hold            <-chan struct{} // wait until this channel is closed, the client disconnects or the simulator stops
	CloseConnection bool            // close the connection; HTTP clients may retry if they had reused it

	// Instead of the response.
	Status      int
	Body        string
	ContentType string        // default application/json if Body starts with {, otherwise no Content-Type
	Header      http.Header   // also added to a real response
	RetryAfter  time.Duration // Retry-After header, rounded up to whole seconds

	// During the response.
	CutAfter       int64 // close the connection after this many bytes of the body
	HoldAfter      int64 // with Hold: wait after this many bytes of the body instead of before the response
	BytesPerSecond int64 // limit the rate of the body
	WrongLength    bool  // send a signed file that is shorter than its file_size_bytes
	NoLength       bool  // omit Content-Length and the size in Content-Range
}

// faultQueue keeps faults in the order in which they were injected. A request uses the first match.
type faultQueue struct {
	mu       sync.Mutex
	faults   []*Fault
	released chan struct{} // closed and replaced by release; faults injected over HTTP hold on it
}

func newFaultQueue() *faultQueue { return &faultQueue{released: make(chan struct{})} }

// Inject adds a fault behind those already injected.
func (s *Server) Inject(f Fault) { s.faults.add(f) }

// ClearFaults removes all injected faults, those of InjectAtlassian included. Requests that already hit a
// fault are not affected.
func (s *Server) ClearFaults() {
	s.faults.clear()
	if s.atlassian != nil {
		s.atlassian.clearFaults()
	}
}

func (q *faultQueue) add(f Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	q.faults = append(q.faults, &f)
}

// next returns the fault for r and counts it as used once.
func (q *faultQueue) next(r *http.Request) (Fault, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, f := range q.faults {
		if !f.matches(r) {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				q.faults = append(q.faults[:i], q.faults[i+1:]...)
			}
		}
		return *f, true
	}
	return Fault{}, false
}

func (q *faultQueue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.faults = nil
}

// nextRelease returns the channel that the next call of release closes.
func (q *faultQueue) nextRelease() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.released
}

// release ends every hold that was injected over HTTP.
func (q *faultQueue) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.released)
	q.released = make(chan struct{})
}

func (q *faultQueue) reset() {
	q.clear()
	q.release()
}

func (f *Fault) matches(r *http.Request) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	query := r.URL.Query()
	for name, value := range f.Query {
		if query.Get(name) != value {
			return false
		}
	}
	if f.Path == "" {
		return true
	}
	matched, err := path.Match(f.Path, r.URL.Path)
	return err == nil && matched
}

// apply performs everything that precedes or replaces the response. It returns true if the request has
// been answered.
func (f *Fault) apply(w *responseWriter) bool {
	if f.Delay > 0 {
		w.sleep(f.Delay)
	}
	if f.Hold != nil && f.HoldAfter == 0 {
		w.waitFor(f.Hold)
	}
	if f.CloseConnection {
		panic(http.ErrAbortHandler)
	}
	for name, values := range f.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", wholeSeconds(f.RetryAfter))
	}
	if f.Status == 0 {
		return false
	}
	contentType := f.ContentType
	if contentType == "" && strings.HasPrefix(strings.TrimSpace(f.Body), "{") {
		contentType = "application/json"
	}
	writeBody(w, f.Status, contentType, []byte(f.Body))
	w.finish()
	return true
}
