package simulator

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// responseWriter notes the status for the log and does to the body what a fault asks for. It is used by the goroutine
// of one request only.
type responseWriter struct {
	http.ResponseWriter
	request *http.Request
	life    context.Context // ends with Stop, also under Handler where the request's own context does not
	entry   *Request
	log     *requestLog
	fault   Fault
	status  int
	written int64
	held    bool
}

// Unwrap lets http.ResponseController reach the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// violation records what the client did wrong.
func (w *responseWriter) violation(text string) {
	w.log.update(func() { w.entry.Violation = text })
}

// WriteHeader is where the log learns the status: before the client does, so that a test never reads too early.
func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	w.log.update(func() { w.entry.Status = status })
	if w.fault.NoLength {
		w.Header().Del("Content-Length")
	}
	w.ResponseWriter.WriteHeader(status)
	if w.fault.NoLength {
		w.flush() // or a short body would get its length after all
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	total := 0
	for len(p) > 0 {
		if w.life.Err() != nil {
			panic(http.ErrAbortHandler)
		}
		n, err := w.ResponseWriter.Write(p[:w.next(len(p))])
		total += n
		w.written += int64(n)
		if err != nil {
			return total, err
		}
		p = p[n:]
		w.afterBytes()
	}
	return total, nil
}

// next is how much may be written in one go before the fault wants a word.
func (w *responseWriter) next(n int) int {
	limit := int64(n)
	if cut := w.fault.CutAfter; cut > 0 {
		limit = min(limit, cut-w.written)
	}
	if after := w.fault.HoldAfter; after > 0 && !w.held {
		limit = min(limit, max(after-w.written, 1))
	}
	if rate := w.fault.BytesPerSecond; rate > 0 {
		limit = min(limit, max(rate/20, 1))
	}
	return int(limit)
}

func (w *responseWriter) afterBytes() {
	if after := w.fault.HoldAfter; after > 0 && !w.held && w.written >= after {
		w.held = true
		w.flush()
		if w.fault.Hold != nil {
			w.hold(w.fault.Hold)
		}
	}
	if rate := w.fault.BytesPerSecond; rate > 0 {
		w.flush()
		w.wait(time.Second / 20)
	}
	if cut := w.fault.CutAfter; cut > 0 && w.written >= cut {
		w.flush()
		panic(http.ErrAbortHandler)
	}
}

// finish is called when the answer is complete; a body shorter than CutAfter is cut all the same.
func (w *responseWriter) finish() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.fault.CutAfter > 0 {
		w.flush()
		panic(http.ErrAbortHandler)
	}
}

// hold waits until done is closed, and gives up the request when the client has gone or the simulator stops.
func (w *responseWriter) hold(done <-chan struct{}) {
	select {
	case <-done:
	case <-w.request.Context().Done():
		panic(http.ErrAbortHandler)
	case <-w.life.Done():
		panic(http.ErrAbortHandler)
	}
}

// wait is hold for a duration.
func (w *responseWriter) wait(d time.Duration) {
	done := make(chan struct{})
	defer time.AfterFunc(d, func() { close(done) }).Stop()
	w.hold(done)
}

func (w *responseWriter) flush() {
	// A client that has gone shows itself at the next write.
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// wholeSeconds is d as headers have it, never less than a second.
func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(max(int((d+time.Second-1)/time.Second), 1))
}
