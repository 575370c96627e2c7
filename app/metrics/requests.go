package metrics

import (
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func (m *Metrics) defineRequests() {
	m.requests = counter("http_requests_total", "Requests that have ended, by route class, method and class of the status.", "route", "method", "status")
	m.requestDuration = histogram("http_request_duration_seconds",
		"How long requests took, without realtime streams, which last as long as the client wants.",
		[]float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}, "route")
	m.inFlight = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "http_requests_in_flight", Help: "Requests that have not ended, including realtime streams.",
	})
	m.registry.MustRegister(m.requests, m.requestDuration, m.inFlight)
}

// Route is the class of a request. Its names come from a fixed list.
type Route struct {
	Name     string
	IsStream bool // lasts as long as the client wants
}

// Measure wraps a handler and counts its requests by what classify returns.
func (m *Metrics) Measure(classify func(*http.Request) Route, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route, method := classify(r), methodLabel(r.Method) // the handler may change the request
		began := time.Now()
		m.inFlight.Inc()
		response := &recorder{ResponseWriter: w}
		defer func() { // also if the handler panics, with which net/http closes the connection
			m.inFlight.Dec()
			m.requests.WithLabelValues(route.Name, method, statusLabel(response.status)).Inc()
			if !route.IsStream {
				m.requestDuration.WithLabelValues(route.Name).Observe(time.Since(began).Seconds())
			}
		}()
		next.ServeHTTP(response, r)
	})
}

// methodLabel returns a method that requests to this server have; clients may invent others.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func statusLabel(status int) string {
	switch status / 100 {
	case 1:
		return "1xx"
	case 0, 2: // a handler that writes nothing responds with 200
		return "2xx"
	case 3:
		return "3xx"
	case 4:
		return "4xx"
	}
	return "5xx"
}

// recorder notes the status of a response.
type recorder struct {
	http.ResponseWriter
	status int // 0 before the header is written
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status < 200 { // others may follow an informational status
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// ReadFrom implements io.ReaderFrom, so that files are still sent without a copy in memory.
func (r *recorder) ReadFrom(from io.Reader) (int64, error) { return io.Copy(r.ResponseWriter, from) }

// Flush implements http.Flusher.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the writer of the server.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
