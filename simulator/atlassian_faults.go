package simulator

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// FaultUpload is the operation of faults that affect requests to the host of uploads.
const FaultUpload = "upload"

// AtlassianFault changes how the Atlassian side responds to calls of an operation. Faults of other requests, such as
// those of the authorization server, are injected with Inject.
type AtlassianFault struct {
	Operation string // documented name such as publishLoomVideo, a method such as initialize or tools/list, FaultUpload; "" is every call
	Times     int    // number of requests affected: 0 means 1, negative means all until Reset or ClearFaults

	// Message fails the call as Atlassian reports failures: {"error":true,"message":…} in a regular answer.
	Message string
	IsError bool // with isError
	Plain   bool // Message itself as text, without JSON

	AfterDone       bool            // carry the operation out first: the client can't know that, if anything below follows
	Hold            <-chan struct{} // wait until it is closed, the client disconnects or the simulator stops
	Status          int             // respond with it
	Body            string
	RetryAfter      time.Duration // Retry-After header, rounded up to whole seconds
	CloseConnection bool
	LoseSessions    bool // end all sessions first

	// Of FaultUpload.
	HoldAfter int64 // wait with Hold after this many bytes of the file instead of before the response
	CutAfter  int64 // close the connection after this many bytes of the file
}

// InjectAtlassian adds a fault behind those already injected.
func (s *Server) InjectAtlassian(f AtlassianFault) {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	a.faults = append(a.faults, &f)
}

func (a *atlassian) clearFaults() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = nil
}

// nextFault returns the fault for a request and counts it as used once. Faults within a call have a message.
func (a *atlassian) nextFault(operation string, withinCall bool) (AtlassianFault, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, f := range a.faults {
		anyCall := f.Operation == "" && operation != FaultUpload
		if f.Operation != operation && !anyCall || (f.Message != "") != withinCall {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				a.faults = slices.Delete(a.faults, i, i+1)
			}
		}
		return *f, true
	}
	return AtlassianFault{}, false
}

// result returns the answer of a call that fails.
func (f AtlassianFault) result() *mcp.CallToolResult {
	if f.Plain {
		return &mcp.CallToolResult{IsError: f.IsError, Content: []mcp.Content{&mcp.TextContent{Text: f.Message}}}
	}
	return failure(f.Message, f.IsError)
}

// apply responds to a request that a fault affects. Without the fault, next would respond.
func (s *Server) apply(f AtlassianFault, w http.ResponseWriter, r *http.Request, next http.Handler) {
	if f.LoseSessions {
		s.atlassian.closeSessions()
	}
	replaced := f.Status != 0 || f.CloseConnection
	if f.AfterDone {
		out := &bufferedWriter{header: http.Header{}}
		next.ServeHTTP(out, r)
		if !replaced {
			next = out
		}
	}
	if f.Hold != nil && f.HoldAfter == 0 {
		s.waitFor(f.Hold, r)
	}
	switch {
	case f.CloseConnection:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", wholeSeconds(f.RetryAfter))
		}
		writeBody(w, f.Status, "application/json", []byte(f.Body))
	default:
		next.ServeHTTP(w, r)
	}
}

// waitFor waits until done is closed. It aborts the request if the client disconnects or the simulator stops first.
func (s *Server) waitFor(done <-chan struct{}, r *http.Request) {
	select {
	case <-done:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-s.life.ctx.Done():
		panic(http.ErrAbortHandler)
	}
}

// bufferedWriter keeps the answer of an operation that was carried out before its fault.
type bufferedWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *bufferedWriter) Header() http.Header         { return w.header }
func (w *bufferedWriter) WriteHeader(status int)      { w.status = status }
func (w *bufferedWriter) Write(p []byte) (int, error) { return w.body.Write(p) }

// ServeHTTP sends the answer.
func (w *bufferedWriter) ServeHTTP(to http.ResponseWriter, _ *http.Request) {
	maps.Copy(to.Header(), w.header)
	to.WriteHeader(cmp.Or(w.status, http.StatusOK))
	_, _ = to.Write(w.body.Bytes()) // a write error means that the client is gone
}

// uploadReader applies a fault to the bytes of a file.
type uploadReader struct {
	from  io.Reader
	fault AtlassianFault
	wait  func(<-chan struct{})
	n     int64
}

func (u *uploadReader) Read(p []byte) (int, error) {
	for _, limit := range []int64{u.fault.CutAfter, u.fault.HoldAfter} {
		if limit > u.n {
			p = p[:min(int64(len(p)), limit-u.n)]
		}
	}
	n, err := u.from.Read(p)
	u.n += int64(n)
	if u.fault.CutAfter > 0 && u.n >= u.fault.CutAfter {
		panic(http.ErrAbortHandler)
	}
	if u.fault.HoldAfter > 0 && u.n >= u.fault.HoldAfter && u.fault.Hold != nil {
		u.wait(u.fault.Hold)
		u.fault.Hold = nil
	}
	return n, err
}
