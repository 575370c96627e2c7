package simulator

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// responseWriter records the status in the request log and applies a fault to the body. Only the
// goroutine of its request uses it.
type responseWriter struct {
	http.ResponseWriter
	request *http.Request
	stopped <-chan struct{} // closed on Stop; without a listener, the request's own context outlives Stop
	entry   *Request
	log     *requestLog
	fault   Fault
	status  int
	written int64
	held    bool
}

// Unwrap gives http.ResponseController access to the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recordViolation records forbidden behaviour of the client in the request log.
func (w *responseWriter) recordViolation(text string) {
	w.log.update(func() { w.entry.Violation = text })
}

// WriteHeader updates the log before it sends the header, so that a client never finds its own request
// unanswered in the log.
func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	w.log.update(func() { w.entry.Status = status })
	if w.fault.NoLength {
		w.Header().Del("Content-Length")
		if span, _, ok := strings.Cut(w.Header().Get("Content-Range"), "/"); ok {
			w.Header().Set("Content-Range", span+"/*")
		}
	}
	w.ResponseWriter.WriteHeader(status)
	if w.fault.NoLength {
		w.flush() // net/http would otherwise set the length of a short body
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	total := 0
	for len(p) > 0 {
		select {
		case <-w.stopped:
			panic(http.ErrAbortHandler)
		default:
		}
		n, err := w.ResponseWriter.Write(p[:w.chunkSize(len(p))])
		total += n
		w.written += int64(n)
		w.log.update(func() { w.entry.Sent = w.written })
		if err != nil {
			return total, err
		}
		p = p[n:]
		w.afterChunk()
	}
	return total, nil
}

// chunkSize returns how many of the next n bytes to write before the fault must be applied again.
func (w *responseWriter) chunkSize(n int) int {
	size := int64(n)
	if cut := w.fault.CutAfter; cut > 0 {
		size = min(size, cut-w.written)
	}
	if after := w.fault.HoldAfter; after > 0 && !w.held {
		size = min(size, max(after-w.written, 1))
	}
	if rate := w.fault.BytesPerSecond; rate > 0 {
		size = min(size, max(rate/20, 1))
	}
	return int(size)
}

// afterChunk applies the fault to the position reached in the body.
func (w *responseWriter) afterChunk() {
	if after := w.fault.HoldAfter; after > 0 && !w.held && w.written >= after {
		w.held = true
		w.flush()
		if w.fault.Hold != nil {
			w.waitFor(w.fault.Hold)
		}
	}
	if rate := w.fault.BytesPerSecond; rate > 0 {
		w.flush()
		w.sleep(time.Second / 20)
	}
	if cut := w.fault.CutAfter; cut > 0 && w.written >= cut {
		w.flush()
		panic(http.ErrAbortHandler)
	}
}

// finish ends a complete response. With CutAfter it cuts the connection even if the body was shorter.
func (w *responseWriter) finish() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.fault.CutAfter > 0 {
		w.flush()
		panic(http.ErrAbortHandler)
	}
}

// waitFor waits until done is closed. It aborts the request if the client disconnects or the simulator
// stops first.
func (w *responseWriter) waitFor(done <-chan struct{}) {
	select {
	case <-done:
	case <-w.request.Context().Done():
		panic(http.ErrAbortHandler)
	case <-w.stopped:
		panic(http.ErrAbortHandler)
	}
}

// sleep is waitFor with a duration.
func (w *responseWriter) sleep(d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	w.waitFor(ctx.Done())
}

func (w *responseWriter) flush() {
	// The next write reports a client that has disconnected.
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// wholeSeconds formats d for a header: rounded up, and at least 1.
func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(max(int(math.Ceil(d.Seconds())), 1))
}
