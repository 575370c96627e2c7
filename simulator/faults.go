package simulator

import (
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Fault is trouble that waits for a request. A fault without Status only does something to the true answer.
type Fault struct {
	Method string // "" for any
	Path   string // path.Match pattern such as "/external/v1/recordings/*/download", "" for any
	Times  int    // how many requests it meets: 0 is one, negative all until Reset

	// Before the answer.
	Delay           time.Duration   // wait so long first
	Hold            <-chan struct{} // wait until it is closed (or the client or the simulator goes)
	CloseConnection bool            // close without answering; a client may silently retry on a connection it has used before

	// Instead of the answer.
	Status      int
	Body        string
	ContentType string
	Header      http.Header   // also added to a true answer
	RetryAfter  time.Duration // Retry-After, in whole seconds, at least 1

	// While answering.
	CutAfter       int64 // close the connection after so many bytes of body
	HoldAfter      int64 // with Hold: hold after so many bytes of body instead of before the answer
	BytesPerSecond int64 // trickle
	WrongLength    bool  // a signed file with another size than was announced in file_size_bytes
	NoLength       bool  // no Content-Length
}

// faultQueue keeps faults in the order they were injected; the first that matches a request is the one it meets.
type faultQueue struct {
	mu       sync.Mutex
	faults   []*Fault
	released chan struct{} // what "hold" over HTTP waits on
}

func newFaultQueue() *faultQueue { return &faultQueue{released: make(chan struct{})} }

// Inject puts a fault at the end of the queue of its route.
func (s *Server) Inject(f Fault) { s.faults.put(f) }

// ClearFaults forgets the faults that have not struck yet.
func (s *Server) ClearFaults() { s.faults.clear() }

func (q *faultQueue) put(f Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	q.faults = append(q.faults, &f)
}

// take finds the fault for r and uses it up by one.
func (q *faultQueue) take(r *http.Request) (Fault, bool) {
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

// gate is the channel that the next release closes.
func (q *faultQueue) gate() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.released
}

// release ends every hold that was asked for over HTTP.
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
	if f.Path == "" {
		return true
	}
	matched, err := path.Match(f.Path, r.URL.Path)
	return err == nil && matched
}

// strike does what comes before and instead of the answer; true when nothing is left to answer.
func (f *Fault) strike(w *responseWriter, r *http.Request) bool {
	if f.Delay > 0 {
		w.wait(f.Delay)
	}
	if f.Hold != nil && f.HoldAfter == 0 {
		w.hold(f.Hold)
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
